"""Made-up plans: every setting of credit and pay, in the structure of the plan file.

Belongs here: plans that load. Does not belong here: companies and wrong plans (the unit tests of the
loader).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.support.dice import Dice, last_of_february

Row = dict[str, Any]
D = Decimal

SOURCES = ["marketing", "self_sourced", "referral", "repurchase"]
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
MEASURES = [
    *("sales_amount", "counted_sales_amount", "new_customer_amount", "repurchase_amount", "new_customers"),
    *("units", "deals_assisted", "customers_maintained", "valid_leads", "valid_visits"),
]
LEAD_TYPES = ["exhibition", "web"]
RATES = [D("0.04"), D("0.02"), D("0.05"), D("0.005"), D("0.033333"), D("0"), D("1"), D("0.00000001")]
COMPONENT_TYPES = [
    *("commission", "collaboration", "points", "process_bonus", "task", "growth_bonus", "team_growth"),
    *("contribution", "plan_cap", "draw"),
]


def plans(dice: Dice, year: int, kinds: Iterable[str] = COMPONENT_TYPES) -> tuple[Row, ...]:
    """One to three plans that load together.

    One or two for marketing and sales, the second following the first, and perhaps one for assistants.

    Args:
        dice: source of chance.
        year: the year in which most of the company's story happens.
        kinds: component types to choose from.
    """
    start = dice.one(date(year, 1, 1), date(year - 1, 12, 15), last_of_february(year))
    change = dice.one(None, None, date(year, 4, 1), date(year, 3, 15))
    everybody = ["sales", "marketing", "sales_assistant"]
    found = [_head("main", start, change, dice.one(["marketing", "sales"], everybody))]
    if change:
        found.append(_head("next", change + timedelta(days=dice.one(0, 0, 10)), None, ["marketing", "sales"]))
    for plan in found:
        plan["crediting"] = crediting(dice)
    if "sales_assistant" not in found[0]["applies_to"]["departments"] and dice.once_in(2):
        found.append(_head("helpers", start, dice.one(None, date(year, 6, 15)), ["sales_assistant"]))
    for plan in found:
        plan["components"] = components(dice, kinds)
        plan["holds"] = {"terminated": dice.one("hold", "hold", "pay")}
        if dice.once_in(4):
            plan["applies_to"]["positions"] = ["senior", "junior"]
        for component in plan["components"]:
            if dice.once_in(5):
                component["departments"] = [dice.of(plan["applies_to"]["departments"])]
    if dice.once_in(3):
        found.append(_split_off(dice, found[0]))
    return tuple(found)


def _split_off(dice: Dice, plan: Row) -> Row:
    """A second plan for the same people at the same time, with some of the components."""
    apart = [component for component in plan["components"] if dice.once_in(2)]
    plan["components"] = [component for component in plan["components"] if component not in apart]
    head = {key: value for key, value in plan.items() if key not in ("crediting", "components")}
    return head | {"plan_id": dice.one("again", "zusatz"), "components": apart}


def _head(plan_id: str, start: date, end: date | None, departments: list[str]) -> Row:
    applies_to = {"departments": departments}
    return {"plan_id": plan_id, "valid_from": start, "valid_to": end, "applies_to": applies_to}


def crediting(dice: Dice) -> Row:
    """The crediting section."""
    return {
        "lead_validity": _lead_validity(dice),
        "deal_source": dice.settings(
            protection_days=[180, 30, 0, 7],
            lookback_days=[365, 30, 0],
            origination_departments=[["marketing"], ["marketing", "sales"], ["sales"]],
        ),
        "attribution": _attribution(dice),
        "collaboration": dice.settings(
            joint=[
                {},
                {"min_activities": 2},
                {"amount": D("100.00")},
                {"rate": D("0.01"), "min_activities": 1},
            ],
            referral=[{}, {"amount": D("33.33")}, {"rate": D("0.1")}],
            substantive_kinds=[["call", "visit", "meeting", "demo"], ["visit"], ["message", "call"]],
        ),
        "transfers": _transfers(dice),
    } | dice.settings(
        person_types=[["individual"], ["individual", "家庭"], ["vip"]],
        basis=["signed", "invoiced", "collected"],
    )


def _lead_validity(dice: Dice) -> Row:
    rules = [rule for rule in LEAD_RULES if not dice.once_in(5)]
    found: Row = {"rules": rules, "dedupe_days": dice.one(90, 0, 30)}
    if "stale" in rules:
        found["visit_days"] = dice.one(None, 30, 1, 7)
    if "out_of_profile" in rules:
        found["accepted_customer_types"] = dice.one([], [], ["company"], ["company", "individual"])
    return found


def _attribution(dice: Dice) -> Row:
    positions = [
        {"first": D("0.4"), "middle": D("0.2"), "last": D("0.4")},
        {"first": D("1"), "middle": D("0"), "last": D("0")},
        {"first": D("0.333333"), "middle": D("0.333333"), "last": D("0.333334")},
        {"first": D("0"), "middle": D("1"), "last": D("0")},
    ]
    return dice.settings(
        model=["first", "last", "linear", "position", "time_decay", "markov", "shapley"],
        position=positions,
        half_life_days=[7, 1, 90],
        history_months=[12, 1, 3],
    )


def _transfers(dice: Dice) -> Row:
    return dice.settings(
        near_certain_days=[30, 0, 7],
        near_certain_share_months=[3, 1, 12],
        min_post_activities=[2, 1],
        min_post_minutes=[30, 5],
        close_days=[30, 0, 90],
        window_days=[90, 30, 0, 365],
        counted_share=[D("0.2"), D("0"), D("1"), D("0.333333")],
        remainder_to=["team", "giver"],
    )


def components(dice: Dice, kinds: Iterable[str] = COMPONENT_TYPES) -> list[Row]:
    """The components of a plan: commissions of both pools, and each other type half of the time."""
    makers: dict[str, Callable[[Dice], list[Row]]] = {
        "points": _points,
        "process_bonus": _process_bonus,
        "task": _task,
        "growth_bonus": _growth_bonuses,
        "team_growth": _team_growth,
        "contribution": _contribution,
        "plan_cap": _plan_cap,
        "draw": _draw,
        "collaboration": lambda _: [{"type": "collaboration"}],
    }
    found: list[Row] = []
    for kind in kinds:
        if kind == "commission":
            found += _commissions(dice, "origination") + _commissions(dice, "closing")
        elif dice.once_in(2):
            found += makers[kind](dice)
    return found


def _commissions(dice: Dice, pool: str) -> list[Row]:
    """Each source at a flat rate, by a table, or not at all."""
    sources = ["marketing"] if pool == "origination" else SOURCES
    how = {source: dice.one("flat", "flat", "table", "table", "none") for source in sources}
    flat = {source: dice.of(RATES) for source in sources if how[source] == "flat"}
    tabled = [source for source in sources if how[source] == "table"]
    found: list[Row] = []
    if flat:
        found.append(
            {"type": "commission", "id": f"{pool}_flat", "pool": pool, "rates": flat} | _limits(dice)
        )
    groups = [tabled] if dice.once_in(2) else [[source] for source in tabled]
    for number, group in enumerate(group for group in groups if group):
        found.append(_table_component(dice, pool, f"{pool}_table_{number}", group))
    return found


def _limits(dice: Dice) -> Row:
    """A cap, a floor, both or none."""
    found: Row = {}
    if dice.once_in(3):
        amount = dice.one(D("500.00"), D("20.00"), D("150.00"))
        found["cap"] = {"amount": amount} | dice.settings(excess=["lost", "carry"])
    if dice.once_in(4):
        found["floor"] = {"amount": dice.one(D("20.00"), D("0.01"), D("10.01"))}
    return found


def _table_component(dice: Dice, pool: str, component_id: str, sources: list[str]) -> Row:
    unit = dice.one("amount", "amount", "quota_pct")
    mode = dice.one("marginal", "whole", "interpolated")
    table: Row = {"sources": sources, "mode": mode, "unit": unit, "tiers": _tiers(dice, mode, unit)}
    table |= dice.settings(
        bound=["upper_inclusive", "lower_inclusive"], interval=["month", "quarter", "year"]
    )
    found: Row = {"type": "commission", "id": component_id, "pool": pool, "rate_table": table}
    if unit == "quota_pct":
        kpi = dice.one("sales_amount", "counted_sales_amount")
        if dice.once_in(2):
            found["quota"] = {"kpi": kpi, "ramp": dice.one([D("0.5"), D("0.75"), D("1")], [D("0.1")])}
        else:
            table["quota_kpi"] = kpi
    return found | _limits(dice)


def _tiers(dice: Dice, mode: str, unit: str) -> list[Row]:
    bounds = [D("0.5"), D("1"), D("1.2")] if unit == "quota_pct" else [D("100"), D("1000"), D("3000.01")]
    tiers: list[Row] = []
    for bound in [*bounds[: dice.upto(3)], None]:
        tier: Row = {"up_to": bound, "rate": dice.one(D("0.01"), D("0.02"), D("0.05"), D("0.1"), D("0"))}
        if mode == "interpolated" and bound is not None and dice.once_in(2):
            tier = {"up_to": bound, "start_rate": tier["rate"], "end_rate": dice.of(RATES)}
        tiers.append(tier)
    return tiers


def _points(dice: Dice) -> list[Row]:
    found = dice.settings(
        base=[D("10"), D("0"), D("0.5")],
        by_lead_type=[{}, {"web": D("3.333333")}, {"web": D("0"), "exhibition": D("25")}],
        point_value=[D("1.00"), D("0.33"), D("0.00")],
    )
    return [{"type": "points"} | found]


def _process_bonus(dice: Dice) -> list[Row]:
    """Targets small companies reach now and then."""
    found = dice.settings(
        min_conversion=[D("0.2"), D("0.5"), D("1"), D("0.333333")],
        bonus=[D("1000.00"), D("0.01"), D("0.00")],
        origination=["held", "paid", "forfeited"],
        trailing_months=[3, 1, 2],
    )
    return [{"type": "process_bonus", "target": dice.one(D("1"), D("2"), D("0.5"), D("3"))} | found]


def _task(dice: Dice) -> list[Row]:
    history = dice.one(12, 3, 2)
    found = dice.settings(
        developer_share=[D("0.5"), D("1"), D("0.000001")],
        attainment_cap=[D("1.2"), D("1"), D("2.5")],
        target_cap=[D("0.7"), D("1"), D("0.333333")],
        pay=["bonus_base", "none"],
    )
    templates = {profile: _task_items(dice) for profile in ("maintainer", "developer", "unprofiled")}
    months = {
        "history_months": history,
        "best_months": dice.one(1, 2, min(3, history)),
        "min_history_months": dice.one(1, 2, min(3, history)),
    }
    return [{"type": "task", "templates": templates} | months | found]


def _task_items(dice: Dice) -> list[Row]:
    return [
        {
            "measure": measure,
            "weight": dice.one(D("15"), D("25"), D("33.333333")),
            "target": dice.one(D("5"), D("0"), D("1"), D("1000"), D("0.3")),
        }
        for measure in dice.several(MEASURES, 1, 3)
    ]


def _growth_bonuses(dice: Dice) -> list[Row]:
    """One or two growth components, perhaps alternatives of one award."""
    award = dice.one(None, "best")
    found = [_growth_bonus(dice, measure) for measure in dice.several(MEASURES, 1, 2)]
    return [component | {"award": award} for component in found] if award else found


def _growth_bonus(dice: Dice, measure: str) -> Row:
    found: Row = {"type": "growth_bonus", "id": f"growth_{measure}", "measure": measure}
    found |= dice.settings(
        baseline=["previous_months", "last_year"],
        baseline_months=[3, 1, 2],
        base_rate=[D("0.10"), D("0"), D("0.000001")],
        basis=["earned_commission", "measure", "bonus_base"],
        on=["whole", "increment_only"],
        mode=["table", "increment"],
        steps=[
            [],
            [{"growth": D("0"), "rate": D("0.3")}],
            [{"growth": D("0.2"), "rate": D("0.15")}, {"growth": D("1"), "rate": D("0.333333")}],
        ],
    )
    return found


def _team_growth(dice: Dice) -> list[Row]:
    found = dice.settings(
        baseline=["previous_months", "last_year"],
        baseline_months=[3, 1, 2],
        threshold=[D("0.10"), D("0.000001"), D("1")],
        rate=[D("0.05"), D("0.333333")],
    )
    return [{"type": "team_growth", "measure": dice.of(MEASURES)} | found]


def _contribution(dice: Dice) -> list[Row]:
    """References small companies reach."""
    found = dice.settings(
        follow_ups_reference=[D("2"), D("1"), D("3")],
        minutes_reference=[D("30"), D("10"), D("59.99")],
        follow_ups_share=[D("0.5"), D("0"), D("0.333333")],
        threshold=[D("80"), D("50"), D("100"), D("0")],
        bonus=[D("500.00"), D("0.01")],
    )
    return [{"type": "contribution"} | found]


def _plan_cap(dice: Dice) -> list[Row]:
    amount = dice.one(D("100.00"), D("1000.00"), D("30.01"))
    return [{"type": "plan_cap", "amount": amount} | dice.settings(excess=["lost", "carry"])]


def _draw(dice: Dice) -> list[Row]:
    amount = dice.one(D("300.00"), D("3000.00"), D("0.01"))
    return [{"type": "draw", "amount": amount, "recoverable": dice.once_in(2)}]
