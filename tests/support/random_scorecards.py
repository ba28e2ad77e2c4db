"""Made-up scorecards: every setting of rulebook 8, 9, 13 and 14, in the structure of the plan file.

Belongs here: the components `scorecard` and `roi`, the talent signal, pay on KPIs. Does not belong here:
the other components (``random_plans``) and facts (``random_facts``).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from compensation.loader import load_plans
from compensation.model.kpi_catalogue import DEFAULT_CATALOGUE, KpiEntry
from tests.support.random_facts import COURSES
from tests.support.rng import Rng

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


def with_scorecards(rng: Rng, plans: tuple[Row, ...]) -> tuple[Row, ...]:
    """The plans with scorecards, returns on investment and talent signals.

    Nobody has two cards of one day: the plan beside the first for the same people has either all or none.
    """
    beside = [plan for plan in plans if plan["plan_id"] in ("again", "zusatz")]
    without = rng.of([plans[0], beside[0]]) if beside else None
    invested = rng.of(plans)
    found = []
    for number, plan in enumerate(plans):
        components = _paid_once(_on_kpi(rng, _with_talent(rng, one)) for one in plan["components"])
        if plan is not without and (number == 0 or beside or not rng.once_in(4)):
            components += _scorecards(rng, plan["applies_to"]["departments"])
        if plan is invested:
            components.append(_roi(rng))
        found.append(plan | {"components": components})
    return tuple(found)


def _paid_once(components: Iterable[Row]) -> list[Row]:
    """The components without a second growth bonus on one measure, which no plan may have."""
    found: dict[tuple[str, str], Row] = {}
    for number, component in enumerate(components):
        name = component["measure"] if component["type"] == "growth_bonus" else str(number)
        found.setdefault((component["type"], name), component)
    return list(found.values())


def _scorecards(rng: Rng, departments: list[str]) -> list[Row]:
    """One card for everybody, or one for some departments and perhaps another for the others."""
    if len(departments) == 1 or rng.once_in(2):
        return [scorecard(rng)]
    first = departments[: rng.between(1, len(departments) - 1)]
    cards = [scorecard(rng) | {"departments": first}]
    if rng.once_in(2):
        rest = [name for name in departments if name not in first]
        cards.append(scorecard(rng) | {"departments": rest, "id": "a_second_card"})
    return cards


def _with_talent(rng: Rng, component: Row) -> Row:
    if component["type"] != "task" or rng.once_in(2):
        return component
    found = rng.settings(
        measure=["new_customers", "units", "sales_amount"],
        attainment=[D("1.2"), D("0.5"), D("1")],
        months=[3, 1, 2],
    )
    return component | {"talent": found}


def _on_kpi(rng: Rng, component: Row) -> Row:
    """A growth bonus whose measure is a KPI."""
    if component["type"] != "growth_bonus" or rng.once_in(2):
        return component
    return component | {"measure": rng.of(sorted(catalogue()))}


def scorecard(rng: Rng) -> Row:
    """A scorecard component."""
    found: Row = {"type": "scorecard"}
    found |= rng.settings(
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
        archive_fields=[["name", "contact_name"], ["preference", "phone"], ["unified_credit_code", "email"]],
        pay_bonus=[True, True, False],
    )
    groups = ["business", "management"]
    if rng.once_in(8):
        only = rng.of(groups)
        found["group_weights"] = {name: D(100) if name == only else D(0) for name in groups}
        groups = rng.one([only], groups)
    found["kpis"] = [kpi for group in groups for kpi in _kpis(rng, group)]
    found["kpis"] = _once_each(rng, found["kpis"], groups)
    if rng.once_in(2):
        on_card = [kpi["kpi"] for kpi in found["kpis"]]
        service = {"kpis": rng.several(on_card, 1, 2)} | rng.settings(points=[D(5), D("0.5")], group=groups)
        found["service_bonus"] = service
    return found


def _once_each(rng: Rng, kpis: list[Row], groups: list[str]) -> list[Row]:
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
            found.append(_kpi(rng, rng.of(free), group))
            seen.add(found[0]["kpi"])
        for kpi, weight in zip(found, WEIGHTS[len(found)], strict=True):
            kpi["weight"] = D(weight)
    return [kpi for found in kept.values() for kpi in found]


def _kpis(rng: Rng, group: str) -> list[Row]:
    """One to six KPIs, mostly of the group they belong to."""
    own = [name for name, entry in catalogue().items() if entry.group == group]
    pool = sorted(catalogue()) if rng.once_in(3) else own
    return [_kpi(rng, name, group) for name in rng.several(pool, 1, 6)]


def _kpi(rng: Rng, name: str, group: str) -> Row:
    entry = catalogue()[name]
    found: Row = {"kpi": name, "group": group, "weight": D(0), "target": D(rng.of(TARGETS[entry.unit]))}
    if rng.once_in(2):
        found["method"] = rng.one("threshold", "pass_fail")
        found |= rng.settings(deduct=[D(5), D("0.5"), D(0), D(100)])
    if rng.once_in(5):
        found["frequency"] = rng.one("month", "quarter", "year")
    if rng.once_in(3):
        course = {
            "course": rng.of(COURSES),
            "gate": rng.once_in(2),
            "bonus": rng.one("none", "flat", "exam_pct"),
        }
        found["training"] = course | rng.settings(
            points=[D(5), D("12.5")], exam_rate=[D("0.10"), D("0.333333")]
        )
    options = {
        option: rng.of(known.allowed or ["1", "2", "12", "23"]) for option, known in entry.options.items()
    }
    if options and not rng.once_in(3):
        found["options"] = options
    return found


def _roi(rng: Rng) -> Row:
    """Inputs with and without the figures of before."""
    efficiency = {
        "people": D(rng.one("20", "2.5")),
        "weekly_pay": D("1250.55"),
        "share_saved": D(rng.one("0.3", "0.333333")),
    }
    performance = {
        "additional_revenue": D("1000000.01"),
        "margin": D(rng.one("0.15", "0.333333")),
        "system_cost": D("80000.00"),
    }
    management = {
        "customers_kept": D(rng.one("12", "0.5")),
        "average_order": D("30000.33"),
        "margin": D("0.2"),
    }
    return {
        "type": "roi",
        "efficiency": efficiency | rng.settings(weeks=[D(52), D("50.5")]),
        "performance": performance | rng.settings(revenue_before=[D("12345.67")]),
        "management": management | rng.settings(customers_before=[D(100)]),
    }
