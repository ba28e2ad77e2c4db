"""What a scorecard plan says, and whom it covers in a month (rulebook 9, reading 36).

Belongs here: plan settings with the rulebook's defaults, days in a card's department. Does not
belong here: reading plan files, scoring.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tests.reference.kpis_base import Facts, Period, Row


@dataclass(frozen=True)
class Course:
    """The course linked to a KPI: gate and bonus ("`flat` +5 points, or `exam_pct` = exam score × 10 %")."""

    course_id: str
    is_gate: bool = True
    bonus: str = "none"
    points: Decimal = Decimal(5)
    exam_rate: Decimal = Decimal("0.10")


@dataclass(frozen=True)
class CardKpi:
    """One KPI of a scorecard."""

    kpi_id: str
    group: str
    weight: Decimal
    target: Decimal
    direction: str = "higher"
    method: str = "ratio"
    deduct: Decimal = Decimal(5)
    frequency: str = "month"
    options: Mapping[str, str] = field(default_factory=dict)
    course: Course | None = None


@dataclass(frozen=True)
class ServiceBonus:
    """Rule: "Complaint handling and return rate both reached → bonus points on the management score"."""

    kpis: tuple[str, ...] = ("complaint_handling", "customer_return_rate")
    points: Decimal = Decimal(5)
    group: str = "management"


@dataclass(frozen=True)
class ScorecardPlan:
    """A scorecard component of a plan with the rulebook's defaults."""

    plan_id: str
    kpis: tuple[CardKpi, ...]
    plan_hash: str = ""
    component_id: str = "scorecard"
    departments: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    valid_from: date = date(2026, 1, 1)
    valid_to: date = date(9999, 12, 31)
    currency: str = "CNY"
    group_weights: Mapping[str, Decimal] = field(
        default_factory=lambda: {"business": Decimal(60), "management": Decimal(40)}
    )
    max_attainment: Decimal = Decimal("1.2")
    score_cap: Decimal = Decimal(120)
    excluded_policy: str = "zero"
    violation_rate: Decimal = Decimal("0.10")
    violation_mode: str = "linear"
    service_bonus: ServiceBonus | None = None
    min_rectification: Decimal = Decimal(1)
    grades: tuple[tuple[str, Decimal], ...] = (
        ("A", Decimal(90)),
        ("B", Decimal(75)),
        ("C", Decimal(60)),
        ("D", Decimal(0)),
    )
    archive_fields: tuple[str, ...] = ("name", "customer_type", "phone", "contact_name", "preference")
    pays_bonus: bool = True
    prorates_targets: bool = True

    def entry(self, kpi_id: str) -> CardKpi | None:
        """The entry of a KPI, None when the plan does not list it."""
        return next((kpi for kpi in self.kpis if kpi.kpi_id == kpi_id), None)

    def covers(self, assignment: Row) -> bool:
        """True when department and position match; an empty list means any."""
        in_department = not self.departments or assignment["department"] in self.departments
        return in_department and (not self.positions or assignment["position"] in self.positions)

    def in_force(self, day: date) -> bool:
        """Half-open validity."""
        return self.valid_from <= day < self.valid_to


@dataclass(frozen=True)
class Segment:
    """Days of one assignment under one plan inside a month."""

    assignment: Row
    days: int


def segments(facts: Facts, plan: ScorecardPlan, employee_id: str, period: Period) -> list[Segment]:
    """Rule: "Bonus base is prorated by days in the card's department"; both ends included."""
    found: list[Segment] = []
    for row in facts.rows("int_assignments"):
        if row["employee_id"] == employee_id and plan.covers(row):
            start = max(row["valid_from"], plan.valid_from, period.first)
            end = min(row["valid_to"], plan.valid_to, period.last + timedelta(days=1))
            if start < end:
                found.append(Segment(row, (end - start).days))
    return sorted(found, key=lambda segment: segment.assignment["valid_from"])


def cards(facts: Facts, period: Period) -> list[tuple[str, ScorecardPlan, list[Segment]]]:
    """Rule: "one scorecard per plan": every employee and plan with at least one day in the month."""
    found: list[tuple[str, ScorecardPlan, list[Segment]]] = []
    for employee_id in sorted(facts.employed(period)):
        for plan in sorted(facts.plans, key=lambda plan: (plan.plan_id, plan.component_id)):
            days = segments(facts, plan, employee_id, period)
            if days:
                found.append((employee_id, plan, days))
    return found


def plan_of(facts: Facts, employee_id: str, period: Period) -> ScorecardPlan | None:
    """The scorecard plan of the last assignment of the month, in force on its last day there."""
    assignment = facts.last_assignment(employee_id, period)
    if assignment is None:
        return None
    last_day = min(assignment["valid_to"] - timedelta(days=1), period.last)
    found = [plan for plan in facts.plans if plan.covers(assignment) and plan.in_force(last_day)]
    return min(found, key=lambda plan: (plan.plan_id, plan.component_id), default=None)
