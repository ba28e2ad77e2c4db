"""The recipe "add a KPI" of the README, followed once in a copy of the project.

    adding_a_kpi/*.sql, *.yml ─┐
    catalogue entry ───────────┼─▶ copy of dbt_project and plans ─▶ dbt ─▶ fct_kpi_values
    plan entry ────────────────┘                                       └─▶ the scorecards

Belongs here: that nothing but the files of the recipe is touched, and what dbt says when the list lacks the model.
Does not belong here: the figures of the shipped KPIs (unit tests beside the models, ``tests/property``).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from compensation.loader import load_plans
from compensation.tables.landing import land_plans
from connectors.files import DeliverySpec, import_delivery
from ledger.tables import load_books
from orchestration.transformation.manifest import dbt_executable

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = Path(__file__).with_name("adding_a_kpi")
PLAN = "marketing_scorecard_2026.yml"

CATALOGUE_ENTRY = """\
  - {id: calls_made, group: management, unit: count, name: {zh: 客户通话数, en: Calls made}}
"""


@dataclass(frozen=True)
class Copy:
    """A copy of the project with a warehouse of its own."""

    root: Path

    @property
    def project(self) -> Path:
        return self.root / "dbt_project"

    @property
    def catalogue(self) -> Path:
        return self.project / "models" / "intermediate" / "kpis" / "catalogue"

    @property
    def plans(self) -> Path:
        return self.root / "plans"

    @property
    def warehouse(self) -> Path:
        return self.root / "warehouse.duckdb"

    def dbt(self, *arguments: str) -> None:
        """Run dbt in the copy; what it says is the message when it fails."""
        result = self.try_dbt(*arguments)
        assert result.returncode == 0, result.stdout + result.stderr

    def try_dbt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run dbt in the copy."""
        variables = {"as_of": "2026-12-31 15:59:59", "timezone": "Asia/Shanghai"}
        command = [dbt_executable(), "--no-use-colors", *arguments]
        environment = os.environ | {
            "INCENTIVES_ENV": "ci",
            "INCENTIVES_WAREHOUSE": str(self.warehouse),
            "INCENTIVES_INTERMEDIATES": str(self.root / "intermediates.duckdb"),
            "DBT_TARGET_PATH": str(self.root / "target"),
            "DBT_LOG_PATH": str(self.root / "target"),
            "DBT_PROFILES_DIR": str(self.project),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        environment = {name: value for name, value in environment.items() if name != "INCENTIVES_AS_OF"}
        return subprocess.run(
            [*command, "--vars", json.dumps(variables)],
            cwd=self.project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def follow_the_recipe(copy: Copy) -> None:
    """Exactly the steps of the README: model with its line in the list, yml, catalogue entry, plan entry."""
    shutil.copy(FILES / "kpi_calls_made.sql", copy.catalogue)
    shutil.copy(FILES / "kpi_calls_made.yml", copy.catalogue)
    enter_into_list(copy.project / "macros" / "kpis" / "kpi_models.sql")
    with (copy.plans / "kpis.yml").open("a", encoding="utf-8") as catalogue:
        catalogue.write(CATALOGUE_ENTRY)
    enter_into_plan(copy.plans / PLAN)


def enter_into_list(path: Path) -> None:
    """Put the model into the list of KPI models."""
    before = "        'click_through_rate',\n"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, f"        'calls_made',\n{before}"), encoding="utf-8")


def enter_into_plan(path: Path) -> None:
    """Put the KPI on the scorecard; it takes half the weight of the last one of its group."""
    yaml = YAML(typ="safe", pure=True)
    plan = yaml.load(path)
    card = next(component for component in plan["components"] if component["type"] == "scorecard")
    last = [entry for entry in card["kpis"] if entry["group"] == "management"][-1]
    last["weight"] = last["weight"] / 2
    card["kpis"].append({"kpi": "calls_made", "group": "management", "weight": last["weight"], "target": 4})
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(plan, file)


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The copy after the recipe, built as far as the scorecards."""
    copy = Copy(tmp_path_factory.mktemp("adding_a_kpi"))
    leave_out = shutil.ignore_patterns("target", "logs", "__pycache__")
    shutil.copytree(REPOSITORY / "dbt_project", copy.project, ignore=leave_out)
    shutil.copytree(REPOSITORY / "plans", copy.plans)
    follow_the_recipe(copy)
    import_delivery(DeliverySpec(FILES / "delivery"), copy.warehouse, dlt_dir=copy.root / "dlt")
    land_plans(load_plans([copy.plans]), copy.warehouse)
    load_books(copy.warehouse, copy.root / "books", ())
    copy.dbt("run", "--select", "+fct_scorecards")
    return copy


@pytest.mark.slow
@pytest.mark.xdist_group("adding_a_kpi")
class TestAddingAKpi:
    def test_the_kpi_has_a_value_target_and_attainment(self, extended: Copy) -> None:
        found = extended.rows(
            "select employee_id, value, target, attainment, direction, plan_id from marts.fct_kpi_values"
            " where kpi_id = 'calls_made' and period = '2026-10' order by employee_id"
        )
        plan = PLAN.removesuffix(".yml")
        assert found == [
            ("E1", Decimal(3), Decimal(4), Decimal("0.75"), "higher", plan),
            ("E2", Decimal(0), Decimal(4), Decimal(0), "higher", plan),
        ]

    def test_the_kpi_is_scored_on_the_scorecard(self, extended: Copy) -> None:
        found = extended.rows(
            'select employee_id, plan_id, "group", attainment, score, status, is_counted'
            " from marts.fct_scorecard_items"
            " where kpi_id = 'calls_made' and period = '2026-10' order by employee_id"
        )
        plan = PLAN.removesuffix(".yml")
        assert found == [
            ("E1", plan, "management", Decimal("0.75"), Decimal(75), "scored", True),
            ("E2", plan, "management", Decimal(0), Decimal(0), "scored", True),
        ]

    def test_its_score_is_in_the_score_of_its_group(self, extended: Copy) -> None:
        found = extended.rows(
            "select cards.employee_id, cards.management_score,"
            " sum(items.weight * items.score) / sum(items.weight) as mean"
            " from marts.fct_scorecards as cards inner join marts.fct_scorecard_items as items"
            " using (employee_id, period, plan_id, component_id)"
            " where items.\"group\" = 'management' and items.is_counted and cards.period = '2026-10'"
            " group by all order by all"
        )
        assert [(who, float(score)) for who, score, _ in found] == [
            (who, pytest.approx(mean, abs=0.00005)) for who, _, mean in found
        ]
        assert {who for who, _, _ in found} == {"E1", "E2"}

    def test_the_month_ends_at_midnight_of_the_business_time_zone(self, extended: Copy) -> None:
        assert extended.rows(
            "select value from marts.fct_kpi_values"
            " where kpi_id = 'calls_made' and employee_id = 'E1' and period = '2026-09'"
        ) == [(Decimal(1),)]

    def test_all_other_kpis_are_still_there(self, extended: Copy) -> None:
        shipped = {path.stem.removeprefix("kpi_") for path in extended.catalogue.glob("kpi_*.sql")}
        found = {kpi_id for (kpi_id,) in extended.rows("select distinct kpi_id from marts.fct_kpi_values")}
        assert found == shipped - {"research_output"}  # it has rows only for schools

    def test_the_tests_beside_the_model_run(self, extended: Copy) -> None:
        extended.dbt("test", "--select", "kpi_calls_made")

    def test_a_model_that_is_not_in_the_list_stops_dbt(self, extended: Copy) -> None:
        shutil.copy(FILES / "kpi_calls_made.sql", extended.catalogue / "kpi_calls_forgotten.sql")
        result = extended.try_dbt("compile", "--select", "int_kpi_computed")
        (extended.catalogue / "kpi_calls_forgotten.sql").unlink()
        assert result.returncode != 0
        assert "kpi_calls_forgotten.sql is not computed: add 'calls_forgotten' to the list" in result.stdout
