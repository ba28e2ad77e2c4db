"""Rows of the scorecard and return-on-investment tables.

Belongs here: what reaches SQL of these two components. Does not belong here: scoring.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext

from compensation.checks.scorecard import is_positive_number
from compensation.model.plan import AnyComponent
from compensation.model.scorecard import Roi, Scorecard, ScorecardKpi, Training, Violations
from compensation.tables.versions import Row, TableRow

#: Violations of one month beyond which the factor no longer changes.
MOST_VIOLATIONS = 366
_FACTOR_PLACES = Decimal("0.000000000001")


def scorecard_rows(component: AnyComponent, key: Row) -> Iterator[TableRow]:
    """Rows of a scorecard or of the investment inputs; none for other types.

    Args:
        component: the component.
        key: its version columns.
    """
    if isinstance(component, Scorecard):
        yield "scorecards", {**key, **_card(component)}
        for ordinal, kpi in enumerate(component.kpis, start=1):
            yield "scorecard_kpis", {**key, "ordinal": ordinal, **_kpi(kpi)}
            yield from _option_rows(kpi, key)
        for grade in component.grades:
            yield "scorecard_grades", {**key, "grade": grade.grade, "min_score": grade.from_}
        for name in component.service_bonus.kpis if component.service_bonus else []:
            yield "scorecard_service_kpis", {**key, "kpi_id": name}
        for count, factor in enumerate(violation_factors(component.violations)):
            yield "violation_factors", {**key, "violation_count": count, "factor": factor}
        for field in component.archive_fields:
            yield "archive_fields", {**key, "field": field}
    elif isinstance(component, Roi):
        yield from _roi_rows(component, key)


def violation_factors(violations: Violations) -> Iterator[Decimal]:
    """What is left of the management score after 0, 1, 2 ... violations (12 places), up to one a day of a leap year.

    The powers of the compounding mode are made here, so that SQL needs no power of a decimal.
    """
    with localcontext() as context:
        context.prec = 60
        for count in range(MOST_VIOLATIONS + 1):
            if violations.mode == "compounding":
                left = (1 - violations.rate) ** count
            else:
                left = max(Decimal(0), 1 - violations.rate * count)
            yield left.quantize(_FACTOR_PLACES, ROUND_HALF_UP)


def number_or_none(text: str) -> Decimal | None:
    """The value of a KPI option as a number, None when it is a word."""
    return Decimal(text) if is_positive_number(text) else None


def _card(card: Scorecard) -> Row:
    """Settings of a scorecard."""
    bonus = card.service_bonus
    return {
        "business_weight": card.group_weights.business,
        "management_weight": card.group_weights.management,
        "max_attainment": card.max_attainment,
        "score_cap": card.score_cap,
        "excluded_policy": card.excluded_policy,
        "violation_rate": card.violations.rate,
        "violation_mode": card.violations.mode,
        "service_bonus_points": bonus.points if bonus else None,
        "service_bonus_group": bonus.group if bonus else None,
        "min_rectification": card.annual_award.min_rectification,
        "pays_bonus": card.pay_bonus,
    }


def _kpi(kpi: ScorecardKpi) -> Row:
    """Settings of a KPI on a scorecard."""
    return {
        "kpi_id": kpi.kpi,
        "group_name": kpi.group,
        "weight": kpi.weight,
        "target": kpi.target,
        "direction": kpi.direction,
        "method": kpi.method,
        "deduct": kpi.deduct,
        "frequency": kpi.frequency,
        **_training(kpi.training),
    }


def _training(training: Training | None) -> Row:
    """The course of a KPI; without one there is no gate and no bonus."""
    if training is None:
        none = {"bonus_points": None, "exam_rate": None}
        return {"course_id": None, "is_gate": False, "training_bonus": "none", **none}
    return {
        "course_id": training.course,
        "is_gate": training.gate,
        "training_bonus": training.bonus,
        "bonus_points": training.points,
        "exam_rate": training.exam_rate,
    }


def _option_rows(kpi: ScorecardKpi, key: Row) -> Iterator[TableRow]:
    """The options of a KPI as the plan has them, catalogue defaults included."""
    for name, value in kpi.options.items():
        option = {"option_name": name, "value_text": value, "value_number": number_or_none(value)}
        yield "kpi_options", {**key, "kpi_id": kpi.kpi, **option}


def _roi_rows(component: Roi, key: Row) -> Iterator[TableRow]:
    """The inputs of the three figures."""
    items = {
        "efficiency": component.efficiency,
        "performance": component.performance,
        "management": component.management,
    }
    for item, inputs in items.items():
        for name, value in inputs.model_dump().items():
            yield "roi_items", {**key, "item": item, "input": name, "value": value}
