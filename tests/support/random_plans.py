"""Made-up plans: every setting of credit and pay, in the structure of the plan file.

Belongs here: plans that load, and the components other than commission. Does not belong here: companies
and wrong plans (the unit tests of the loader).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.support.random_commission import commissions
from tests.support.random_crediting import crediting
from tests.support.rng import Rng, last_of_february

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


def plans(rng: Rng, year: int, kinds: Iterable[str] = COMPONENT_TYPES) -> tuple[Row, ...]:
    """One to three plans that load together.

    One or two for marketing and sales, the second following the first, and perhaps one for assistants.

    Args:
        rng: source of chance.
        year: the year in which most of the company's story happens.
        kinds: component types to choose from.
    """
    start = rng.one(date(year, 1, 1), date(year - 1, 12, 15), last_of_february(year))
    change = rng.one(None, None, date(year, 4, 1), *(date(year, 3, 15), date(year, 3, 15)), date(year, 5, 1))
    everybody = ["sales", "marketing", "sales_assistant"]
    found = [_head("main", start, change, rng.one(["marketing", "sales"], everybody))]
    if change:
        found.append(_head("next", change + timedelta(days=rng.one(0, 0, 10)), None, ["marketing", "sales"]))
    for plan in found:
        plan["crediting"] = crediting(rng)
    if "sales_assistant" not in found[0]["applies_to"]["departments"] and rng.once_in(2):
        found.append(
            _head("helpers", start, rng.one(None, date(year, 6, 15), date(year, 5, 1)), ["sales_assistant"])
        )
    first = _some_of(rng, kinds)
    for plan in found:
        own = first if plan is found[0] or rng.once_in(2) else _some_of(rng, kinds)
        plan["components"] = components(rng, own)
        plan["holds"] = {"terminated": rng.one("hold", "hold", "pay")}
        if rng.once_in(3):
            plan["applies_to"]["positions"] = rng.one(["senior", "junior"], ["lead"])
        if rng.once_in(3):
            plan["prorate_targets"] = False
        for component in plan["components"]:
            if rng.once_in(5):
                component["departments"] = rng.several(plan["applies_to"]["departments"], 1, 2)
        for kind, make in (("plan_cap", _plan_cap), ("draw", _draw)):
            plan["components"] = _apart(rng, plan, kind, make)
    if rng.once_in(3):
        found.append(_split_off(rng, found[0]))
    return tuple(found)


def _split_off(rng: Rng, plan: Row) -> Row:
    """A second plan for the same people at the same time, with some of the components."""
    apart = [component for component in plan["components"] if rng.once_in(2)]
    plan["components"] = [component for component in plan["components"] if component not in apart]
    head = {key: value for key, value in plan.items() if key not in ("crediting", "components")}
    return head | {"plan_id": rng.one("again", "zusatz"), "components": apart}


def _head(plan_id: str, start: date, end: date | None, departments: list[str]) -> Row:
    applies_to = {"departments": departments}
    return {"plan_id": plan_id, "valid_from": start, "valid_to": end, "applies_to": applies_to}


def _some_of(rng: Rng, kinds: Iterable[str]) -> list[str]:
    """Commissions, and each other type half of the time."""
    return [kind for kind in kinds if kind == "commission" or rng.once_in(2)]


def components(rng: Rng, kinds: Iterable[str]) -> list[Row]:
    """Components of some types; commissions of both pools."""
    makers: dict[str, Callable[[Rng], list[Row]]] = {
        "points": _points,
        "process_bonus": _process_bonus,
        "task": _task,
        "growth_bonus": _growth_bonuses,
        "team_growth": _team_growth,
        "contribution": _contribution,
        "plan_cap": lambda rng: [_plan_cap(rng)],
        "draw": lambda rng: [_draw(rng)],
        "collaboration": lambda _: [{"type": "collaboration"}],
    }
    found: list[Row] = []
    for kind in kinds:
        if kind == "commission":
            found += commissions(rng, "origination") + commissions(rng, "closing")
        else:
            found += makers[kind](rng)
    return found


def _points(rng: Rng) -> list[Row]:
    found = rng.settings(
        base=[D("10"), D("0"), D("0.5")],
        by_lead_type=[{}, {"web": D("3.333333")}, {"web": D("0"), "exhibition": D("25")}],
        point_value=[D("1.00"), D("0.33"), D("0.00")],
    )
    return [{"type": "points"} | found]


def _process_bonus(rng: Rng) -> list[Row]:
    """Targets small companies reach now and then."""
    found = rng.settings(
        min_conversion=[D("0.2"), D("0.5"), D("1"), D("0.333333")],
        bonus=[D("1000.00"), D("0.01"), D("0.00")],
        origination=["held", "paid", "forfeited"],
        trailing_months=[3, 1, 2],
    )
    return [{"type": "process_bonus", "target": rng.one(D("1"), D("2"), D("0.5"), D("3"))} | found]


def _task(rng: Rng) -> list[Row]:
    history = rng.one(12, 3, 2)
    found = rng.settings(
        developer_share=[D("0.5"), D("1"), D("0.000001")],
        attainment_cap=[D("1.2"), D("1"), D("2.5")],
        target_cap=[D("0.7"), D("1"), D("0.333333")],
        pay=["bonus_base", "none"],
    )
    templates = {profile: _task_items(rng) for profile in ("maintainer", "developer", "unprofiled")}
    months = {
        "history_months": history,
        "best_months": rng.one(1, 2, min(3, history)),
        "min_history_months": rng.one(1, 2, min(3, history)),
    }
    return [{"type": "task", "templates": templates} | months | found]


def _task_items(rng: Rng) -> list[Row]:
    return [
        {
            "measure": measure,
            "weight": rng.one(D("15"), D("25"), D("33.333333")),
            "target": rng.one(D("5"), D("0"), D("1"), D("1000"), D("0.3")),
        }
        for measure in rng.several(MEASURES, 1, 3)
    ]


def _growth_bonuses(rng: Rng) -> list[Row]:
    """One or two growth components, perhaps alternatives of one award."""
    award = rng.one(None, "best")
    found = [_growth_bonus(rng, measure) for measure in rng.several(MEASURES, 1, 2)]
    return [component | {"award": award} for component in found] if award else found


def _growth_bonus(rng: Rng, measure: str) -> Row:
    found: Row = {"type": "growth_bonus", "id": f"growth_{measure}", "measure": measure}
    found |= rng.settings(
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


def _team_growth(rng: Rng) -> list[Row]:
    found = rng.settings(
        baseline=["previous_months", "last_year"],
        baseline_months=[3, 1, 2],
        threshold=[D("0.10"), D("0.000001"), D("1")],
        rate=[D("0.05"), D("0.333333")],
    )
    return [{"type": "team_growth", "measure": rng.of(MEASURES)} | found]


def _contribution(rng: Rng) -> list[Row]:
    """References small companies reach."""
    found = rng.settings(
        follow_ups_reference=[D("2"), D("1"), D("3")],
        minutes_reference=[D("30"), D("10"), D("59.99")],
        follow_ups_share=[D("0.5"), D("0"), D("0.333333")],
        threshold=[D("80"), D("50"), D("100"), D("0")],
        bonus=[D("500.00"), D("0.01")],
    )
    return [{"type": "contribution"} | found]


def _plan_cap(rng: Rng) -> Row:
    amount = rng.one(D("100.00"), D("1000.00"), D("30.01"))
    return {"type": "plan_cap", "amount": amount} | rng.settings(excess=["lost", "carry", "carry"])


def _apart(rng: Rng, plan: Row, kind: str, make: Callable[[Rng], Row]) -> list[Row]:
    """The components, perhaps with a second cap or draw for the departments that the first is not for."""
    departments = plan["applies_to"]["departments"]
    found: list[Row] = plan["components"]
    first = next((component for component in found if component["type"] == kind), None)
    if first is None or rng.once_in(2):
        return found
    first["departments"] = departments[:1]
    if len(departments) == 1:
        return found
    return [*found, make(rng) | {"id": f"{kind}_2", "departments": departments[1:]}]


def _draw(rng: Rng) -> Row:
    amount = rng.one(D("300.00"), D("3000.00"), D("0.01"))
    return {"type": "draw", "amount": amount, "recoverable": rng.once_in(2)}
