"""Made-up plans: every setting of credit and pay, in the structure of the plan file.

Belongs here: plans that load, and the components other than commission. Does not belong here: companies
and wrong plans (the unit tests of the loader).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.support.dice import Dice, last_of_february
from tests.support.random_commission import commissions
from tests.support.random_crediting import crediting

Row = dict[str, Any]
D = Decimal

MEASURES = [
    *("sales_amount", "counted_sales_amount", "new_customer_amount", "repurchase_amount", "new_customers"),
    *("units", "deals_assisted", "customers_maintained", "valid_leads", "valid_visits"),
]
LEAD_TYPES = ["exhibition", "web"]
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
                component["departments"] = dice.several(plan["applies_to"]["departments"], 1, 2)
        plan["components"] = _caps_apart(dice, plan)
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
            found += commissions(dice, "origination") + commissions(dice, "closing")
        elif dice.once_in(2):
            found += makers[kind](dice)
    return found


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


def _caps_apart(dice: Dice, plan: Row) -> list[Row]:
    """The components, perhaps with a second plan cap for the departments that the first is not for."""
    departments = plan["applies_to"]["departments"]
    found: list[Row] = plan["components"]
    cap = next((component for component in found if component["type"] == "plan_cap"), None)
    if cap is None or dice.once_in(2):
        return found
    cap["departments"] = departments[:1]
    if len(departments) == 1:
        return found
    return [*found, *(second | {"id": "cap_2", "departments": departments[1:]} for second in _plan_cap(dice))]


def _draw(dice: Dice) -> list[Row]:
    amount = dice.one(D("300.00"), D("3000.00"), D("0.01"))
    return [{"type": "draw", "amount": amount, "recoverable": dice.once_in(2)}]
