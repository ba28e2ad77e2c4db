"""Scorecard, talent and investment settings from plan files.

Belongs here: turning the nested mapping of a plan into what the rules of sections 9, 13 and 14 read.
Does not belong here: defaults of pay components (`plan_defaults.py`), checking plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from tests.reference.kpis_base import Crediting
from tests.reference.kpis_values import CATALOGUE
from tests.reference.reports_boards import Talent
from tests.reference.roi import roi_rows
from tests.reference.scorecard_plan import CardKpi, Course, ScorecardPlan, ServiceBonus

OPEN_END = date(9999, 12, 31)
MANAGEMENT = ("papers", "projects", "research_output")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(duration: str | int) -> int:
    """Seconds of a text like 72h or 14d."""
    return duration if isinstance(duration, int) else int(duration[:-1]) * SECONDS[duration[-1]]


def crediting_of(policy: dict[str, Any]) -> Crediting:
    """What alerts and KPIs read from a crediting policy."""
    limits = dict(policy["journey"])
    lapse = limits.pop("alert_lapse")
    stages = {stage: seconds(limit) for stage, limit in limits.items()}
    return Crediting(policy["currency"], stages, None if lapse is None else seconds(lapse))


def _course(raw: dict[str, Any] | None) -> Course | None:
    if raw is None:
        return None
    return Course(
        raw["course"],
        raw.get("gate", True),
        raw.get("bonus", "none"),
        Decimal(raw.get("points", 5)),
        Decimal(raw.get("exam_rate", "0.10")),
    )


def _entry(raw: dict[str, Any]) -> CardKpi:
    """One KPI; group, direction and frequency come from the catalogue when the plan is silent."""
    known = CATALOGUE.get(raw["kpi"])
    group = known.group if known else ("management" if raw["kpi"] in MANAGEMENT else "business")
    return CardKpi(
        raw["kpi"],
        raw.get("group", group),
        Decimal(raw["weight"]),
        Decimal(raw["target"]),
        raw.get("direction", known.direction if known else "higher"),
        raw.get("method", "ratio"),
        Decimal(raw.get("deduct", 5)),
        raw.get("frequency", known.frequency if known else "month"),
        {name: str(value) for name, value in raw.get("options", {}).items()},
        _course(raw.get("training")),
    )


def _service(raw: dict[str, Any] | None) -> ServiceBonus | None:
    if raw is None:
        return None
    default = ServiceBonus()
    return ServiceBonus(
        tuple(raw.get("kpis", default.kpis)),
        Decimal(raw.get("points", default.points)),
        raw.get("group", default.group),
    )


def _given(raw: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Settings the component names; the others keep the rulebook's defaults."""
    for name in ("max_attainment", "score_cap"):
        if name in raw:
            yield name, Decimal(raw[name])
    weights = {"business": 60, "management": 40} | raw.get("group_weights", {})
    yield "group_weights", {name: Decimal(weight) for name, weight in weights.items()}
    violations = raw.get("violations", {})
    yield "violation_rate", Decimal(violations.get("rate", "0.10"))
    yield "violation_mode", violations.get("mode", "linear")
    yield "service_bonus", _service(raw.get("service_bonus"))
    yield "min_rectification", Decimal(raw.get("annual_award", {}).get("min_rectification", 1))
    if "grades" in raw:
        yield "grades", tuple((band["grade"], Decimal(band["from"])) for band in raw["grades"])
    if "archive_fields" in raw:
        yield "archive_fields", tuple(raw["archive_fields"])
    yield "excluded_policy", raw.get("excluded_policy", "zero")
    yield "pays_bonus", raw.get("pay_bonus", True)


def scorecard_of(plan: dict[str, Any], component: dict[str, Any]) -> ScorecardPlan:
    """One scorecard component of a plan."""
    return ScorecardPlan(
        plan["plan_id"],
        tuple(_entry(raw) for raw in component["kpis"]),
        plan["plan_hash"],
        component["id"],
        tuple(component.get("departments") or plan["applies_to"]["departments"]),
        tuple(plan["applies_to"]["positions"] or ()),
        plan["valid_from"],
        plan["valid_to"] or OPEN_END,
        plan["currency"],
        prorates_targets=plan.get("prorate_targets", True),
        **dict(_given(component)),
    )


def components(plans: list[dict[str, Any]], kind: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Plan and component of every component of a type."""
    for plan in plans:
        for component in plan["components"]:
            if component["type"] == kind:
                yield plan, component


def scorecards(plans: list[dict[str, Any]]) -> list[ScorecardPlan]:
    """All scorecard components."""
    return [scorecard_of(plan, component) for plan, component in components(plans, "scorecard")]


def talents(plans: list[dict[str, Any]]) -> dict[str, Talent]:
    """The talent signal by plan_id."""
    found: dict[str, Talent] = {}
    for plan, component in components(plans, "task"):
        raw = component.get("talent") or {}
        found[plan["plan_id"]] = Talent(
            raw.get("measure", "new_customers"),
            Decimal(raw.get("attainment", "1.2")),
            int(raw.get("months", 3)),
        )
    return found


def investments(plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `fct_roi` of all plans."""
    items = ("efficiency", "performance", "management")
    rows: list[dict[str, Any]] = []
    for plan, component in components(plans, "roi"):
        inputs = {name: component[name] for name in items if name in component}
        rows += roi_rows(plan["plan_id"], plan["currency"], inputs)
    return rows
