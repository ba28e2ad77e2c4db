"""Lines that rest on rows of a customer, a team or earlier months: a row in quarantine raises none of them.

Belongs here: small companies, one a dependency, checked on both sides (reading 41; decision 0128). Does not belong
here: random companies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, Builder, at, plan
from tests.reference.calculate import Marts
from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all
from tests.reference.lines import UNREAD
from tests.support.pipeline import pipeline_all

D = Decimal
Row = dict[str, Any]
Both = Callable[[Company], Marts]
pytestmark = pytest.mark.every_run


@pytest.fixture(params=[calculate_all, pipeline_all], ids=["reference", "pipeline"])
def both(request: pytest.FixtureRequest) -> Both:
    """Either side."""
    found: Both = request.param
    return found


def company(kpi: str, target: str = "1", **more: Any) -> Builder:
    """S1 and S2, paid 1,000 a month by one KPI, from January to June; S3 sells and has no bonus."""
    entry = {"kpi": kpi, "group": "management", "weight": 100, "target": target, **more}
    weights = {"business": 0, "management": 100}
    fields = ["name", "contact_name"]
    card = {"type": "scorecard", "group_weights": weights, "archive_fields": fields, "kpis": [entry]}
    b = Builder(plan(card), as_of="2026-06-30T23:00")
    for employee in ("S1", "S2"):
        b.employee(employee, bonus_base=D(1000))
    b.deal(b.employee("S3", bonus_base=None), "10", "2026-01-05")  # what opens January
    return b


def bonus(
    marts: Marts, employee: str, component: str = "bonus_management"
) -> dict[str, tuple[Decimal, str | None]]:
    """Amount and reason of the bonus by month."""
    return {
        line["period"][5:]: (line["amount"], line["reason"])
        for line in marts["fct_payout_lines"]
        if line["employee_id"] == employee and line["component"] == component
    }


def held_months(both: Both, b: Builder, template: str, row: Row, component: str = "bonus_management") -> str:
    """Months whose bonus is held when a row is in quarantine; a bonus that is paid has not risen."""
    good = bonus(both(b.company), "S1", component)
    rows = [other for other in b.company.rows(template) if other is not row]
    left: dict[str, Any] = {template: rows, "quarantined": {template: [row]}}
    bad = bonus(both(replace(b.company, **left)), "S1", component)
    risen = {month: found for month, found in bad.items() if found[0] > good.get(month, (D(0),))[0]}
    assert risen, "without the row nothing would rise"
    assert all(UNREAD in (reason or "") for _, reason in risen.values()), risen
    return " ".join(month for month, (_, reason) in sorted(bad.items()) if reason == UNREAD)


def owners(b: Builder, **more: Any) -> tuple[str, str]:
    """Two customers of S1."""
    return b.customer("C1", owner_employee_id="S1", **more), b.customer("C2", owner_employee_id="S1")


def returning() -> tuple[Builder, Row]:
    """Of two customers that bought one came back; the only deal of the other is of February."""
    b = company("customer_return_rate")
    first, other = owners(b)
    for day in ("2026-01-06", "2026-01-07"):
        b.deal("S3", "10", day, first)
    b.deal("S3", "10", "2026-02-10", other)
    return b, b.company.deals[-1]


def test_a_deal_counts_in_the_return_rate_from_its_month_on(both: Both) -> None:
    b, row = returning()
    assert held_months(both, b, "deals", row) == "02 03 04 05 06"


def test_a_deal_says_nothing_of_customers_of_others(both: Both) -> None:
    b, row = returning()
    b.deal("S3", "10", "2026-01-06", b.customer(owner_employee_id="S2"))
    left = replace(
        b.company, deals=[x for x in b.company.deals if x is not row], quarantined={"deals": [row]}
    )
    assert {reason for _, reason in bonus(both(left), "S2").values()} == {None}


@pytest.mark.parametrize("kpi", ["archive_coverage", "customer_return_rate"])
def test_a_customer_record_is_missing_from_its_month_on(both: Both, kpi: str) -> None:
    """One of two customers counts; without the other it is all of them."""
    b = company(kpi)
    b.customer("C1", owner_employee_id="S1", contact_name="Wang")
    b.customer("C2", owner_employee_id="S1", created_at=at("2026-03-10"))
    for day, name in (("2026-01-06", "C1"), ("2026-01-07", "C1"), ("2026-03-11", "C2")):
        b.deal("S3", "10", day, name)
    assert held_months(both, b, "customers", b.company.customers[-1]) == "03 04 05 06"


def test_a_newer_version_of_a_record_counts_where_the_record_does(both: Both) -> None:
    """The newer version takes the contact away; the earlier one, which was accepted, would stay."""
    b = company("archive_coverage")
    b.customer("C1", owner_employee_id="S1", contact_name="Wang")
    newer = b.company.customers[-1] | {"contact_name": None}
    left = replace(b.company, quarantined={"customers": [newer]})
    found = bonus(both(left), "S1")
    assert {reason for _, reason in found.values()} == {UNREAD}


def test_an_audit_counts_to_the_owner_of_its_month(both: Both) -> None:
    b = company("archive_accuracy")
    owners(b)
    for number, (day, good) in enumerate([("2026-02-03", True), ("2026-03-03", True), ("2026-02-04", False)]):
        row = {"check_id": f"A{number}", "customer_id": "C1", "field": "name", "checked_at": at(day)}
        b.company.archive_checks.append(row | {"is_correct": good})
    assert held_months(both, b, "archive_checks", b.company.archive_checks[-1]) == "02 03"


def test_the_first_change_of_owner_says_whose_the_customer_was(both: Both) -> None:
    """C2, without a contact, came to S1 in March and is S2's in the record: without the change never S1's."""
    b = company("archive_coverage")
    b.customer("C1", owner_employee_id="S1", contact_name="Wang")
    b.customer("C2", owner_employee_id="S2")
    b.transfer("C2", "S2", "S1", "2026-03-10")
    assert held_months(both, b, "ownership_changes", b.company.ownership_changes[0]) == "01 02 03 04 05 06"


def test_a_later_change_of_owner_counts_from_its_month_on(both: Both) -> None:
    b = company("archive_coverage")
    b.customer("C1", owner_employee_id="S1", contact_name="Wang")
    b.customer("C2", owner_employee_id="S2")
    b.transfer("C2", "S3", "S2", "2026-01-10")
    b.transfer("C2", "S2", "S1", "2026-03-10")
    assert held_months(both, b, "ownership_changes", b.company.ownership_changes[-1]) == "03 04 05 06"


def advertising(kpi: str, target: str) -> Builder:
    """Two campaigns of S1, one day each in February: 1,000 shown, 10 clicks; then 1,000 shown, none."""
    b = company(kpi, target)
    for name, clicks in (("1", 10), ("2", 0)):
        key = {"platform": "ads", "campaign_id": name}
        b.company.campaigns.append(key | {"name": name, "owner_employee_id": "S1"})
        day = {"date": date(2026, 2, 3), "impressions": 1000, "clicks": clicks, "conversions": 0}
        b.company.ad_daily.append(key | day | {"cost": D(100), "currency": "USD"})
    return b


def test_a_campaign_counts_for_its_owner(both: Both) -> None:
    b = advertising("click_through_rate", "0.01")
    assert "02" in held_months(both, b, "campaigns", b.company.campaigns[-1])


def test_a_rate_of_exchange_counts_for_spend_in_its_currency(both: Both) -> None:
    """USD rises from 5 to 7 on 1 February; the customer the campaign brought costs 500 instead of 700 each."""
    b = advertising("customer_acquisition_cost", "1400")
    for day, rate in ((date(2026, 1, 1), "5"), (date(2026, 2, 1), "7")):
        b.company.fx_rates.append({"currency": "USD", "date": day, "rate_to_base": D(rate)})
    b.employee("M1", "marketing")
    customer = b.customer()
    b.lead(customer, "M1", "2026-02-04", platform="ads", campaign_id="1")
    b.deal("S3", "10", "2026-02-05", customer)
    assert held_months(both, b, "fx_rates", b.company.fx_rates[-1]) == "02"


def test_a_survey_counts_in_the_next_quarter_too(both: Both) -> None:
    """Awareness 50 % in January and 60 % in April; without the good survey of January it would be 10 %."""
    b = company("brand_awareness_lift")
    for number, (day, aware) in enumerate(
        [(date(2026, 2, 2), 10), (date(2026, 5, 5), 60), (date(2026, 1, 5), 90)]
    ):
        row = {"survey_id": f"B{number}", "owner_employee_id": "S1", "surveyed_on": day, "respondents": 100}
        b.company.brand_surveys.append(row | {"aware": aware})
    assert "06" in held_months(both, b, "brand_surveys", b.company.brand_surveys[-1])


def test_a_movement_of_stock_counts_from_its_month_on(both: Both) -> None:
    """Of 1,000 received 10 went out in June; of the 100 there are without the receipt that is more."""
    b = company("material_turnover", "1")
    moves = [
        ("receipt", 100, date(2025, 1, 5)),
        ("issue", 10, date(2026, 6, 5)),
        ("receipt", 900, date(2025, 1, 6)),
    ]
    for number, (kind, amount, day) in enumerate(moves):
        row = {"movement_id": f"M{number}", "material_id": "X", "owner_employee_id": "S1", "kind": kind}
        row |= {"quantity": D(amount), "amount": D(amount), "moved_on": day}
        b.company.material_movements.append(row)
    assert "06" in held_months(both, b, "material_movements", b.company.material_movements[-1])


def test_a_course_counts_from_its_month_on(both: Both) -> None:
    """Without the course its KPI is left out, and the other one, which is reached, gives all of the score."""
    entries = [
        {"kpi": "papers", "group": "management", "weight": 50, "target": 1},
        {"kpi": "projects", "group": "management", "weight": 50, "target": 1},
    ]
    entries[0]["training"] = {"course": "C", "gate": True}
    b = company("papers")
    card = b.company.plans[0]["written"]["components"][0]
    b.company.plans[0] = plan(card | {"kpis": entries, "excluded_policy": "redistribute"})
    for period in (f"2026-{month:02d}" for month in range(1, 7)):
        for kpi, value in (("papers", 0), ("projects", 1)):
            row = {"employee_id": "S1", "kpi_id": kpi, "period": period, "numerator": D(value)}
            b.company.kpi_observations.append(row | {"denominator": None})
    b.company.courses.append({"course_id": "C", "name": "C"})
    row = {
        "employee_id": "S1",
        "course_id": "C",
        "attempt": 1,
        "completed_at": at("2026-02-03"),
        "passed": True,
    }
    b.company.course_results.append(row | {"exam_score": D(90), "hours": D(1)})
    assert held_months(both, b, "course_results", b.company.course_results[-1]) == "02 03 04 05 06"


def test_a_refund_counts_in_its_own_month(both: Both) -> None:
    """1,000 a month are wanted and sold in January and April; a refund of 400 in April."""
    b = company("sales_amount_attainment")
    for month in range(1, 7):
        b.target("S1", "sales_amount", f"2026-{month:02d}", "1000")
    deal = b.deal("S1", "1000", "2026-01-10")
    b.deal("S1", "1000", "2026-04-10")
    b.transaction(deal, "refund", "400", "2026-04-20")
    held = held_months(both, b, "transactions", b.company.transactions[-1])
    assert held == "01 02 03 04 05 06"


def visited_leads() -> Builder:
    """Two leads of March visited in April, the visits noted by nobody; one of the customers signs."""
    b = company("lead_conversion")
    for number, day in (("1", "2026-04-05"), ("2", "2026-04-06")):
        customer = b.customer(f"V{number}")
        b.lead(customer, "S1", "2026-03-05", lead_id=f"L{number}")
        b.visit(day, lead_id=f"L{number}")
    b.deal("S3", "10", "2026-04-10", "V1")
    return b


def test_a_visit_counts_in_its_own_month(both: Both) -> None:
    b = visited_leads()
    assert "04" in held_months(both, b, "journey_events", b.company.journey_events[-1])


def test_a_lead_counts_in_the_month_of_its_visit(both: Both) -> None:
    b = visited_leads()
    assert "04" in held_months(both, b, "leads", b.company.leads[-1])


def test_a_deal_of_one_member_counts_for_the_team(both: Both) -> None:
    """S2 sold 10,000 in January, S1 1,000 a month: the team shrinks; without the deal of S2 it grows in February."""
    growth = {"type": "team_growth", "baseline_months": 1, "threshold": "0.1", "rate": "0.05"}
    b = Builder(plan(CLOSING, growth), as_of="2026-03-31T23:00")
    for employee in ("S1", "S2"):
        b.employee(employee, team_id="T")
    for amount, day in (("1000", "2026-01-10"), ("2000", "2026-02-10"), ("1000", "2026-03-10")):
        b.deal("S1", amount, day)
    b.deal("S2", "10000", "2026-01-11")
    assert held_months(both, b, "deals", b.company.deals[-1], "team_growth") == "02"
