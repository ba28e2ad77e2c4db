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

.PHONY: help browser setup run run-files run-crm run-spark dev superset test test-long test-faults test-kills test-spark test-systems test-serving bi-clients mutants lint \
	format schema docs bench clean

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## Make the environment in .venv from requirements.lock (Python 3.11 to 3.13 and pip)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 on the PATH: install one and run make again." >&2; exit 2; }
	@echo "Installing into $(VENV) with $$($(PYTHON) --version); this is done once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "Parsing the dbt project; done again when one of its files changes."
	@$(BIN)/python -m orchestration.transformation.manifest
	@touch $(STAMP)

run: setup ## First run: a made-up company, extracted from its five systems on loopback and from files, paid, published
	$(BIN)/incentives demo var/demo --systems -- \
		$(BIN)/incentives run --delivery var/demo/files --plans plans --plans demo/plans

run-files: setup ## The same company from files alone, in a home of its own (var/files)
	$(BIN)/incentives demo var/files/demo
	INCENTIVES_HOME=var/files $(BIN)/incentives run --delivery var/files/demo --plans plans --plans demo/plans

run-crm: setup ## The same on a real CRM export, in a home of its own (var/crm)
	INCENTIVES_HOME=var/crm $(BIN)/incentives run --delivery $(CRM) \
		--mapping connectors/files/mappings/crm_sales_opportunities.yml --plans plans

run-spark: run-files ## The same on a small Spark cluster of this machine (var/spark), compared with run-files cell by cell: minutes
	scripts/install_spark.sh
	$(BIN)/incentives demo var/spark/demo
	INCENTIVES_HOME=var/spark $(BIN)/python -m scripts.services.spark.cluster \
		$(BIN)/incentives run --delivery var/spark/demo --plans plans --plans demo/plans
	$(BIN)/python -m scripts.services.spark.comparison var/spark var/files

dev: setup ## Open the Dagster UI on http://127.0.0.1:3000
	DAGSTER_HOME="$$($(BIN)/python -m orchestration.runs.dagster_instance)" \
		$(BIN)/dg dev --host 127.0.0.1

browser: ## Install Chromium and a Chinese font: PDF reports and their tests
	scripts/install_chromium.sh

superset: setup ## Apache Superset with the dashboard of bi/superset for each login of incentives serve (SCREENSHOT, ONCE=1)
	scripts/install_chromium.sh driver
	$(BIN)/python -m scripts.services.superset --screenshot $${SCREENSHOT:-var/superset.png} $(if $(ONCE),--once)

test: setup ## All tests
	$(BIN)/pytest

test-long: setup ## Random companies against the reference, minutes to hours (INCENTIVES_PROPERTIES=quick|ci|long)
	INCENTIVES_PROPERTIES=$${INCENTIVES_PROPERTIES:-ci} $(BIN)/pytest -rP -m long tests/property

test-kills: setup ## Calculate, approve, lock, export and the ledger killed at 200 random moments (INCENTIVES_KILLS)
	INCENTIVES_KILLS=$${INCENTIVES_KILLS:-200} $(BIN)/pytest -n 0 -rP tests/unit/orchestration/books/test_killed_in_the_middle.py \
		tests/unit/ledger/test_ledger_store.py -k "kill or at_once"

test-faults: setup ## 500 random schedules of faults before every simulated system (INCENTIVES_FAULTS), up to an hour
	INCENTIVES_FAULTS=$${INCENTIVES_FAULTS:-500} $(BIN)/pytest --dist load -m long tests/property/test_faults_on_the_way.py

test-systems: setup ## Tests against real systems (Tryton 8.2 on PostgreSQL, Superset 6.1), installed in var/services at first: minutes
	scripts/install_chromium.sh driver
	scripts/install_java.sh
	$(BIN)/pytest -n 0 -m systems tests/systems

test-spark: setup ## Every model on Spark and on DuckDB, compared cell by cell; runs, faults, thrift; Spark and Java are installed at first
	scripts/install_spark.sh
	$(BIN)/pytest -n 0 -m spark tests/spark

test-serving: setup ## 300 readers over 20 publications, a publisher killed at 50 moments (INCENTIVES_READERS, _PUBLICATIONS, _KILLS)
	INCENTIVES_READERS=$${INCENTIVES_READERS:-300} INCENTIVES_PUBLICATIONS=$${INCENTIVES_PUBLICATIONS:-20} \
		INCENTIVES_KILLS=$${INCENTIVES_KILLS:-50} $(BIN)/pytest -n 0 -s tests/integration/test_serving_under_way.py

bi-clients: setup ## psql, JDBC, SQLAlchemy and pandas read the serving database in each role (installs a JDK and the driver)
	scripts/install_java.sh
	$(BIN)/pytest -n 0 -m "systems or not systems" tests/integration/test_serving_clients.py tests/systems/test_jdbc.py

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
