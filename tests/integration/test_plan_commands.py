"""``plan diff``, ``plan simulate`` and ``plan explain`` on the demo company, through the real command line."""

from __future__ import annotations

import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import Incentives

IN_FORCE = ("--plans", "plans", "--plans", "demo/plans")
PLAN = "plans/marketing_sales_2026.yml"


@pytest.fixture(scope="module")
def home(demo_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own with a copy of the demo warehouse."""
    folder = tmp_path_factory.mktemp("plans")
    shutil.copyfile(demo_warehouse, folder / "warehouse.duckdb")
    return folder


def differing(document: dict[str, Any], cut: str, name: str) -> set[str]:
    changed = [one for one in document[cut] if Decimal(one["difference"]) or Decimal(one["held_difference"])]
    return {one[name] for one in changed}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_equal_plans_give_zero_differences_without_computing(incentives: Incentives, home: Path) -> None:
    limits = ("--limit-total", "0", "--limit-person", "0")
    result = incentives(
        home, "plan", "diff", PLAN, PLAN, *IN_FORCE, "--periods", "2026-01..2026-06", *limits, "--json"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    document = json.loads(result.stdout)
    assert (document["changed_plans"], document["migrations"], document["limits_exceeded"]) == ([], [], [])
    assert document["person_periods"]
    assert differing(document, "person_periods", "employee_id") == set()
    assert result.stderr.count("the figures are there already") == 2


@pytest.mark.slow
def test_a_raised_rate_raises_only_what_rests_on_it(incentives: Incentives, home: Path) -> None:
    before = digest(home / "warehouse.duckdb")
    change = ("--set", "components.closing.rates.marketing=0.03", "--limit-person", "0", "--limit-total", "1")
    result = incentives(
        home, "plan", "simulate", PLAN, *change, *IN_FORCE, "--periods", "2026-01..2026-03", "--json"
    )
    assert result.returncode == 1, result.stdout + result.stderr
    document = json.loads(result.stdout)
    assert [plan["plan_id"] for plan in document["changed_plans"]] == ["marketing_sales_2026"]
    # growth bonuses are paid on commission
    assert differing(document, "components", "component") == {"closing", "growth_bonus", "team_growth"}
    assert all(Decimal(one["difference"]) >= 0 for one in document["components"])
    assert document["limits_exceeded"][0].startswith("the total changes by CNY +")
    sellers = differing(document, "persons", "employee_id")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        query = (
            "select distinct employee_id from marts.dim_employee where department in ('sales', 'marketing')"
        )
        assert sellers <= {row[0] for row in connection.execute(query).fetchall()}
    assert sellers
    assert digest(home / "warehouse.duckdb") == before
    assert not (home / "trial" / "warehouse.duckdb").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["simulate", PLAN, "--set", "components.closing.rates.marketing=2", "--periods", "2026-01"],
            "rates.marketing",
        ),
        (["simulate", "no_such_plan", "--periods", "2026-01"], "no configured plan has this id"),
        (["diff", PLAN, PLAN, "--periods", "2031-01"], "cannot be compared; closed months are 2024-11 to"),
        (["diff", PLAN, PLAN, "--periods", "2026-01", "--limit-total", "many"], "is no amount"),
        (["diff", "plans/none.yml", PLAN, "--periods", "2026-01"], "there is no such plan file"),
    ],
)
def test_bad_input_ends_with_status_2_and_says_what_to_do(
    incentives: Incentives, home: Path, words: list[str], said: str
) -> None:
    result = incentives(home, "plan", *words, *IN_FORCE)
    assert result.returncode == 2, result.stdout + result.stderr
    assert said in result.stderr


def test_a_month_is_explained_with_its_plans_inputs_lines_and_holds(
    incentives: Incentives, home: Path
) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        query = (
            "select employee_id, period from marts.fct_payout_lines where status = 'held' and reason = 'process' "
            "order by period, employee_id limit 1"
        )
        employee, period = connection.execute(query).fetchall()[0]
    result = incentives(home, "plan", "explain", employee, period, "--lang", "en", "--json")
    assert result.returncode == 0, result.stdout + result.stderr
    document = json.loads(result.stdout)
    components = {one["component_id"]: one for one in document["components"]}
    origination = components["origination"]
    assert origination["about"].startswith("marketing ")
    assert origination["inputs"]["credits"]
    assert any(hold["reason"] == "process" for line in origination["lines"] for hold in line["holds"])
    assert components["process_bonus"]["inputs"]["visits"][0]["is_reached"] == "false"
    gross = sum(
        Decimal(line["line"]["amount"])
        for one in document["components"]
        for line in one["lines"]
        if line["line"]["component"] != "adjustment" and line["line"]["status"] != "forfeited"
    )
    assert gross == sum(Decimal(row["gross"]) for row in document["payouts"])


def test_a_month_is_explained_in_chinese_on_the_terminal(incentives: Incentives, home: Path) -> None:
    result = incentives(home, "plan", "explain", "E0001", "2026-02")
    assert result.returncode == 0, result.stdout + result.stderr
    for said in ("适用方案", "获客提成", "本期合计"):
        assert said in result.stdout
