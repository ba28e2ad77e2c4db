"""Companies on which SQL and reference once differed, as small as they could be made, with the expected rows.

Belongs here: one test a difference, named by the rule, checked on both sides. Does not belong here: random
companies.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, Builder, amounts, at, lines_of, plan, tabled
from tests.reference.kpis_company import calculate_all
from tests.support.pipeline import Compute, pipeline_all

D = Decimal
pytestmark = pytest.mark.every_run


def test_an_award_is_that_of_the_day_of_signing(compute: Compute) -> None:
    """Signed in June at 0.5 %, paid in July when the policy says 0.9 %."""
    first: dict[str, Any] = {"basis": "collected", "collaboration": {"referral": {"rate": "0.005"}}}
    second: dict[str, Any] = {"basis": "collected", "collaboration": {"referral": {"rate": "0.009"}}}
    pays = {"type": "collaboration"}
    b = Builder(
        plan(pays, crediting=first, plan_id="first", valid_to=date(2026, 7, 1)),
        plan(pays, crediting=second, plan_id="second", valid_from=date(2026, 7, 1)),
    )
    referrer = b.customer(owner_employee_id=b.employee("S1"))
    deal = b.deal(b.employee("S2"), "1000", "2026-06-30", b.customer(referred_by_customer_id=referrer))
    b.transaction(deal, "payment", "1000", "2026-07-15")
    marts = compute(b.company)
    assert [(x["plan_id"], x["amount"]) for x in lines_of(marts, component="collaboration")] == [
        ("second", 5)
    ]


def test_less_than_a_fen_in_the_currency_of_the_deal_earns_nothing(compute: Compute) -> None:
    """An invoice of 0.01 yen on a deal in CNY."""
    b = Builder(plan(CLOSING, crediting={"basis": "invoiced"}))
    b.company.fx_rates.append({"currency": "JPY", "date": date(2026, 1, 1), "rate_to_base": D("0.05")})
    deal = b.deal(b.employee("S1"), "1000", "2026-06-08")
    b.transaction(deal, "invoice", "0.01", "2026-06-14", currency="JPY")
    marts = compute(b.company)
    assert (marts["fct_credits"], marts["fct_payout_lines"]) == ([], [])


def test_a_decision_that_names_a_refund_does_nothing(compute: Compute) -> None:
    """The refund shares the fate of the line it takes back; released alone it would cost pay never received."""
    b = Builder(plan(CLOSING), as_of="2026-05-31T23:00")
    deal = b.deal("unknown@example.com", "1000", "2026-03-05")
    b.transaction(deal, "refund", "1000", "2026-04-05")
    refund = lines_of(compute(b.company), period="2026-04")[0]["line_id"]
    b.resolution("payout_line", refund, "release", "2026-05-05")
    assert [line["status"] for line in lines_of(compute(b.company))] == ["held", "held"]


def test_of_two_decisions_that_of_the_earlier_month_settles_the_line(compute: Compute) -> None:
    """The transfer is rejected in April; the line, forfeited then, cannot be released in May."""
    b = Builder(plan(CLOSING), as_of="2026-06-30T23:00")
    customer = b.customer()
    change = b.transfer(customer, b.employee("S1"), b.employee("S2"), "2026-03-01", reason=None)
    b.deal("S2", "1000", "2026-03-05", customer)
    b.resolution("transfer", change, "reject", "2026-04-05")
    (held, _) = lines_of(compute(b.company))
    b.resolution("payout_line", held["line_id"], "release", "2026-05-05")
    found = [(x["period"], x["status"]) for x in lines_of(compute(b.company))]
    assert found == [("2026-03", "held"), ("2026-04", "forfeited")]


def test_a_refund_over_two_positives_takes_the_decision_on_the_earlier(compute: Compute) -> None:
    b = Builder(plan(CLOSING, crediting={"basis": "collected"}), as_of="2026-06-30T23:00")
    deal = b.deal("unknown@example.com", "1000", "2026-03-01")
    b.transaction(deal, "payment", "600", "2026-03-05", transaction_id="P1")
    b.transaction(deal, "payment", "400", "2026-03-06", transaction_id="P2")
    b.transaction(deal, "refund", "500", "2026-05-05", transaction_id="R")
    lines = {line["transaction_id"]: line["line_id"] for line in lines_of(compute(b.company))}
    b.resolution("payout_line", lines["P1"], "reject", "2026-04-05")
    found = [(x["period"], x["transaction_id"], x["status"]) for x in lines_of(compute(b.company))]
    assert found == [
        ("2026-03", "P1", "held"),
        ("2026-03", "P2", "held"),
        ("2026-04", "P1", "forfeited"),
        ("2026-05", "R", "forfeited"),
    ]


def test_a_held_refund_leaves_no_other_deal_at_a_tier_it_no_longer_reaches(compute: Compute) -> None:
    """2,000 (held, bad splits) and 2,500 earn 95, then 40: 30 of the held deal go, and 25 of the other."""
    b = Builder(plan(tabled("month")), as_of="2026-04-30T23:00")
    seller = b.employee("S1")
    held = b.deal(seller, "2000", "2026-03-02", deal_id="D1")
    b.split(held, S1="0.5")
    b.deal(seller, "2500", "2026-03-03", deal_id="D2")
    b.transaction(held, "refund", "2000", "2026-04-02")
    found = [(x["deal_id"], x["status"], x["amount"]) for x in lines_of(compute(b.company))]
    assert sorted(found) == [
        ("D1", "earned", D("-25.00")),
        ("D1", "held", D("-30.00")),
        ("D1", "held", D("30.00")),
        ("D2", "earned", D("65.00")),
    ]


def test_parts_of_units_are_rounded_once(compute: Compute) -> None:
    """2.5 units × 0.333333333333 × 0.333333 = 0.27777749999…, not 0.2777775."""
    b = Builder(plan(CLOSING, crediting={"transfers": {"counted_share": "0.333333"}}))
    customer = b.customer()
    b.transfer(customer, b.employee("S1"), b.employee("S2"), "2026-03-01")
    deal = b.deal(b.employee("S3"), "1000", "2026-03-05", customer, units=D("2.5"))
    b.split(deal, S1="0.333333333334", S2="0.333333333333", S3="0.333333333333")
    rows = [row for row in compute(b.company)["fct_measures"] if row["period"] == "2026-03"]
    values = {row["employee_id"]: row["value"] for row in rows if row["measure"] == "units"}
    assert values["S2"] == D("0.277777")


def test_growth_on_a_measure_is_rounded_once(compute: Compute) -> None:
    """10 % of 1,033.346633 is 103.33; of 1,033.35 it would be 103.34."""
    growth = {"type": "growth_bonus", "basis": "measure"}
    crediting = {"transfers": {"counted_share": "0.333333"}}
    b = Builder(plan(growth, crediting=crediting), as_of="2026-03-31T23:00")
    customer = b.customer()
    b.transfer(customer, b.employee("S1"), b.employee("S2"), "2026-03-01")
    b.deal("S2", "100.01", "2026-03-05", customer)
    b.deal("S2", "1000.01", "2026-03-06")
    assert amounts(compute(b.company), component="growth_bonus", employee_id="S2") == [D("103.33")]


def test_points_of_a_line_have_two_places(compute: Compute) -> None:
    b = Builder(plan({"type": "points", "base": "3.333333"}))
    b.lead(b.customer(), b.employee("M1", "marketing"), "2026-03-05")
    (line,) = lines_of(compute(b.company), component="points")
    assert (line["basis_amount"], line["amount"]) == (D("3.33"), D("3.33"))


def test_a_cancellation_to_come_leaves_the_deal_signed(compute: Compute) -> None:
    """As of April the deal is a sale and the customer's next deal a repurchase; in May it is reversed."""
    b = Builder(plan(CLOSING), as_of="2026-04-30T23:00")
    customer = b.customer()
    deal = b.deal(b.employee("S1"), "1000", "2026-03-05", customer, deal_id="D1", status="cancelled")
    b.deal("S1", "1000", "2026-03-06", customer, deal_id="D2")
    b.transaction(deal, "cancellation", "1000", "2026-05-05")
    marts = compute(b.company)
    assert [row["source"] for row in marts["fct_deal_sources"]] == ["self_sourced", "repurchase"]
    assert amounts(marts) == [50, 20]


def test_a_blank_contact_is_no_contact(compute: Compute) -> None:
    b = Builder(plan(CLOSING))
    b.lead(b.customer(), b.employee("M1", "marketing"), "2026-03-05", wecom_id=" ")
    assert [row["reasons"] for row in compute(b.company)["fct_lead_validity"]] == ["missing_contact"]


def test_what_a_giver_keeps_is_no_fact_of_a_team_that_is_gone(compute: Compute) -> None:
    """S1, the only one of team T, left in February; in June 80 % of a deal count for S1, nothing for T."""
    b = Builder(plan(CLOSING, crediting={"transfers": {"remainder_to": "giver"}}), as_of="2026-06-30T23:00")
    customer = b.customer()
    giver = b.employee("S1", team_id="T", termination_date=date(2026, 2, 28))
    b.transfer(customer, giver, b.employee("S2"), "2026-06-01")
    b.deal("S2", "100", "2026-06-05", customer)
    rows = [row for row in compute(b.company)["fct_measures"] if row["period"] == "2026-06"]
    counted = {row["employee_id"]: row["value"] for row in rows if row["measure"] == "counted_sales_amount"}
    assert counted == {"S1": 80, "S2": 20}


@pytest.mark.parametrize(("decision", "to"), [("reassign", None), ("reassign", "nobody"), ("accept", None)])
def test_a_later_decision_without_effect_takes_an_earlier_one_back(
    compute: Compute, decision: str, to: str | None
) -> None:
    """The latest one counts (R17), and to give a line to nobody is no decision."""
    b = Builder(plan(CLOSING), as_of="2026-05-31T23:00")
    b.deal("unknown@example.com", "1000", "2026-03-05")
    (line,) = lines_of(compute(b.company))
    b.resolution("payout_line", line["line_id"], "release", "2026-03-20")
    assert [line["status"] for line in lines_of(compute(b.company))] == ["earned"]
    b.resolution("payout_line", line["line_id"], decision, "2026-03-21", to)
    assert [line["status"] for line in lines_of(compute(b.company))] == ["held"]


EITHER_SIDE = pytest.mark.parametrize(
    "compute_all", [calculate_all, pipeline_all], ids=["reference", "pipeline"]
)


def _with_a_customer_without_a_record() -> Builder:
    """The record of C2 never came; its lead has the name of C1."""
    b = Builder(plan(CLOSING), as_of="2026-04-30T23:00")
    b.customer("C1", name="Acme", owner_employee_id=b.employee("S1"))
    b.lead("C2", "S1", "2026-03-01", company_name="Acme")
    return b


def _checked(compute_all: Compute, b: Builder, customer: str) -> set[tuple[str, str]]:
    """Employees and months that an archive check of a customer in March counts for."""
    b.company.archive_checks.append(
        {
            "check_id": "X",
            "customer_id": customer,
            "field": "phone",
            "is_correct": True,
            "checked_at": at("2026-03-05"),
        }
    )
    return {
        (row["employee_id"], row["period"])
        for row in compute_all(b.company)["fct_kpi_values"]
        if row["kpi_id"] == "archive_accuracy" and row["denominator"]
    }


@EITHER_SIDE
def test_a_check_of_a_customer_without_a_record_counts_for_the_customer_its_lead_belongs_to(
    compute_all: Compute,
) -> None:
    """The record of C2 never came; its lead has the name of C1, whose owner is asked for the archive."""
    b = _with_a_customer_without_a_record()
    assert _checked(compute_all, b, "C2") == {("S1", "2026-03")}


@EITHER_SIDE
def test_an_event_of_a_customer_without_a_record_is_one_of_the_customer_its_lead_belongs_to(
    compute_all: Compute,
) -> None:
    """Entered as C2, visited as C1: one journey, so that the visit is not missing."""
    b = _with_a_customer_without_a_record()
    for customer, stage, day in [("C2", "entered", "2026-03-01"), ("C1", "visited", "2026-03-02")]:
        b.company.journey_events.append(
            {"event_id": stage, "customer_id": customer, "stage": stage, "occurred_at": at(day)}
        )
    alerts = compute_all(b.company)["fct_journey_alerts"]
    assert {row["customer_key"] for row in alerts if row["kind"] == "stage"} <= {"C1"}
    assert not [row for row in alerts if row["stage"] == "visited"]


@EITHER_SIDE
def test_a_check_of_a_customer_nobody_recorded_counts_for_whom_it_was_handed_to(compute_all: Compute) -> None:
    """Only the change of its owner names C9: a customer of its own, without a record."""
    b = Builder(plan(CLOSING), as_of="2026-04-30T23:00")
    b.transfer("C9", b.employee("S1"), b.employee("S2"), "2026-03-01")
    assert _checked(compute_all, b, "C9") == {("S2", "2026-03")}
