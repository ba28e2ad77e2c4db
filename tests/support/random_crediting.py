"""Made-up rules of credit: the crediting section of a plan.

Belongs here: every setting of it. Does not belong here: components (``random_plans``, ``random_commission``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.rng import Rng

Row = dict[str, Any]
D = Decimal

LEAD_RULES = [
    *(
        "missing_contact",
        "bad_contact",
        "duplicate",
        "existing_customer",
        "out_of_profile",
        "rejected",
        "stale",
    ),
]


def crediting(rng: Rng) -> Row:
    """The crediting section."""
    return {
        "lead_validity": _lead_validity(rng),
        "deal_source": rng.settings(
            protection_days=[180, 30, 0, 7],
            lookback_days=[365, 30, 0],
            origination_departments=[["marketing"], ["marketing", "sales"], ["sales"]],
        ),
        "attribution": _attribution(rng),
        "collaboration": rng.settings(
            joint=[
                {},
                {"min_activities": 2},
                {"amount": D("100.00")},
                {"rate": D("0.01"), "min_activities": 1},
            ],
            referral=[{}, {"amount": D("33.33")}, {"rate": D("0.1")}],
            substantive_kinds=[["call", "visit", "meeting", "demo"], ["visit"], ["message", "call"]],
        ),
        "transfers": _transfers(rng),
    } | rng.settings(
        placeholder_names=[[], ["acme inc", "Zhang San"]],
        person_types=[["individual"], ["individual", "家庭"], ["vip"]],
        basis=["signed", "invoiced", "collected"],
        journey=[
            {},
            {"alert_lapse": None},
            {"alert_lapse": "1d"},
            {"alert_lapse": "3600s", "visited": "24h"},
        ],
    )


def _lead_validity(rng: Rng) -> Row:
    seldom = rng.one(5, 2)
    rules = [rule for rule in LEAD_RULES if not rng.once_in(seldom)]
    found: Row = {"rules": rules, "dedupe_days": rng.one(90, 0, 30)}
    if "stale" in rules:
        found["visit_days"] = rng.one(None, 30, 1, 7)
    if "out_of_profile" in rules:
        found["accepted_customer_types"] = rng.one([], [], ["company"], ["company", "individual"])
    return found


def _attribution(rng: Rng) -> Row:
    positions = [
        {"first": D("0.4"), "middle": D("0.2"), "last": D("0.4")},
        {"first": D("1"), "middle": D("0"), "last": D("0")},
        {"first": D("0.333333"), "middle": D("0.333333"), "last": D("0.333334")},
        {"first": D("0"), "middle": D("1"), "last": D("0")},
    ]
    return rng.settings(
        model=["first", "last", "linear", "position", "time_decay", "markov", "shapley"],
        position=positions,
        half_life_days=[7, 1, 90],
        history_months=[12, 1, 3],
    )


def _transfers(rng: Rng) -> Row:
    return rng.settings(
        near_certain_days=[30, 0, 7],
        near_certain_share_months=[3, 1, 12],
        min_post_activities=[2, 1],
        min_post_minutes=[30, 5],
        close_days=[30, 0, 90],
        window_days=[90, 30, 0, 365],
        counted_share=[D("0.2"), D("0"), D("1"), D("0.333333")],
        remainder_to=["team", "giver"],
    )
