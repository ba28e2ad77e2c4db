# Everything a developer does, by name. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# the first Python on this machine that is in range; a shim that answers with an error does not count
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))' 2>/dev/null && { echo $$p; break; }; done)
SHARED ?= ../shared
# compiled Python is kept, whatever the shell says: every command and test would compile the code again
export PYTHONDONTWRITEBYTECODE :=
CRM := $(SHARED)/data/crm_sales_opportunities

.PHONY: help browser setup run run-crm dev test test-long mutants lint format schema bench clean

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

setup: $(STAMP) ## Make the environment in .venv from requirements.lock (Python 3.11 to 3.13 and pip)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 on the PATH: install one and run make again." >&2; exit 2; }
	@echo "Installing into $(VENV) with $$($(PYTHON) --version); this is done once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Parsing the dbt project; done again when one of its files changes."
	@$(BIN)/python -m orchestration.transformation.manifest
	@touch $(STAMP)

run: setup ## First run: make a company up, land, compute, check, publish, summary
	$(BIN)/incentives demo var/demo
	$(BIN)/incentives run --delivery var/demo --plans plans --plans demo/plans

run-crm: setup ## The same on a real CRM export, in a home of its own (var/crm)
	INCENTIVES_HOME=var/crm $(BIN)/incentives run --delivery $(CRM) \
		--mapping connectors/files/mappings/crm_sales_opportunities.yml --plans plans

dev: setup ## Open the Dagster UI on http://127.0.0.1:3000
	DAGSTER_HOME="$$($(BIN)/python -m orchestration.runs.dagster_instance)" \
		$(BIN)/dg dev --host 127.0.0.1

browser: ## Install Chromium and a Chinese font: PDF reports and their tests
	scripts/install_chromium.sh

test: setup ## All tests
	$(BIN)/pytest

test-long: setup ## Random companies against the reference, minutes to hours (INCENTIVES_PROPERTIES=quick|ci|long)
	INCENTIVES_PROPERTIES=$${INCENTIVES_PROPERTIES:-ci} $(BIN)/pytest -m long tests/property

mutants: setup ## Change one thing at a time in the models that pay, report what no test notices (SEED, COUNT; takes an hour)
	$(BIN)/python -m tests.mutation --seed $${SEED:-1} --count $${COUNT:-250}

lint: setup ## Every linter; the first that fails is named
	.ci/lint

format: setup ## Put Python into its form and mend what can be mended
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

schema: setup ## Write plans/schema.json for editors
	$(BIN)/incentives plan schema

docs: setup ## Write docs/plans.md, docs/marts.md and plans/schema.json; build the dbt documentation in var/dbt_docs
	$(BIN)/python -m scripts.make_docs
	DBT_TARGET_PATH=$(CURDIR)/var/dbt_docs DBT_LOG_PATH=$(CURDIR)/var/dbt_docs $(BIN)/incentives-dbt --quiet docs generate \
		--empty-catalog --static --project-dir dbt_project --profiles-dir dbt_project

bench: setup ## Measure the speed of the computation (benchmarks/README.md)
	$(BIN)/python -m benchmarks

clean: ## Remove everything that runs have made (var), not the environment
	rm -rf var dist build .pytest_cache .mypy_cache .ruff_cache dbt_project/target dbt_project/logs
