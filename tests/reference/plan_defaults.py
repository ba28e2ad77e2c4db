"""Defaults of every plan setting, from the rulebook.

Belongs here: the numbers marked (given) or (default) in the rulebook and the readings, in the
structure of the plan file. Does not belong here: checking plans (the plan loader's work).
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from tests.reference.placeholder_names import PLACEHOLDER_NAMES
from tests.reference.templates import Row

D = Decimal

LEAD_RULES = [
    "missing_contact", "bad_contact", "duplicate", "existing_customer", "out_of_profile", "rejected", "stale",
]  # fmt: skip

CREDITING: Row = {
    "person_types": ["individual"],  # reading 4
    "placeholder_names": PLACEHOLDER_NAMES,
    "lead_validity": {  # 3.1
        "rules": LEAD_RULES,
        "dedupe_days": 90,
        "accepted_customer_types": [],
        "visit_days": None,
    },
    "deal_source": {  # 3.2, 3.3, reading 10
        "protection_days": 180,
        "lookback_days": 365,
        "origination_departments": ["marketing"],
    },
    "basis": "signed",  # 3.7
    "attribution": {  # 3.5
        "model": "first",
        "position": {"first": D("0.4"), "middle": D("0.2"), "last": D("0.4")},
        "half_life_days": 7,
        "history_months": 12,
    },
    "collaboration": {  # 3.6, reading 18
        "joint": {"rate": D("0.005"), "amount": None, "min_activities": 1},
        "referral": {"rate": D("0.005"), "amount": None},
        "substantive_kinds": ["call", "visit", "meeting", "demo"],
    },
    "transfers": {  # section 5
        "near_certain_days": 30,
        "near_certain_share_months": 3,
        "min_post_activities": 2,
        "min_post_minutes": 30,
        "close_days": 30,
        "window_days": 90,
        "counted_share": D("0.2"),
        "remainder_to": "team",
    },
    "journey": {  # section 12
        "visited": "72h",
        "received": "4h",
        "intent_registered": "14d",
        "contract_archived": "30d",
        "settled": "15d",
        "alert_lapse": "30d",
    },
}

_STEPS = {  # section 7
    "table": [{"growth": D("0.2"), "rate": D("0.15")}, {"growth": D("0.3"), "rate": D("0.20")}],
    "increment": [{"growth": D("0.2"), "rate": D("0.05")}, {"growth": D("0.3"), "rate": D("0.10")}],
}

COMPONENTS: dict[str, Row] = {
    "commission": {
        "rates": None,
        "rate_table": None,
        "cap": None,
        "floor": None,
        "quota": None,
    },  # 4.1 to 4.4
    "collaboration": {},
    "points": {"base": D(10), "by_lead_type": {}, "point_value": D("1.00")},  # 4.5
    "process_bonus": {  # 4.6
        "target": D(20),
        "min_conversion": D("0.2"),
        "bonus": D("1000.00"),
        "origination": "held",
        "trailing_months": 3,
    },
    "task": {  # section 6
        "history_months": 12,
        "best_months": 3,
        "min_history_months": 3,
        "developer_share": D("0.5"),
        "attainment_cap": D("1.2"),
        "target_cap": D("0.7"),
        "pay": "bonus_base",
    },
    "growth_bonus": {  # section 7
        "measure": "counted_sales_amount",
        "baseline": "previous_months",
        "baseline_months": 3,
        "mode": "table",
        "base_rate": D("0.10"),
        "basis": "earned_commission",
        "on": "whole",
        "award": None,
    },
    "team_growth": {
        "measure": "sales_amount",
        "baseline": "previous_months",
        "baseline_months": 3,
        "threshold": D("0.10"),
        "rate": D("0.05"),
    },
    "contribution": {
        "follow_ups_reference": D(40),
        "minutes_reference": D(600),
        "follow_ups_share": D("0.5"),
        "threshold": D(80),
        "bonus": D("500.00"),
    },
    "plan_cap": {"excess": "lost"},  # 4.3
    "draw": {},
    "scorecard": {},
    "roi": {},
}

RATE_TABLE: Row = {  # 4.2
    "mode": "marginal",
    "bound": "upper_inclusive",
    "interval": "month",
    "unit": "amount",
    "quota_kpi": None,
}


def merged(defaults: Row, given: Row | None) -> Row:
    """A copy of the defaults with what was given written over it, mapping by mapping."""
    result = deepcopy(defaults)
    for key, value in (given or {}).items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def fill_plan(raw: Row) -> Row:
    """A plan in the structure of the plan file with every default written out."""
    plan = merged(
        {
            "valid_to": None,
            "timezone": "Asia/Shanghai",
            "currency": "CNY",
            "plan_hash": raw["plan_id"],
            "applies_to": {"departments": [], "positions": []},
            "holds": {"terminated": "hold"},
            "prorate_targets": True,  # reading 53
            "crediting": None,
            "components": [],
        },
        raw,
    )
    for key in ("valid_from", "valid_to"):
        plan[key] = date.fromisoformat(plan[key]) if isinstance(plan[key], str) else plan[key]
    if plan["crediting"] is not None:
        plan["crediting"] = fill_crediting(plan["crediting"])
    plan["components"] = [fill_component(component) for component in plan["components"]]
    return plan


def fill_crediting(raw: Row) -> Row:
    """The crediting section with its defaults; an award by amount has no rate."""
    crediting = merged(CREDITING, raw)
    for name in ("joint", "referral"):
        given = raw.get("collaboration", {}).get(name, {})
        if given.get("amount") is not None and "rate" not in given:
            crediting["collaboration"][name]["rate"] = None
    return crediting


def fill_component(raw: Row) -> Row:
    """A component with its defaults; its id is the pool of a commission, else the type."""
    kind = raw["type"]
    component = merged({"departments": None} | COMPONENTS[kind], raw)
    component["id"] = raw.get("id") or (raw["pool"] if kind == "commission" else kind)
    if component.get("rate_table"):
        component["rate_table"] = merged(RATE_TABLE, component["rate_table"])
        component["rate_table"]["tiers"] = _tiers(component["rate_table"]["tiers"])
    if component.get("cap"):
        component["cap"] = {"excess": "lost"} | component["cap"]
    if component.get("quota"):
        component["quota"] = {"ramp": [D(1)]} | component["quota"]
    if kind == "growth_bonus" and "steps" not in component:
        component["steps"] = deepcopy(_STEPS[component["mode"]])
    return component


def _tiers(raw: list[Row]) -> list[Row]:
    """Tiers with their lower bound, start and end rate; `rate` means both."""
    tiers: list[Row] = []
    lower: Any = D(0)
    for tier in raw:
        start, end = tier.get("start_rate", tier.get("rate")), tier.get("end_rate", tier.get("rate"))
        start, end = (tier["rate"], tier["rate"]) if tier.get("rate") is not None else (start, end)
        tiers.append({"from": lower, "up_to": tier.get("up_to"), "start_rate": start, "end_rate": end})
        lower = tier.get("up_to")
    return tiers
