"""Made-up scorecards: every setting of rulebook 8, 9, 13 and 14, in the structure of the plan file.

Belongs here: the components `scorecard` and `roi`, the talent signal, pay on KPIs. Does not belong here:
the other components (``random_plans``) and facts (``random_facts``).
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from compensation.loader import load_plans
from compensation.model.kpi_catalogue import DEFAULT_CATALOGUE, KpiEntry
from tests.support.dice import Dice
from tests.support.random_facts import COURSES

Row = dict[str, Any]
D = Decimal

#: weights of one to six KPIs of a group; each list adds up to 100
WEIGHTS = {1: ["100"], 2: ["50", "50"], 3: ["33.3", "33.3", "33.4"], 4: ["10", "20", "30", "40"]}
WEIGHTS |= {5: ["20"] * 5, 6: ["5", "5", "10", "20", "30", "30"]}
TARGETS = {
    "ratio": ["0.5", "1", "0.02", "0.333333"],
    "count": ["1", "2", "10", "0.5"],
    "money": ["33.33", "1000", "100000"],
    "hours": ["24", "1"],
    "times": ["0.5", "6"],
    "rating": ["9", "6.67"],
}


@cache
def catalogue() -> dict[str, KpiEntry]:
    """The KPIs there are."""
    return dict(load_plans([DEFAULT_CATALOGUE.parent]).catalogue)


def with_scorecards(dice: Dice, plans: tuple[Row, ...]) -> tuple[Row, ...]:
    """The plans with scorecards, returns on investment and talent signals.

    Nobody has two cards of one day: the plan beside the first for the same people has either all or none.
    """
    beside = [plan for plan in plans if plan["plan_id"] in ("again", "zusatz")]
    without = dice.of([plans[0], beside[0]]) if beside else None
    invested = dice.of(plans)
    found = []
    for number, plan in enumerate(plans):
        components = [_on_kpi(dice, _with_talent(dice, component)) for component in plan["components"]]
        if plan is not without and (number == 0 or beside or not dice.once_in(4)):
            components += _scorecards(dice, plan["applies_to"]["departments"])
        if plan is invested:
            components.append(_roi(dice))
        found.append(plan | {"components": components})
    return tuple(found)


def _scorecards(dice: Dice, departments: list[str]) -> list[Row]:
    """One card for everybody, or one for some departments and perhaps another for the others."""
    if len(departments) == 1 or dice.once_in(2):
        return [scorecard(dice)]
    first = departments[: dice.between(1, len(departments) - 1)]
    cards = [scorecard(dice) | {"departments": first}]
    if dice.once_in(2):
        rest = [name for name in departments if name not in first]
        cards.append(scorecard(dice) | {"departments": rest, "id": "a_second_card"})
    return cards


def _with_talent(dice: Dice, component: Row) -> Row:
    if component["type"] != "task" or dice.once_in(2):
        return component
    found = dice.settings(
        measure=["new_customers", "units", "sales_amount"],
        attainment=[D("1.2"), D("0.5"), D("1")],
        months=[3, 1, 2],
    )
    return component | {"talent": found}


def _on_kpi(dice: Dice, component: Row) -> Row:
    """A growth bonus whose measure is a KPI."""
    if component["type"] != "growth_bonus" or dice.once_in(2):
        return component
    return component | {"measure": dice.of(sorted(catalogue()))}


def scorecard(dice: Dice) -> Row:
    """A scorecard component."""
    found: Row = {"type": "scorecard"}
    found |= dice.settings(
        group_weights=[
            {"business": D(50), "management": D(50)},
            {"business": D("33.333333"), "management": D("66.666667")},
        ],
        max_attainment=[D("1.2"), D("1"), D("3.5")],
        score_cap=[D("120"), D("100"), D("97.5")],
        excluded_policy=["zero", "redistribute", "redistribute"],
        violations=[
            {"rate": D("0.10"), "mode": "compounding"},
            {"rate": D("0.333333")},
            {"mode": "compounding"},
        ],
        annual_award=[{"min_rectification": D("0.5")}],
        grades=[
            [
                {"grade": "S", "from": D("99.9")},
                {"grade": "ok", "from": D("50")},
                {"grade": "no", "from": D(0)},
            ]
        ],
        archive_fields=[["name"], ["name", "contact_name"], ["preference", "phone"]],
        pay_bonus=[True, True, False],
    )
    groups = ["business", "management"]
    if dice.once_in(8):
        only = dice.of(groups)
        found["group_weights"] = {name: D(100) if name == only else D(0) for name in groups}
        groups = dice.one([only], groups)
    found["kpis"] = [kpi for group in groups for kpi in _kpis(dice, group)]
    found["kpis"] = _once_each(dice, found["kpis"], groups)
    if dice.once_in(2):
        on_card = [kpi["kpi"] for kpi in found["kpis"]]
        service = {"kpis": dice.several(on_card, 1, 2)} | dice.settings(points=[D(5), D("0.5")], group=groups)
        found["service_bonus"] = service
    return found


def _once_each(dice: Dice, kpis: list[Row], groups: list[str]) -> list[Row]:
    """A KPI drawn for both groups stays in the first."""
    seen: set[str] = set()
    kept: dict[str, list[Row]] = {group: [] for group in groups}
    for kpi in kpis:
        if kpi["kpi"] not in seen:
            seen.add(kpi["kpi"])
            kept[kpi["group"]].append(kpi)
    for group, found in kept.items():
        if not found:
            free = sorted(set(catalogue()) - seen)
            found.append(_kpi(dice, dice.of(free), group))
            seen.add(found[0]["kpi"])
        for kpi, weight in zip(found, WEIGHTS[len(found)], strict=True):
            kpi["weight"] = D(weight)
    return [kpi for found in kept.values() for kpi in found]


def _kpis(dice: Dice, group: str) -> list[Row]:
    """One to six KPIs, mostly of the group they belong to."""
    own = [name for name, entry in catalogue().items() if entry.group == group]
    pool = sorted(catalogue()) if dice.once_in(3) else own
    return [_kpi(dice, name, group) for name in dice.several(pool, 1, 6)]


def _kpi(dice: Dice, name: str, group: str) -> Row:
    entry = catalogue()[name]
    found: Row = {"kpi": name, "group": group, "weight": D(0), "target": D(dice.of(TARGETS[entry.unit]))}
    if dice.once_in(2):
        found["method"] = dice.one("threshold", "pass_fail")
        found |= dice.settings(deduct=[D(5), D("0.5"), D(0), D(100)])
    if dice.once_in(5):
        found["frequency"] = dice.one("month", "quarter", "year")
    if dice.once_in(3):
        course = {
            "course": dice.of(COURSES),
            "gate": dice.once_in(2),
            "bonus": dice.one("none", "flat", "exam_pct"),
        }
        found["training"] = course | dice.settings(
            points=[D(5), D("12.5")], exam_rate=[D("0.10"), D("0.333333")]
        )
    options = {
        option: dice.of(known.allowed or ["1", "2", "12", "23"]) for option, known in entry.options.items()
    }
    if options and dice.once_in(2):
        found["options"] = options
    return found


def _roi(dice: Dice) -> Row:
    """Inputs with and without the figures of before."""
    efficiency = {
        "people": D(dice.one("20", "2.5")),
        "weekly_pay": D("1250.55"),
        "share_saved": D(dice.one("0.3", "0.333333")),
    }
    performance = {
        "additional_revenue": D("1000000.01"),
        "margin": D(dice.one("0.15", "0.333333")),
        "system_cost": D("80000.00"),
    }
    management = {
        "customers_kept": D(dice.one("12", "0.5")),
        "average_order": D("30000.33"),
        "margin": D("0.2"),
    }
    return {
        "type": "roi",
        "efficiency": efficiency | dice.settings(weeks=[D(52), D("50.5")]),
        "performance": performance | dice.settings(revenue_before=[D("12345.67")]),
        "management": management | dice.settings(customers_before=[D(100)]),
    }
