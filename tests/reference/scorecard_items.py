"""One KPI of one scorecard: status, base score, training bonus, score (rulebook 9).

Belongs here: everything about a single item. Does not belong here: groups, totals, money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tests.reference.kpis_base import NOTHING, Facts, Figure, Period, Row, rounded
from tests.reference.kpis_values import attainment_of, target_for
from tests.reference.scorecard_plan import CardKpi, Course, ScorecardPlan

TICK = timedelta(microseconds=1)
ZERO, FULL = Decimal("0.0000"), Decimal("100.0000")


@dataclass(frozen=True)
class Item:
    """A row of `fct_scorecard_items`."""

    kpi: CardKpi
    figure: Figure
    target: Decimal | None
    attainment: Decimal | None
    status: str
    reason: str | None
    is_reached: bool
    base_score: Decimal | None
    training_bonus: Decimal | None
    score: Decimal | None

    @property
    def is_counted(self) -> bool:
        """True when the weight counts in the group ("`excluded` follows `excluded_policy`")."""
        return self.score is not None


def attempts(facts: Facts, employee_id: str, course_id: str, period: Period) -> list[Row]:
    """Attempts "completed by the period's end"."""
    return [
        row
        for row in facts.rows("course_results")
        if (row["employee_id"], row["course_id"]) == (employee_id, course_id)
        and row["completed_at"] is not None
        and row["completed_at"] < min(facts.midnight(period.plus(1).first), facts.as_of + TICK)
    ]


def is_completed(facts: Facts, employee_id: str, course: Course, period: Period) -> bool:
    """The gate asks for a completed course, passed or not."""
    return bool(attempts(facts, employee_id, course.course_id, period))


def has_passed(facts: Facts, employee_id: str, course: Course, period: Period) -> bool:
    """True with at least one passed attempt."""
    return any(row["passed"] for row in attempts(facts, employee_id, course.course_id, period))


def training_bonus(facts: Facts, employee_id: str, course: Course | None, period: Period) -> Decimal:
    """Rule: "`flat` +5 points, or `exam_pct` = exam score × 10 %"; "the best exam among passed attempts"."""
    if course is None or course.bonus == "none" or not has_passed(facts, employee_id, course, period):
        return ZERO
    if course.bonus == "flat":
        return rounded(course.points, 4)
    passed = [row for row in attempts(facts, employee_id, course.course_id, period) if row["passed"]]
    best = max((row["exam_score"] or Decimal(0)) for row in passed)
    return rounded(Fraction(best) * Fraction(course.exam_rate), 4)


def reaches(figure: Figure, target: Decimal | None, direction: str) -> bool:
    """Rule: "Thresholds are compared by cross-multiplication (`actual >= threshold * target`)"."""
    if figure.value is None or figure.numerator is None or target is None:
        return False
    if direction == "higher" and target <= 0:  # a target of zero says nothing (zero_target)
        return False
    return figure.published <= target if direction == "lower" else figure.published >= target


def base_score(kpi: CardKpi, attainment: Decimal, reached: bool, cap: Decimal) -> Decimal:
    """Rule: "min(attainment, max_attainment) × 100"; `threshold` and `pass_fail` as methods."""
    proportional = min(attainment, cap) * 100
    if kpi.method == "threshold":
        points = Decimal(100) if reached else proportional - kpi.deduct
    elif kpi.method == "pass_fail":
        points = Decimal(100) if reached else Decimal(0)
    else:
        points = proportional
    return rounded(max(points, Decimal(0)), 4)


def capped(plan: ScorecardPlan, base: Decimal, bonus: Decimal) -> Decimal:
    """Rule: "Score after bonus is at most `score_cap`"; "No score is below 0"."""
    return rounded(max(min(base + bonus, plan.score_cap), Decimal(0)), 4)


def status_of(
    kpi: CardKpi, figure: Figure, target: Decimal | None, gated: bool, period: Period
) -> tuple[str, str | None]:
    """Scored, excluded or no_data: "a gated KPI is `excluded` even without data"."""
    if gated:
        return "excluded", "course_not_completed"
    if not period.ends(kpi.frequency):
        return "no_data", "no_data"
    if figure.reason == "breach":
        return "excluded", "breach"
    if figure.value is None:
        return "no_data", figure.reason
    if target is None:
        return "no_data", "no_target"
    if kpi.direction == "higher" and target <= 0:
        return "no_data", "zero_target"
    return "scored", None


def make_item(
    facts: Facts,
    plan: ScorecardPlan,
    kpi: CardKpi,
    employee_id: str,
    period: Period,
    figure: Figure = NOTHING,
    *,
    ignore_gate: bool = False,
) -> Item:
    """One item of a card from its figure."""
    target = target_for(facts, employee_id, period, kpi.kpi_id, kpi.frequency, kpi.target)
    course = kpi.course
    gated = course is not None and course.is_gate and not is_completed(facts, employee_id, course, period)
    status, reason = status_of(kpi, figure, target, gated and not ignore_gate, period)
    shown = figure if period.ends(kpi.frequency) else NOTHING
    attainment = attainment_of(shown, target, kpi.direction, plan.max_attainment)
    reached = reaches(shown, target, kpi.direction)
    base = bonus = score = None
    if status == "scored":
        assert attainment is not None
        base = base_score(kpi, attainment, reached, plan.max_attainment)
        bonus = training_bonus(facts, employee_id, course, period)
        score = capped(plan, base, bonus)
    elif status == "excluded" and plan.excluded_policy == "zero":
        base = bonus = score = ZERO
    return Item(kpi, figure, target, attainment, status, reason, reached, base, bonus, score)
