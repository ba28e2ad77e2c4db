"""Decisions in the month of a line and later, releases of held origination, teams of two plans.

One company, computed once by either side. Belongs here: when a held line is settled and for whom. Does not belong
here: why a line is held (``test_boundaries``, regressions).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.reference.builders import CLOSING, ORIGINATION, Builder, amounts, at, lines_of, plan
from tests.reference.calculate import Marts, calculate
from tests.reference.company import Company
from tests.support.pipeline import pipeline

#: decision, its day and to whom, by the person or deal whose line it is about
DECISIONS = {
    "kept": None,
    "at_once": ("release", "2026-04-20", None),
    "rejected": ("reject", "2026-04-20", None),
    "given": ("reassign", "2026-04-20", "M"),
    "later": ("release", "2026-05-20", None),
    "rejected_later": ("reject", "2026-05-20", None),
    "given_later": ("reassign", "2026-05-20", "M"),
}
#: status and month of the lines after the decision, and whose they are when not those of the first
SETTLED = {
    "kept": [("held", "2026-04")],
    "at_once": [("earned", "2026-04")],
    "rejected": [("forfeited", "2026-04")],
    "given": [("earned", "2026-04")],
    "later": [("held", "2026-04"), ("released", "2026-05")],
    "rejected_later": [("forfeited", "2026-05"), ("held", "2026-04")],
    "given_later": [("held", "2026-04"), ("released", "2026-05")],
}
PLANS = [
    plan(
        ORIGINATION,
        CLOSING,
        {"type": "points"},
        crediting={
            "deal_source": {"origination_departments": ["marketing", "process"]},
            "collaboration": {"referral": {"amount": "33.33"}, "joint": {"min_activities": 2}},
        },
    ),
    plan(
        ORIGINATION,
        {"type": "process_bonus", "target": 2, "min_conversion": "0.2", "trailing_months": 2},
        plan_id="process",
        departments=("process",),
        crediting=None,
    ),
    *(
        plan(CLOSING, {"type": "team_growth"}, plan_id=name, departments=(name,), crediting=None)
        for name in ("team_of_first", "team_of_second")
    ),
    plan(
        CLOSING,
        {"type": "team_growth", "id": "d", "departments": ["team_d"]},
        {"type": "team_growth", "id": "e", "departments": ["team_e"]},
        plan_id="team_of_two",
        departments=("team_d", "team_e"),
        crediting=None,
    ),
]


def _company() -> Company:
    """The company, the decisions on the lines it has without them among it."""
    undecided = _undecided(Builder(*PLANS, as_of="2026-05-31T23:00"))
    lines = [line for line in calculate(undecided.company)["fct_payout_lines"] if line["status"] == "held"]
    for name, decision in DECISIONS.items():
        for line in lines:
            if decision and name in (line["employee_id"], line["deal_id"]) and line["period"] == "2026-04":
                what, day, to = decision
                undecided.resolution("payout_line", line["line_id"], what, day, to)
    for line in lines:
        if line["deal_id"] == "tied":
            undecided.resolution("payout_line", line["line_id"], "release", "2026-05-20")
    return undecided.company


def _undecided(b: Builder) -> Builder:
    b.employee("M", "marketing")
    b.employee("S")
    for name in DECISIONS:
        b.employee(name, "marketing", termination_date=date(2026, 3, 31))
        reviewed = {"review_status": "accepted", "reviewed_at": at("2026-04-05")}
        b.lead(b.customer(), name, "2026-03-05", **reviewed)
        b.split(b.deal("S", "1000", "2026-04-05", deal_id=name), S="0.5")
    referrer = b.customer(owner_employee_id="M")
    for deal_id, amount in (("referred", "1000"), ("referred_nothing", "0")):
        b.deal("S", amount, "2026-05-05", b.customer(referred_by_customer_id=referrer), deal_id=deal_id)
    b.split("referred", pool="collaboration", M="1", S="0")
    _transfers_decided(b)
    _currencies(b)
    _joint(b)
    _at_one_instant(b)
    _visits(b)
    _teams(b)
    return b


def _transfers_decided(b: Builder) -> None:
    """Held for a transfer without a reason, which is released or rejected in May."""
    for deal_id, decision in (("transferred", "release"), ("tied", "reject")):
        customer = b.customer()
        change = b.transfer(customer, "M", "S", "2026-04-01", reason=None)
        b.deal("S", "1000", "2026-04-05", customer, deal_id=deal_id)
        b.resolution("transfer", change, decision, "2026-05-10")


def _joint(b: Builder) -> None:
    """F found the customer, S signed; each worked with it once or twice."""
    b.employee("F", "marketing")
    for deal_id, times in (("once", 1), ("twice", 2)):
        customer = b.customer()
        b.lead(customer, "F", "2026-05-01")
        for employee_id in ("F", "S"):
            for number in range(times):
                b.activity(employee_id, customer, f"2026-05-0{2 + number}")
        b.deal("S", "1000", "2026-05-05", customer, deal_id=deal_id)


def _currencies(b: Builder) -> None:
    """A dollar is worth 7 from January on and 8 from March on; a rate of the plan's own currency means nothing."""
    for currency, day, rate in (
        ("USD", date(2026, 1, 1), "7"),
        ("USD", date(2026, 3, 1), "8"),
        ("CNY", date(2026, 1, 1), "2"),
    ):
        b.company.fx_rates.append({"currency": currency, "date": day, "rate_to_base": Decimal(rate)})
    deal = b.deal("S", "1000", "2026-03-10", deal_id="yuan")
    b.transaction(deal, "refund", "10", "2026-04-10", currency="USD")


def _visits(b: Builder) -> None:
    """One visitor a month signs; with eleven visitors, one of them signed, too few have."""
    for employee_id, visits in (
        ("visited", {"2026-01": 4, "2026-02": 1, "2026-03": 3}),
        ("unconverted", {"2026-02": 1, "2026-03": 10}),
        ("early", {"2026-01": 4, "2026-02": 1}),
    ):
        b.employee(employee_id, "process")
        for month, count in visits.items():
            for number in range(count):
                customer = b.customer()
                lead = b.lead(customer, employee_id, f"{month}-05")
                b.visit(f"{month}-06", lead_id=lead)
                if number == 0 and (employee_id, month) != ("unconverted", "2026-03"):
                    b.deal("S", "1000", f"{month}-10", customer)


def _teams(b: Builder) -> None:
    """Movers of 16 April to team B or E, which grow in April, from team A, which grows, or C or D, which do not."""
    for employee_id, departments, teams, before in (
        ("mover", ("team_of_first", "team_of_second"), ("A", "B"), "100"),
        ("from_c", ("team_of_first", "team_of_second"), ("C", "B"), "5000"),
        ("from_d", ("team_d", "team_e"), ("D", "E"), "5000"),
    ):
        b.employee(employee_id, departments[0])
        day = date(2026, 4, 16)
        for at_first, (first, last) in enumerate(((date(2024, 1, 1), day), (day, None))):
            row = {
                "employee_id": employee_id,
                "department": departments[at_first],
                "team_id": teams[at_first],
            }
            b.company.employee_assignments.append(row | {"valid_from": first, "valid_to": last})
        _sell(b, employee_id, before)
        b.deal(employee_id, "1000", "2026-04-05")
        b.deal(employee_id, "2000", "2026-04-20")
    b.employee("later_in_b", "team_of_second")
    for team, first, last in (("F", date(2024, 1, 1), date(2026, 5, 1)), ("B", date(2026, 5, 1), None)):
        row = {"employee_id": "later_in_b", "department": "team_of_second", "team_id": team}
        b.company.employee_assignments.append(row | {"valid_from": first, "valid_to": last})
    _sell(b, "later_in_b", "5000")
    b.deal("later_in_b", "1000", "2026-04-05")
    for employee_id, department, team in (("in_b", "team_of_second", "B"), ("in_e", "team_e", "E")):
        _sell(b, b.employee(employee_id, department, team_id=team), "100")


def _at_one_instant(b: Builder) -> None:
    """A lead that visits and signs at the moment at which it is made."""
    customer = b.customer()
    lead = b.lead(customer, b.employee("instant", "process"), "2026-02-05T10:00")
    b.visit("2026-02-05T10:00", lead_id=lead)
    b.deal("S", "1000", "2026-02-05T10:00", customer, deal_id="instant")


def _sell(b: Builder, employee_id: str, amount: str) -> None:
    """A deal in each of the months of the baseline."""
    for month in ("2026-01", "2026-02", "2026-03"):
        b.deal(employee_id, amount, f"{month}-05")


@pytest.fixture(scope="module", params=[calculate, pipeline], ids=["reference", "pipeline"])
def marts(request: pytest.FixtureRequest) -> Marts:
    """What either side computes of the company."""
    found: Marts = request.param(_company())
    return found


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_settles_points_of_someone_who_left(marts: Marts, name: str) -> None:
    """Ten points booked in April, after the last day in March."""
    own = lines_of(marts, employee_id=name, component="points")
    expected = [(status, month) for status, month in SETTLED[name] if "given" not in name or status == "held"]
    assert _settled(own) == expected


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_settles_a_deal_with_bad_splits(marts: Marts, name: str) -> None:
    lines = lines_of(marts, deal_id=name, component="closing")
    assert _settled(lines) == SETTLED[name]
    assert {line["amount"] for line in lines} == {50}
    given = [line["employee_id"] for line in lines if line["employee_id"] != "S"]
    assert given == (["M"] if "given" in name else [])


def _settled(lines: list[dict[str, object]]) -> list[tuple[object, object]]:
    return sorted((line["status"], line["period"]) for line in lines)  # type: ignore[type-var]


def test_what_is_given_to_somebody_is_a_line_of_that_month(marts: Marts) -> None:
    given = [x for x in lines_of(marts, employee_id="M", component="points") if x["status"] != "held"]
    assert _settled(given) == [("earned", "2026-04"), ("released", "2026-05")]


@pytest.mark.parametrize("deal_id", ["transferred", "tied"])
def test_a_decision_on_the_transfer_settles_its_lines(marts: Marts, deal_id: str) -> None:
    """Of two decisions of one month that on the line counts."""
    lines = lines_of(marts, deal_id=deal_id)
    assert _settled(lines) == [("held", "2026-04"), ("released", "2026-05")]


@pytest.mark.parametrize(
    ("deal_id", "earners"),
    [("referred", ["M"]), ("referred_nothing", []), ("once", []), ("twice", ["F", "S"])],
)
def test_an_award_needs_enough_work_and_a_deal_of_some_amount(
    marts: Marts, deal_id: str, earners: list[str]
) -> None:
    rows = [
        row for row in marts["fct_credits"] if row["deal_id"] == deal_id and row["pool"] == "collaboration"
    ]
    assert sorted(row["employee_id"] for row in rows) == earners


def test_a_refund_is_converted_at_the_rate_of_the_signing(marts: Marts) -> None:
    """5 % of 1,000 and of -80."""
    assert amounts(marts, deal_id="yuan") == [50, -4]


def test_held_origination_is_looked_at_again_from_the_next_month_on(marts: Marts) -> None:
    """February has one visit of two; with January it would have five of four, with March it has four of four."""
    lines = lines_of(marts, employee_id="visited", component="origination")
    assert [(x["origin_period"], x["period"], x["status"]) for x in lines] == [
        ("2026-01", "2026-01", "earned"),
        ("2026-02", "2026-02", "held"),
        ("2026-02", "2026-03", "released"),
        ("2026-03", "2026-03", "earned"),
    ]


def test_a_deal_at_the_moment_of_the_lead_is_signed_by_the_visitor(marts: Marts) -> None:
    rows = {row["employee_id"]: row for row in marts["fct_process_bonus"] if row["period"] == "2026-02"}
    assert rows["instant"]["conversion"] == 1


@pytest.mark.parametrize("employee_id", ["unconverted", "early"])
def test_what_is_not_reached_in_two_months_releases_nothing(marts: Marts, employee_id: str) -> None:
    """February and March have eleven visits, one of them signed, or one visit; the four of January count no more."""
    lines = lines_of(marts, employee_id=employee_id, component="origination", origin_period="2026-02")
    assert [(x["period"], x["status"]) for x in lines] == [("2026-02", "held")]


@pytest.mark.parametrize(
    ("employee_id", "expected"),
    [
        ("mover", [("team_growth", "team_of_first", "2.50"), ("team_growth", "team_of_second", "5.00")]),
        ("from_c", [("team_growth", "team_of_second", "5.00")]),
        ("later_in_b", []),
        ("from_d", [("e", "team_of_two", "7.50")]),
    ],
)
def test_a_mover_has_the_growth_of_the_team_of_each_component(
    marts: Marts, employee_id: str, expected: list[tuple[str, str, str]]
) -> None:
    """5 % of the commission of the plan: 50.00 until the 16th, 100.00 from then on, or both under one plan."""
    lines = lines_of(marts, employee_id=employee_id, component="team_growth", period="2026-04")
    found = [(line["component_id"], line["plan_id"], str(line["amount"])) for line in lines]
    assert sorted(found) == expected
