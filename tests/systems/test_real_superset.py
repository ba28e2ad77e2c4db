"""A real Superset 6.1 draws the dashboard in each role: its charts get what the role's login reads by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from scripts.services.superset import Bundle, Superset, read_bundle
from tests.conftest import Incentives

pytestmark = pytest.mark.systems
PAY = {"people_paid", "payouts_by_team", "held_by_reason"}
SCORECARDS = {"average_score", "scores_by_department", "scorecard_list", "grades"}
LEADS_AND_SOURCES = {"valid_leads", "lead_funnel", "assistant_sources", "near_certain_share"}
EVERYTHING = set(read_bundle().charts)
CHARTS = {
    "hr": EVERYTHING,
    "auditor": EVERYTHING,
    "analyst": EVERYTHING - PAY,
    "manager": EVERYTHING - PAY - LEADS_AND_SOURCES,
    "employee": EVERYTHING - LEADS_AND_SOURCES,
    "payroll": PAY,
}


@dataclass(frozen=True)
class Drawn:
    """What Superset imported for a login."""

    url: str = field(repr=False)
    bundle: Bundle = field(repr=False)


@pytest.fixture(scope="module")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    with Superset(home=tmp_path_factory.mktemp("superset")) as running:
        yield running


@pytest.fixture(scope="module")
def drawn(superset: Superset, demo_home: Path, incentives: Incentives) -> Iterator[dict[str, Drawn]]:
    """By role."""
    result = incentives(demo_home, "serve", "--json")
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    passwords = json.loads(Path(said["passwords"]).read_text(encoding="utf-8"))
    made = {}
    for login in said["logins"]:
        url = f"postgresql://{login['login']}:{passwords[login['login']]}@{said['address']}"
        made[login["role"]] = Drawn(url, superset.import_for(login["role"], url, read_bundle()))
    yield made
    assert incentives(demo_home, "serve", "--stop").returncode == 0


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode()).fetchall()


@pytest.mark.parametrize("role", list(CHARTS))
def test_a_role_has_the_charts_it_may_read_and_each_has_rows(
    superset: Superset, drawn: dict[str, Drawn], role: str
) -> None:
    charts = drawn[role].bundle.charts
    assert set(charts) == CHARTS[role]
    # one person may hold no line, receive no customer; the employee with a login sells, and sellers have no scorecard
    may_be_empty = {"held_by_reason", "transfer_rate"} if role in {"employee", "manager"} else set()
    may_be_empty |= SCORECARDS if role == "employee" else set()
    empty = {name for name, chart in charts.items() if not superset.rows_of(chart)}
    assert empty <= may_be_empty


def test_figures_are_those_of_the_marts(superset: Superset, drawn: dict[str, Drawn]) -> None:
    hr = drawn["hr"]
    rows = superset.rows_of(hr.bundle.charts["payouts_by_team"])
    paid = sum(row["payable"] for row in rows if row["currency"] == "CNY")
    query = "select sum(payable) from payroll.fct_payouts where currency = 'CNY'"
    assert round(paid, 2) == float(ask(hr.url, query)[0][0])
    funnel = {row["stage"]: row["leads"] for row in superset.rows_of(hr.bundle.charts["lead_funnel"])}
    assert [(funnel["1 Lead came in"], funnel["2 Lead is valid"])] == ask(
        hr.url, "select count(*), count(*) filter (where is_valid) from mart.fct_lead_validity"
    )
    assert funnel["2 Lead is valid"] > funnel["3 Customer signed"] >= funnel["4 Deal is credited"] > 0


@pytest.mark.parametrize("role", ["manager", "employee", "analyst"])
def test_rows_are_those_of_the_role(superset: Superset, drawn: dict[str, Drawn], role: str) -> None:
    one = drawn[role]
    rows = superset.rows_of(one.bundle.charts["scorecard_list"])
    query = "select employee_id, count(*) from mart.fct_scorecards where total_score is not null group by 1"
    seen = dict(ask(one.url, query))
    found: dict[str, int] = {}
    for row in rows:
        found[row["employee_id"]] = found.get(row["employee_id"], 0) + 1
    assert found == seen
    assert bool(seen) == (role != "employee"), "the employee with a login sells: no scorecard"


def test_the_dashboard_of_an_analyst_shows_no_error(
    superset: Superset, drawn: dict[str, Drawn], tmp_path: Path
) -> None:
    superset.screenshot(drawn["analyst"].bundle.dashboard["slug"], tmp_path / "analyst.png")
    picture = (tmp_path / "analyst.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 50_000
