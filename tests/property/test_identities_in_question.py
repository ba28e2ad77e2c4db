"""Names of people and customers that rows in quarantine, or rows that contradict each other, leave in question.

Belongs here: small companies, checked on both sides (readings 6, 41, 43, 49; decisions 0128, 0147). Does not belong
here: which rows an import sets aside.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.reference.builders import CLOSING, Builder, at, lines_of, plan, tabled
from tests.reference.calculate import Marts
from tests.reference.templates import Row
from tests.support.pipeline import Compute

pytestmark = pytest.mark.every_run
D = Decimal
UNREAD = "row_in_quarantine"
MAIL = "ann@corp.example"


def _standing(marts: Marts, **wanted: Any) -> list[tuple[str, str, str | None]]:
    return [(line["employee_id"], line["status"], line["reason"]) for line in lines_of(marts, **wanted)]


def _sold_by(owner: str, *sellers: Row) -> Builder:
    """A deal in March whose owner is written so, and its sellers."""
    b = Builder(plan(CLOSING), as_of="2026-03-31T23:00")
    for seller in sellers:
        b.employee(**seller)
    b.deal(owner, "1000", "2026-03-05")
    return b


ANN = {"employee_id": "S1", "email": MAIL}


def test_an_address_that_one_in_quarantine_has_too_names_nobody(compute: Compute) -> None:
    b = _sold_by(MAIL.upper(), ANN)
    assert _standing(compute(b.company)) == [("S1", "earned", None)]
    b.company.quarantined = {"employees": [{"employee_id": "S2", "email": MAIL, "hire_date": None}]}
    assert _standing(compute(b.company)) == [("UNRESOLVED", "held", "unresolved;row_in_quarantine")]


@pytest.mark.parametrize("said", ["S2", None], ids=["another", "unreadable"])
def test_an_address_whose_user_is_in_quarantine_names_nobody(compute: Compute, said: str | None) -> None:
    b = _sold_by(MAIL, ANN, {"employee_id": "S2"})
    b.deal("S1", "500", "2026-03-06", deal_id="OWN")
    b.company.quarantined = {
        "source_users": [{"source": "files", "source_user_id": MAIL, "employee_id": said}]
    }
    marts = compute(b.company)
    assert [line[:2] for line in _standing(marts)] == [("UNRESOLVED", "held"), ("S1", "held")]
    assert _standing(marts, deal_id="OWN") == [("S1", "held", UNREAD)]


def test_a_user_whose_later_row_is_in_quarantine_names_nobody(compute: Compute) -> None:
    b = _sold_by("u1", ANN)
    b.company.source_users = [{"source": "files", "source_user_id": "u1", "employee_id": "S1"}]
    assert _standing(compute(b.company)) == [("S1", "earned", None)]
    b.company.quarantined = {
        "source_users": [{"source": "files", "source_user_id": "u1", "employee_id": None}]
    }
    assert [line[:2] for line in _standing(compute(b.company))] == [("UNRESOLVED", "held")]


def test_a_number_of_one_in_quarantine_is_no_user_of_another(compute: Compute) -> None:
    b = _sold_by("S2", ANN)
    b.company.source_users = [{"source": "files", "source_user_id": "S2", "employee_id": "S1"}]
    assert _standing(compute(b.company)) == [("S1", "earned", None)]
    b.company.quarantined = {"employees": [{"employee_id": "S2", "hire_date": None}]}
    assert [line[:2] for line in _standing(compute(b.company))] == [("UNRESOLVED", "held")]


def test_users_that_name_each_other_name_nobody(compute: Compute) -> None:
    b = _sold_by("u1", ANN)
    b.company.source_users = [
        {"source": "files", "source_user_id": "u1", "employee_id": "u2"},
        {"source": "files", "source_user_id": "u2", "employee_id": "u1"},
    ]
    assert _standing(compute(b.company)) == [("UNRESOLVED", "held", "unresolved")]


def test_two_quotas_of_one_person_under_two_names_hold_the_interval(compute: Compute) -> None:
    tiers = [{"up_to": "0.5", "rate": "0.01"}, {"up_to": None, "rate": "0.05"}]
    b = Builder(plan(tabled("month", quota_kpi="units", unit="quota_pct", tiers=tiers)), as_of="2026-03-31")
    b.employee(**ANN)
    b.deal("S1", "1000", "2026-03-05")
    b.target("S1", "units", "2026-03", "4000")
    assert [line[1] for line in _standing(compute(b.company))] == ["earned"]
    b.target(MAIL, "units", "2026-03", "1000")
    assert _standing(compute(b.company)) == [("S1", "held", UNREAD)]


def test_two_roles_of_one_person_under_two_names_hold_what_is_earned_in_them(compute: Compute) -> None:
    b = Builder(plan(CLOSING, departments=("sales",)), as_of="2026-03-31T23:00")
    b.employee(**ANN)
    b.deal("S1", "1000", "2026-02-05")
    b.deal("S1", "1000", "2026-03-05")
    role = {"employee_id": "S1", "department": "sales", "valid_from": date(2026, 1, 1), "valid_to": None}
    later = role | {"valid_from": date(2026, 3, 1)}
    b.company.employee_assignments = [role, later, later | {"employee_id": MAIL, "department": "finance"}]
    assert [line[1] for line in _standing(compute(b.company))] == ["earned", "held"]


@pytest.mark.parametrize("approver", [MAIL, "u1"])
def test_an_adjustment_approved_by_its_author_under_another_name_pays_nothing(
    compute: Compute, approver: str
) -> None:
    growth = {"type": "growth_bonus", "basis": "measure"}
    b = Builder(plan(growth, CLOSING), as_of="2026-03-31T23:00")
    b.employee(**ANN)
    b.company.source_users = [{"source": "files", "source_user_id": "u1", "employee_id": "S1"}]
    b.deal("S1", "1000", "2026-03-05")
    row = {
        "adjustment_id": "A1",
        "employee_id": "S1",
        "period": "2026-03",
        "amount": D(50),
        "currency": "CNY",
    }
    b.company.adjustments = [row | {"reason": "r", "author": "S1", "approver": "S9"}]
    assert [line[1] for line in _standing(compute(b.company), component="adjustment")] == ["earned"]
    b.company.adjustments = [row | {"reason": "r", "author": "S1", "approver": approver}]
    marts = compute(b.company)
    assert _standing(marts, component="adjustment") == []
    assert _standing(marts, component="growth_bonus") == [("S1", "held", UNREAD)]
    assert [line[1] for line in _standing(marts, component="closing")] == ["earned"]


def test_a_lead_that_would_join_two_customers_holds_the_deals_of_both(compute: Compute) -> None:
    """With it, the second deal is a repurchase of one customer; the lead came after both."""
    b = Builder(plan(CLOSING), as_of="2026-04-30T23:00")
    one, other = b.customer(phone="13800000001"), b.customer(phone="13800000002")
    b.deal(b.employee("S1"), "1000", "2026-02-05", one)
    b.deal("S1", "1000", "2026-03-05", other)
    lead = {"lead_id": "L9", "customer_id": one, "phone": "13800000002", "owner_employee_id": "S1"}
    b.company.leads = [lead | {"wecom_id": "wm1", "created_at": at("2026-04-01")}]
    assert [row["source"] for row in compute(b.company)["fct_deal_sources"]] == ["self_sourced", "repurchase"]
    b.company.leads = []
    b.company.quarantined = {"leads": [lead | {"created_at": at("2026-04-01"), "channel": None}]}
    assert [line[1:] for line in _standing(compute(b.company))] == [("held", UNREAD)] * 2


POINTS = {"type": "points", "base": "5"}


@pytest.mark.parametrize(
    ("signed", "standing"), [("2026-02-11", "earned"), ("2026-01-02", "held")], ids=["later", "earlier"]
)
def test_a_deal_in_quarantine_holds_points_of_later_leads_only(
    compute: Compute, signed: str, standing: str
) -> None:
    """A customer who has signed is no new lead; a lead of January does not ask what is signed in February."""
    b = Builder(plan(POINTS, CLOSING), as_of="2026-03-31T23:00")
    customer = b.customer()
    b.lead(customer, b.employee("M1", "marketing"), "2026-01-03")
    b.deal(b.employee("S1"), "1000", "2026-01-10", customer)
    unread = {"deal_id": "D6", "customer_id": customer, "owner_employee_id": "S1", "signed_at": at(signed)}
    b.company.quarantined = {"deals": [unread]}
    assert [line[1] for line in _standing(compute(b.company), component="points")] == [standing]
