"""Holds, settlements and the money around them: readings 15, 17, 18, 30, 37 to 39 on small companies.

Belongs here: scenarios whose outcome can be checked by hand. Does not belong here: printed figures
(`test_reference_figures.py`).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, ORIGINATION, Builder, amounts, lines_of, plan
from tests.reference.calculate import calculate
from tests.reference.templates import Row

D = Decimal
PROCESS = {"type": "process_bonus", "target": 2, "min_conversion": "0.5"}


def states(marts: dict[str, list[Row]], **wanted: object) -> list[tuple[str, str, str | None, Decimal]]:
    return [
        (row["period"], row["status"], row["reason"], row["amount"])
        for row in sorted(lines_of(marts, **wanted), key=lambda row: (row["period"], row["amount"]))
    ]


def marketing_deal(b: Builder, day: str, visit: bool = True, amount: str = "1000") -> str:
    """A lead of M1 that is visited and signed on one day."""
    customer = b.customer()
    lead = b.lead(customer, "M1", day + "T08:00")
    if visit:
        b.visit(day + "T09:00", lead_id=lead)
    return b.deal("S1", amount, day + "T10:00", customer)


def staffed(*components: Row, as_of: str = "2026-06-30T23:00", **head: Any) -> Builder:
    b = Builder(plan(*components, **head), as_of=as_of)
    b.employee("M1", "marketing")
    b.employee("S1")
    return b


def test_origination_is_held_and_released_when_the_trailing_months_reach_both() -> None:
    b = staffed(ORIGINATION, PROCESS)
    marketing_deal(b, "2026-01-10")  # 1 visit of 2
    for day in ("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"):
        marketing_deal(b, day)  # 5 visits; January to March: 6 of 6
    marts = calculate(b.company)
    found = states(marts, component="origination")
    assert found[0] == ("2026-01", "held", "process", D(40))
    assert [state for state in found[1:] if state[1] == "earned"] == [("2026-03", "earned", None, D(40))] * 5
    released = [row for row in lines_of(marts, component="origination") if row["status"] == "released"]
    assert [(row["period"], row["origin_period"], row["amount"]) for row in released] == [
        ("2026-03", "2026-01", D(40))
    ]
    rows = {row["period"]: row for row in marts["fct_process_bonus"] if row["employee_id"] == "M1"}
    assert (rows["2026-01"]["origination_held"], rows["2026-03"]["origination_released"]) == (40, 40)
    assert [(row["period"], row["amount"]) for row in lines_of(marts, component="process_bonus")] == [
        ("2026-03", 1000)
    ]


def test_a_refund_before_the_release_is_held_with_it_and_after_it_is_earned() -> None:
    b = staffed(ORIGINATION, PROCESS)
    first = marketing_deal(b, "2026-01-10")
    for day in ("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07"):
        marketing_deal(b, day)
    b.transaction(first, "refund", "500", "2026-02-10")
    b.transaction(first, "refund", "500", "2026-04-10")
    marts = calculate(b.company)
    assert states(marts, component="origination", deal_id=first) == [
        ("2026-01", "held", "process", D(40)),
        ("2026-02", "held", "process", D(-20)),
        ("2026-03", "released", "process", D(-20)),
        ("2026-03", "released", "process", D(40)),
        ("2026-04", "earned", None, D(-20)),
    ]


@pytest.mark.parametrize(("policy", "status"), [("paid", "earned"), ("forfeited", "forfeited")])
def test_origination_below_the_process_target_can_be_paid_or_forfeited(policy: str, status: str) -> None:
    b = staffed(ORIGINATION, PROCESS | {"origination": policy})
    marketing_deal(b, "2026-01-10")
    marts = calculate(b.company)
    assert states(marts, component="origination")[0][1] == status
    gross = [row["gross"] for row in marts["fct_payouts"] if row["employee_id"] == "M1"]
    assert gross == [40 if policy == "paid" else 0]


def test_bad_splits_hold_every_line_computed_on_the_owner() -> None:
    b = staffed(ORIGINATION, CLOSING)
    b.employee("S2")
    deal = marketing_deal(b, "2026-01-10")
    b.split(deal, S1="0.5", S2="0.4")
    marts = calculate(b.company)
    assert [(r["component"], r["employee_id"], r["status"], r["reason"]) for r in lines_of(marts)] == [
        ("origination", "M1", "held", "bad_split"),
        ("closing", "S1", "held", "bad_split"),
    ]


def test_an_unresolved_owner_is_shown_with_the_amount_at_stake() -> None:
    b = staffed(CLOSING)
    b.deal("who?", "1000", "2026-01-10")
    line = lines_of(calculate(b.company))[0]
    assert (line["employee_id"], line["amount"], line["reason"]) == ("UNRESOLVED", 50, "unresolved")


def test_an_owner_without_a_plan_is_held_with_no_plan() -> None:
    b = staffed(CLOSING)
    b.employee("X1", "finance")
    b.deal("X1", "1000", "2026-01-10")
    b.deal("X1", "1000", "2025-12-31")  # before any plan: earns nothing and is no omission
    found = lines_of(calculate(b.company))
    assert [(x["status"], x["reason"], x["amount"], x["basis_amount"]) for x in found] == [
        ("held", "no_plan", 0, 1000)
    ]


@pytest.mark.parametrize(("policy", "status"), [("hold", "held"), ("pay", "earned")])
def test_lines_after_the_last_day_employed_are_held(policy: str, status: str) -> None:
    b = Builder(plan(CLOSING, holds={"terminated": policy}), as_of="2026-03-31T23:00")
    b.employee("S1", termination_date=date(2026, 1, 10))
    early = b.deal("S1", "1000", "2026-01-10")
    b.deal("S1", "1000", "2026-01-11")
    b.transaction(early, "refund", "1000", "2026-02-01")
    marts = calculate(b.company)
    assert [row["status"] for row in lines_of(marts)] == ["earned", status, "earned"]
    net = [row["net"] for row in marts["fct_payouts"]]
    assert net == ([50, -50, -50] if policy == "hold" else [100, -50, -50])


def test_internal_circulation_earns_the_marketing_rate() -> None:
    b = staffed(CLOSING)
    b.employee("S2")
    b.deal("S1", "1000", "2026-01-10", b.customer(owner_employee_id="S2"))
    b.deal("S1", "1000", "2026-01-11", b.customer(owner_employee_id="S1"))
    marts = calculate(b.company)
    assert sorted(amounts(marts)) == [20, 50]
    assert [row["is_internal_circulation"] for row in marts["fct_deal_sources"]] == [True, False]


def test_a_transfer_without_reason_is_reassigned_or_rejected() -> None:
    outcome = {}
    for decision in ("reassign", "reject"):
        b = staffed(CLOSING)
        b.employee("S2")
        customer = b.customer()
        change = b.transfer(customer, "S1", "S2", "2026-01-02", reason=" ")
        b.activity("S2", customer, "2026-01-03", minutes=D(30))
        deal = b.deal("S2", "1000", "2026-01-10", customer)
        b.transaction(deal, "refund", "500", "2026-03-10")
        b.resolution("transfer", change, decision, "2026-02-10", to="S1")
        marts = calculate(b.company)
        outcome[decision] = [
            (x["period"], x["employee_id"], x["status"], x["amount"]) for x in lines_of(marts)
        ]
    assert outcome["reassign"] == [
        ("2026-01", "S2", "held", 20),
        ("2026-02", "S1", "released", 20),
        ("2026-03", "S1", "earned", -10),
    ]
    assert outcome["reject"] == [
        ("2026-01", "S2", "held", 20),
        ("2026-02", "S2", "forfeited", 20),
        ("2026-03", "S2", "forfeited", -10),
    ]


def test_a_resolution_of_a_single_line_lifts_all_its_reasons() -> None:
    b = staffed(ORIGINATION, CLOSING)
    deal = b.deal("S1", "1000", "2026-01-10")
    b.split(deal, S1="0.9")
    line = lines_of(calculate(b.company))[0]
    b.resolution("payout_line", line["line_id"], "release", "2026-02-01")
    assert states(calculate(b.company)) == [
        ("2026-01", "held", "bad_split", D(50)),
        ("2026-02", "released", "bad_split", D(50)),
    ]


def test_joint_and_referral_awards() -> None:
    b = staffed({"type": "collaboration"})
    customer = b.customer()
    b.lead(customer, "M1", "2026-01-05")
    b.activity("M1", customer, "2026-01-06")
    b.activity("S1", customer, "2026-01-07", kind="message")
    b.deal("S1", "1000.20", "2026-01-10", customer)
    assert amounts(calculate(b.company)) == []  # a message is not substantive
    b.activity("S1", customer, "2026-01-08", kind="visit")
    friend = b.customer(owner_employee_id="S1")
    b.deal("S1", "1000", "2026-01-11", referrer_customer_id=friend)
    found = {(row["deal_id"], row["employee_id"]): row["amount"] for row in lines_of(calculate(b.company))}
    assert sorted(found.values()) == [D("2.50"), D("2.50"), D("5.00")]


def test_refunds_of_a_foreign_deal_add_up_to_the_whole() -> None:
    b = staffed(CLOSING)
    b.company.fx_rates.append({"currency": "USD", "date": date(2026, 1, 1), "rate_to_base": D("7.1234")})
    deal = b.deal("S1", "100", "2026-01-10", currency="USD")
    for day, amount in (("2026-02-01", "33.33"), ("2026-02-02", "33.33"), ("2026-02-03", "33.34")):
        b.transaction(deal, "refund", amount, day, currency="USD")
    marts = calculate(b.company)
    assert amounts(marts, period="2026-01") == [D("35.62")]
    assert sum(amounts(marts)) == 0
    assert sum(row["credited_amount"] for row in marts["fct_credits"]) == 0


def test_without_a_rate_of_exchange_the_deal_is_held_in_its_own_currency() -> None:
    b = staffed(CLOSING)
    b.deal("S1", "100", "2026-01-10", currency="EUR")
    marts = calculate(b.company)
    line = lines_of(marts)[0]
    assert (line["currency"], line["amount"], line["reason"]) == ("EUR", 5, "no_fx_rate")
    assert {row["value"] for row in marts["fct_measures"] if row["measure"] == "sales_amount"} == {0}


def test_collected_basis_takes_refunds_from_the_latest_payment() -> None:
    b = staffed(CLOSING, crediting={"basis": "collected"})
    deal = b.deal("S1", "1000", "2026-01-10")
    b.transaction(deal, "invoice", "1000", "2026-01-11")
    b.transaction(deal, "payment", "600", "2026-02-01")
    b.transaction(deal, "payment", "400", "2026-03-01")
    b.transaction(deal, "refund", "500", "2026-04-01")
    marts = calculate(b.company)
    assert [(x["period"], x["origin_period"], x["amount"]) for x in lines_of(marts)] == [
        ("2026-02", "2026-02", 30),
        ("2026-03", "2026-03", 20),
        ("2026-04", "2026-02", -5),
        ("2026-04", "2026-03", -20),
    ]


def test_a_negative_net_is_carried_until_it_is_earned_back() -> None:
    b = staffed(CLOSING)
    deal = b.deal("S1", "1000", "2026-01-10")
    b.transaction(deal, "cancellation", "1000", "2026-02-10")
    b.deal("S1", "2000", "2026-04-10")
    rows = [row for row in calculate(b.company)["fct_payouts"] if row["employee_id"] == "S1"]
    assert [(r["period"], r["carried_in"], r["net"], r["carried_out"]) for r in rows] == [
        ("2026-01", 0, 50, 0),
        ("2026-02", 0, -50, -50),
        ("2026-03", -50, -50, -50),
        ("2026-04", -50, 50, 0),
    ]


def test_a_refund_of_a_held_deal_moves_the_tiers_of_the_others_at_once() -> None:
    """Tiers to 1,000 at 1 %, then 5 %: held 1,000 earns 10, the next 1,000 earns 50, alone only 10."""
    tiers = [{"up_to": 1000, "rate": "0.01"}, {"up_to": None, "rate": "0.05"}]
    table = {"sources": ["self_sourced"], "tiers": tiers}
    b = staffed({"type": "commission", "pool": "closing", "rate_table": table})
    held = b.deal("S1", "1000", "2026-01-10")
    b.split(held, S1="0.9")
    b.deal("S1", "1000", "2026-01-11")
    b.transaction(held, "cancellation", "1000", "2026-02-01")
    assert states(calculate(b.company)) == [
        ("2026-01", "held", "bad_split", D(10)),
        ("2026-01", "earned", None, D(50)),
        ("2026-02", "earned", None, D(-40)),
        ("2026-02", "held", "bad_split", D(-10)),
    ]
