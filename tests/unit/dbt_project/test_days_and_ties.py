"""First and last days of plans, teams and owners, equal moments, and pay that has no rate yet.

Belongs here: days on which one thing ends and the next begins, and what decides between equals; on both sides.
Does not belong here: boundaries of one rule (``test_boundaries``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.reference.builders import (
    CLOSING,
    ORIGINATION,
    Builder,
    amounts,
    at,
    commission,
    lines_of,
    plan,
    tabled,
)
from tests.reference.calculate import Marts, calculate
from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all
from tests.support.pipeline import pipeline, pipeline_all

D = Decimal
Compute = Callable[[Company], Marts]


@pytest.fixture(params=[calculate, pipeline], ids=["reference", "pipeline"])
def compute(request: pytest.FixtureRequest) -> Compute:
    """Either side."""
    found: Compute = request.param
    return found


def _company() -> Company:
    """Two plans, the second from 1 July on; teams that change; leads at one instant; an unowned deal in dollars."""
    crediting = {"deal_source": {"protection_days": 20}, "lead_validity": {"dedupe_days": 10}}
    first = plan(CLOSING, ORIGINATION, plan_id="first", valid_to=date(2026, 7, 1), crediting=crediting)
    second = plan(
        commission("closing", {"self_sourced": "0.06"}),
        ORIGINATION,
        plan_id="second",
        valid_from=date(2026, 7, 1),
        crediting={"transfers": {"counted_share": "1", "remainder_to": "giver"}},
    )
    b = Builder(first, second, as_of="2026-07-31T23:00")
    b.deal(b.employee("day", "sales"), "1000", "2026-07-01T00:00")
    b.deal("unknown@example.com", "1000", "2026-07-01T00:00")
    _in_teams(b, "joined", date(2026, 3, 1))
    b.deal("joined", "500", "2026-03-01T00:00")
    _in_teams(b, "changed", date(2026, 3, 31))
    b.activity("changed", b.customer(owner_employee_id="changed"), "2026-03-05")
    moved = b.customer(owner_employee_id="joined", updated_at=at("2026-03-20"))
    b.transfer(moved, "changed", "joined", "2026-02-10")
    _in_teams(b, "marketer", date(2026, 3, 1), "marketing")
    b.lead(b.customer(), "marketer", "2026-03-01T00:00")
    customer = b.customer()
    b.lead(customer, b.employee("M3", "marketing"), "2026-03-01", lead_id="L0")
    b.lead(customer, b.employee("M1", "marketing"), "2026-04-05T12:00", lead_id="L2")
    b.lead(customer, b.employee("M2", "marketing"), "2026-04-05T12:00", lead_id="L1")
    b.deal("day", "1000", "2026-04-10", customer)
    _touches_of_two_hours(b)
    b.employee("left", "sales")
    for department, start, end in (
        ("sales", date(2024, 1, 1), date(2026, 3, 10)),
        ("none", date(2026, 3, 10), None),
    ):
        row = {"employee_id": "left", "department": department, "valid_from": start, "valid_to": end}
        b.company.employee_assignments.append(row)
    b.deal("left", "1000", "2026-03-10", deal_id="unplanned")
    _archives(b)
    b.employee("gone", termination_date=date(2026, 2, 28))
    customer = b.customer()
    b.transfer(customer, "gone", "joined", "2026-07-02")
    b.deal("joined", "100", "2026-07-05", customer)
    return b.company


def _archives(b: Builder) -> None:
    """A complete archive, and one each without one of the fields a plan asks for by default."""
    b.employee("archivist")
    fields = ("name", "customer_type", "phone", "contact_name", "preference")
    for number, missing in enumerate((None, *fields)):
        filled = dict.fromkeys(fields, f"filled {number}") | {"phone": f"1380013800{number}"}
        b.customer(**{**filled, "owner_employee_id": "archivist", **({missing: " "} if missing else {})})


def _touches_of_two_hours(b: Builder) -> None:
    """Two deals with touches of M1 at 12, M2 at 13, M1 again at 15 and M3 at 16 o'clock."""
    for number in (1, 2):
        customer = b.customer()
        for hour, owner in ((15, "M1"), (16, "M3"), (13, "M2"), (12, "M1")):
            b.lead(customer, owner, f"2026-06-05T{hour}:00", lead_id=f"H{number}{30 - hour}")
        b.deal("day", "1000", "2026-06-10", customer, deal_id=f"hours_{number}")


def _in_teams(b: Builder, employee_id: str, day: date, department: str = "sales") -> None:
    """Someone of team `before`, and of team `after` from a day on."""
    b.employee(employee_id, department)
    for team, first, last in (("before", date(2024, 1, 1), day), ("after", day, None)):
        row = {"employee_id": employee_id, "department": department, "team_id": f"{employee_id}_{team}"}
        b.company.employee_assignments.append(row | {"valid_from": first, "valid_to": last})


@pytest.fixture(scope="module", params=[calculate_all, pipeline_all], ids=["reference", "pipeline"])
def marts(request: pytest.FixtureRequest) -> Marts:
    """What either side computes of the company."""
    found: Marts = request.param(_company())
    return found


@pytest.mark.parametrize("employee_id", ["day", "UNRESOLVED"])
def test_a_deal_on_the_first_day_of_a_plan_is_paid_once_and_by_it(marts: Marts, employee_id: str) -> None:
    lines = lines_of(marts, employee_id=employee_id, period="2026-07")
    assert [(line["plan_id"], line["amount"]) for line in lines] == [("second", 60)]


def _team_values(marts: Marts, measure: str, team: str) -> dict[str, Decimal]:
    rows = [row for row in marts["fct_measures"] if row["period"] == "2026-03" and row["measure"] == measure]
    return {row["employee_id"]: row["value"] for row in rows if row["employee_id"].startswith(f"team:{team}")}


@pytest.mark.parametrize(("measure", "value"), [("sales_amount", 500), ("new_customers", 1)])
def test_a_deal_on_the_first_day_in_a_team_is_the_teams(marts: Marts, measure: str, value: int) -> None:
    assert _team_values(marts, measure, "joined").get("team:joined_after") == value
    assert _team_values(marts, measure, "joined").get("team:joined_before", 0) == 0


def test_a_lead_on_the_first_day_in_a_team_is_the_teams(marts: Marts) -> None:
    values = _team_values(marts, "valid_leads", "marketer")
    assert (values.get("team:marketer_before", 0), values["team:marketer_after"]) == (0, 1)


def test_the_team_of_the_last_day_of_a_month_maintains_its_customers(marts: Marts) -> None:
    values = _team_values(marts, "customers_maintained", "changed")
    assert (values.get("team:changed_before", 0), values["team:changed_after"]) == (0, 1)


def test_of_two_leads_at_one_instant_the_smaller_id_is_first(marts: Marts) -> None:
    """The lead of M3 is older than the policy of the day protects."""
    rows = [row for row in marts["fct_attribution"] if row["share"] == 1 and "hours" not in row["deal_id"]]
    found = {row["model"]: row["employee_id"] for row in rows}
    assert (found["first"], found["last"]) == ("M2", "M1")
    assert amounts(marts, component="origination", period="2026-04") == [40]


@pytest.mark.parametrize("deal_id", ["hours_1", "hours_2"])
def test_an_owners_touch_of_a_day_is_the_earliest_of_it(marts: Marts, deal_id: str) -> None:
    """M1 at 12, M2 at 13 and M3 at 16 o'clock; three thirds of each deal, the odd millionth for the smallest id."""
    rows = [row for row in marts["fct_attribution"] if row["deal_id"] == deal_id]
    found = {(row["model"], row["employee_id"]): row["share"] for row in rows}
    assert (found["first", "M1"], found["last", "M3"]) == (1, 1)
    linear = [found["linear", employee_id] for employee_id in ("M1", "M2", "M3")]
    assert linear == [D("0.333334"), D("0.333333"), D("0.333333")]


def test_a_deal_on_the_first_day_in_a_department_without_a_plan_is_held(marts: Marts) -> None:
    lines = lines_of(marts, deal_id="unplanned")
    assert [(line["status"], line["reason"], line["amount"]) for line in lines] == [("held", "no_plan", 0)]


def test_an_archive_without_one_of_the_fields_is_not_complete(marts: Marts) -> None:
    """One of six."""
    rows = [row for row in marts["fct_kpi_values"] if row["kpi_id"] == "archive_coverage"]
    found = {row["employee_id"]: row["value"] for row in rows if row["period"] == "2026-03"}
    assert found["archivist"] == D("0.166667")


def test_a_giver_who_keeps_nothing_of_a_deal_has_no_measures_of_it(marts: Marts) -> None:
    assert [
        row for row in marts["fct_measures"] if (row["employee_id"], row["period"]) == ("gone", "2026-07")
    ] == []


def test_an_unowned_deal_without_a_rate_of_exchange_shows_the_first_tier(compute: Compute) -> None:
    """1,000 at 1 %: what is at stake until the owner and the rate are known."""
    b = Builder(plan(tabled("month")))
    b.employee("S1")
    b.deal("unknown@example.com", "1000", "2026-03-05", currency="USD")
    lines = lines_of(compute(b.company))
    assert [(line["employee_id"], line["status"], line["amount"]) for line in lines] == [
        ("UNRESOLVED", "held", 10)
    ]


def test_a_channel_that_comes_twice_on_a_path_is_one_channel(compute: Compute) -> None:
    """Of 40.00 two touches of M1 on `a` and one of M2 on `b`, which weigh the same: 26.67 and 13.33."""
    crediting = {"attribution": {"model": "shapley"}}
    b = Builder(plan(ORIGINATION, crediting=crediting), as_of="2026-02-28T23:00")
    for employee_id in ("M1", "M2"):
        b.employee(employee_id, "marketing")
    b.employee("S1")
    for month, amount in (("2026-01", "100"), ("2026-02", "1000")):
        customer = b.customer()
        for day, owner, channel in (("03", "M1", "a"), ("05", "M1", "a"), ("07", "M2", "b")):
            b.lead(customer, owner, f"{month}-{day}", channel=channel)
        b.deal("S1", amount, f"{month}-10", customer)
    lines = lines_of(compute(b.company), period="2026-02")
    assert sorted((line["employee_id"], line["amount"]) for line in lines) == [
        ("M1", D("26.67")),
        ("M2", D("13.33")),
    ]


def test_an_update_of_the_archive_is_that_of_the_owner_in_its_month(marts: Marts) -> None:
    """The former owner has another customer, whose record is as it was."""
    rows = [row for row in marts["fct_kpi_values"] if row["kpi_id"] == "archive_update_rate"]
    found = {row["employee_id"]: row["value"] for row in rows if row["period"] == "2026-03"}
    assert (found["joined"], found["changed"]) == (1, 0)
