"""Golden cases explained: amounts come out again from what ``explain --json`` says, in every mode of a component.

Belongs here: modes that the made-up company has no line of (floors, quotas, whole and interpolated tables), and rows
that a line names in them. Does not belong here: random lines of the company (``test_explained_lines``).
"""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from compensation.loader import load_plans
from orchestration.cli.console.output import plain
from serving import explain_line
from tests.reference.golden import cases, company_of
from tests.support.recomputed import recomputed
from tests.support.warehouse import Warehouse

WANTED = (
    "dim_employee", "dim_plan", "dim_plan_component", "dim_plan_version", "fct_attribution", "fct_component_days",
    "fct_contribution", "fct_credits", "fct_deal_sources", "fct_growth", "fct_kpi_values", "fct_measures",
    "fct_payout_lines", "fct_points", "fct_process_bonus", "fct_provenance", "fct_scorecard_items", "fct_scorecards",
    "fct_task_results", "fct_tier_steps", "fct_transfers",
)  # fmt: skip
#: every case computes the whole lineage, so that only those with a mode of their own are taken
NAMES = (
    "pay_",
    "credit_collaboration_awards",
    "credit_foreign_currency",
    "credit_flat_linear_split",
    "scorecard_violations",
)
#: component type and what makes the mode, as the lines of the cases have to show them
MODES = {
    "flat", "marginal", "whole", "interpolated", "quota", "floor", "carried cap", "joint award", "points",
    "process_bonus", "task", "growth_bonus", "team_growth", "contribution", "draw", "scorecard",
}  # fmt: skip


@pytest.fixture(scope="module")
def computed() -> Iterator[Any]:
    """A function from a case to its database."""
    warehouse = Warehouse()
    with tempfile.TemporaryDirectory() as folder:

        @functools.cache
        def database(case: Path) -> Path:
            warehouse.compute(company_of(case), load_plans([case / "plans"]), WANTED)
            path = Path(folder, f"{case.name}.duckdb")
            warehouse.connection.execute(f"attach '{path}' as explained")
            warehouse.connection.execute("copy from database memory to explained")
            warehouse.connection.execute("detach explained")
            return path

        yield database
    warehouse.connection.close()


def explained_lines(computed: Any, case: Path) -> Iterator[dict[str, Any]]:
    import duckdb

    database = computed(case)
    with duckdb.connect(str(database), read_only=True) as connection:
        ids = connection.execute(
            "select line_id from marts.fct_payout_lines where amount <> 0 order by line_id"
        ).fetchall()
    for (line_id,) in ids:
        yield json.loads(json.dumps(plain(explain_line(database, line_id).as_dict())))


def mode_of(explained: dict[str, Any]) -> str:
    """What kind of computation a line shows."""
    definition, line = explained["component"]["definition"], explained["line"]
    if line["component"] == "cap":
        return (
            "floor"
            if line["reason"] == "floor"
            else f"{definition['cap']['excess']} cap".replace("carry", "carried")
        )
    if definition["type"] == "collaboration":
        return "joint award"
    if definition["type"] == "commission":
        if not explained["inputs"].get("tier_steps"):
            return "flat"
        table = definition["rate_table"]
        return "quota" if table["unit"] == "quota_pct" else str(table["mode"])
    return str(definition["type"])


@pytest.fixture(scope="module")
def seen() -> set[str]:
    return set()


@pytest.mark.parametrize("case", cases(*NAMES), ids=lambda case: str(case.name))
def test_the_amounts_come_out_again(computed: Any, seen: set[str], case: Path) -> None:
    wrong = {}
    for explained in explained_lines(computed, case):
        line, amount = explained["line"], Decimal(explained["line"]["amount"])
        if line["reason"] == "no_plan":
            continue
        seen.add(mode_of(explained))
        if recomputed(explained) != amount:
            wrong[line["line_id"]] = (line, recomputed(explained))
    assert wrong == {}


def test_every_mode_was_among_them(seen: set[str]) -> None:
    assert MODES - seen == set()


def _sources(computed: Any, name: str, component: str) -> dict[str, set[str]]:
    """Records of some tables by deal, as the lines of a component name them."""
    case = next(iter(cases(name)))
    return {
        one["line"]["deal_id"]: {f"{row['source_table']} {row['record_id']}" for row in one["sources"]}
        for one in explained_lines(computed, case)
        if one["line"]["component"] == component
    }


def test_a_converted_line_names_the_rate_of_its_day(computed: Any) -> None:
    found = _sources(computed, "credit_foreign_currency", "closing")
    rates = {deal: {key for key in keys if key.startswith("fx_rates")} for deal, keys in found.items()}
    assert rates == {"D1": {"fx_rates USD|2026-01-01"}, "D2": {"fx_rates USD|2026-01-05"}, "D3": set()}


def test_a_joint_award_names_the_activities_that_earned_it(computed: Any) -> None:
    found = _sources(computed, "credit_collaboration_awards", "collaboration")
    contacts = {deal: {key for key in keys if key.startswith("activities")} for deal, keys in found.items()}
    assert contacts == {"D1": {"activities A1", "activities A2"}, "D2": set(), "D4": set()}
