"""The chain from a delivered company to KPIs, cards, alerts and suggestions in the reference."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.reference.builders import CLOSING, ORIGINATION, TIERS, Builder, amounts, at, commission, plan
from tests.reference.kpis_company import calculate_all
from tests.reference.templates import Row

D = Decimal
CARD = {
    "type": "scorecard",
    "kpis": [
        {"kpi": "product_inputs", "group": "business", "weight": 100, "target": 10},
        {"kpi": "service_rating", "group": "management", "weight": 100, "target": 9},
    ],
}


def found(marts: dict[str, list[Row]], mart: str, **wanted: Any) -> list[Row]:
    """Rows of a mart with some column values."""
    return [row for row in marts[mart] if all(row[name] == value for name, value in wanted.items())]


def inputs(company: Builder, who: str, count: int) -> None:
    """Product inputs of October."""
    for day in range(1, count + 1):
        row = {"input_id": f"{who}{day}", "employee_id": who, "submitted_at": at(f"2026-10-{day:02d}")}
        company.company.product_inputs.append(row | {"adopted_at": None})


def rating(company: Builder, who: str, value: str) -> None:
    """A rating of October."""
    row = {"rating_id": f"R{who}", "employee_id": who, "rated_at": at("2026-10-05"), "rating": D(value)}
    company.company.service_ratings.append(row)


def test_the_bonus_of_a_card_reaches_the_payout_whoever_the_file_calls_the_person() -> None:
    company = Builder(plan(CARD), as_of="2026-10-31T20:00")
    company.employee("E1", "marketing", bonus_base=D(5000), email="ann@example.cn")
    inputs(company, "Ann@Example.cn", 9)
    rating(company, "E1", "7.2")
    marts = calculate_all(company.company)
    assert amounts(marts, component="bonus_business") == [D("2700.00")]
    assert amounts(marts, component="bonus_management") == [D("1600.00")]
    assert [row["net"] for row in found(marts, "fct_payouts", period="2026-10")] == [D("4300.00")]
    assert [row["value"] for row in found(marts, "rpt_leaderboard", board="score")] == [86]


def test_unknown_people_have_their_figures_but_no_card() -> None:
    company = Builder(plan(CARD), as_of="2026-10-31T20:00")
    company.employee("E1", "marketing", bonus_base=D(5000))
    inputs(company, "nobody@example.cn", 3)
    marts = calculate_all(company.company)
    rows = found(marts, "fct_kpi_values", employee_id="UNRESOLVED")
    assert [(row["kpi_id"], row["value"]) for row in rows] == [
        ("product_input_adoption", 0),
        ("product_inputs", 3),
    ]
    assert {row["employee_id"] for row in marts["fct_scorecards"]} == {"E1"}


def test_the_next_tier_is_a_sum_away_and_worth_its_difference() -> None:
    table = commission("closing", rate_table={"sources": ["self_sourced"], "tiers": TIERS})
    company = Builder(plan(table), as_of="2026-10-31T20:00")
    company.employee("E1")
    company.deal("E1", "2500", "2026-10-05")
    (row,) = found(calculate_all(company.company), "rpt_suggestions", kind="next_tier")
    # 10 + 30 = 40 now; 10 + 40 + 0.0003 = 50.00 at 3,000.01
    assert (row["gap"], row["money_gain"], row["points_gain"]) == (D("500.01"), D("10.00"), None)


def test_the_last_tier_has_no_next() -> None:
    table = commission("closing", rate_table={"sources": ["self_sourced"], "tiers": TIERS})
    company = Builder(plan(table), as_of="2026-10-31T20:00")
    company.employee("E1")
    company.deal("E1", "9000", "2026-10-05")
    assert found(calculate_all(company.company), "rpt_suggestions", kind="next_tier") == []


def test_a_quarter_shows_the_distance_in_each_of_its_months() -> None:
    table = {"sources": ["self_sourced", "repurchase"], "tiers": TIERS, "interval": "quarter"}
    company = Builder(plan(commission("closing", rate_table=table)), as_of="2026-12-31T20:00")
    company.employee("E1")
    company.deal("E1", "400", "2026-10-05")
    company.deal("E1", "500", "2026-12-05")
    rows = found(calculate_all(company.company), "rpt_suggestions", kind="next_tier")
    assert [(row["period"], row["gap"]) for row in rows] == [
        ("2026-10", D("600.01")),
        ("2026-11", D("600.01")),
        ("2026-12", D("100.01")),
    ]


def _visitors(signed: bool) -> dict[str, list[Row]]:
    process = {"type": "process_bonus", "target": 2, "min_conversion": D("0.5"), "departments": ["marketing"]}
    company = Builder(plan(ORIGINATION, CLOSING, process), as_of="2026-10-31T20:00")
    company.employee("M1", "marketing")
    company.employee("E1")
    customer = company.customer()
    lead = company.lead(customer, "M1", "2026-10-02")
    company.visit("2026-10-03", lead_id=lead)
    if signed:
        company.deal("E1", "1000", "2026-10-05", customer)
    return calculate_all(company.company)


def test_the_missing_visit_frees_the_bonus_and_the_origination() -> None:
    (row,) = found(_visitors(signed=True), "rpt_suggestions", kind="missing_visit")
    assert (row["employee_id"], row["gap"], row["money_gain"]) == ("M1", 1, D("1040.00"))


def test_a_visit_that_would_not_be_enough_promises_no_money() -> None:
    (row,) = found(_visitors(signed=False), "rpt_suggestions", kind="missing_visit")
    assert (row["gap"], row["money_gain"]) == (1, None)


def test_the_missing_reason_of_a_transfer_holds_so_much() -> None:
    company = Builder(plan(CLOSING), as_of="2026-10-31T20:00")
    company.employee("E1")
    company.employee("E2")
    customer = company.customer(owner_employee_id="E2")
    company.transfer(customer, "E1", "E2", "2026-10-01", reason=None)
    for day in ("02", "03"):
        company.activity("E2", customer, f"2026-10-{day}")
    company.deal("E2", "1000", "2026-10-05", customer)
    marts = calculate_all(company.company)
    (row,) = found(marts, "rpt_suggestions", kind="missing_reason")
    held = amounts(marts, component="closing", status="held")
    assert (row["employee_id"], row["gap"], [row["money_gain"]]) == ("E2", 1, held)
    (alert,) = found(marts, "fct_journey_alerts", kind="held_payout")
    assert alert["responsible_employee_id"] == "E2"


def test_the_school_pays_one_award_for_growing_results_or_research() -> None:
    steps = {
        "student_results": [{"growth": D("0.1"), "rate": D("0.1")}],
        "research_output": [{"growth": D("0.2"), "rate": D("0.1")}],
    }
    award = [
        {
            "type": "growth_bonus",
            "id": measure,
            "measure": measure,
            "award": "growth_award",
            "base_rate": D(0),
            "steps": found_steps,
            "basis": "bonus_base",
        }
        for measure, found_steps in steps.items()
    ]
    company = Builder(plan(*award, departments=("teaching",)), as_of="2026-10-31T20:00")
    company.employee("T1", "teaching", bonus_base=D(4000))
    company.customer(created_at=at("2026-07-01"))
    company.lead("C0001", "T1", "2026-07-01")
    for month, results, papers in (("07", "0.8", 1), ("08", "0.8", 1), ("09", "0.8", 1), ("10", "0.88", 2)):
        row = {"employee_id": "T1", "period": f"2026-{month}", "denominator": None}
        company.company.kpi_observations += [
            row | {"kpi_id": "student_results", "numerator": D(results)},
            row | {"kpi_id": "papers", "numerator": D(papers)},
        ]
    marts = calculate_all(company.company)
    assert amounts(marts, component="growth_bonus", period="2026-10") == [D("400.00")]
