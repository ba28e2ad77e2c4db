"""Which plan, component and crediting policy is in force (sections 0, 2; decisions R3 to R5).

Belongs here: effective dating of plans and policies. Does not belong here: what a component pays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.months import OPEN_END, first_day, shift
from tests.reference.people import UNRESOLVED, Assignment, People
from tests.reference.plan_defaults import fill_crediting
from tests.reference.templates import Row


@dataclass(frozen=True)
class Paying:
    """A component of a plan."""

    plan: Row
    component: Row

    @property
    def plan_id(self) -> str:
        """Id of the plan."""
        return str(self.plan["plan_id"])

    @property
    def component_id(self) -> str:
        """Id of the component inside its plan."""
        return str(self.component["id"])

    @property
    def key(self) -> tuple[str, str]:
        """Plan and component."""
        return self.plan_id, self.component_id

    def covers(self, role: Assignment) -> bool:
        """True when a role is one of those the component is for."""
        departments = self.component["departments"] or self.plan["applies_to"]["departments"]
        positions = self.plan["applies_to"]["positions"]
        return (not departments or role.department in departments) and (
            not positions or role.position in positions
        )


class PlanBook:
    """All plans of a company."""

    def __init__(self, plans: list[Row], people: People) -> None:
        self.plans = sorted(plans, key=lambda plan: str(plan["plan_id"]))
        self._people = people
        self.currency: str = self.plans[0]["currency"] if self.plans else "CNY"
        self._default_policy = fill_crediting({}) | {"currency": self.currency}
        self._policies: list[tuple[date, date, Row]] = [
            (
                plan["valid_from"],
                plan["valid_to"] or OPEN_END,
                plan["crediting"] | {"currency": plan["currency"]},
            )
            for plan in self.plans
            if plan["crediting"] is not None
        ]

    def policy_at(self, day: date) -> Row:
        """Crediting policy of a day; outside any plan the defaults."""
        for start, end, policy in self._policies:
            if start <= day < end:
                return policy
        return self._default_policy

    def person_types(self) -> set[str]:
        """Customer types of natural persons (reading 4), those of all plans and the default."""
        policies = [self._default_policy, *(policy for _, _, policy in self._policies)]
        return {name.casefold() for policy in policies for name in policy["person_types"]}

    def placeholder_names(self) -> set[str]:
        """Company names that mean none (reading 43): those the plans list, the default without a plan."""
        policies = [policy for _, _, policy in self._policies] or [self._default_policy]
        return {name for policy in policies for name in policy["placeholder_names"]}

    def component(self, plan_id: str, component_id: str) -> Row:
        """A component of a plan."""
        return next(
            component
            for plan in self.plans
            if plan["plan_id"] == plan_id
            for component in plan["components"]
            if component["id"] == component_id
        )

    def in_force(self, day: date) -> list[Row]:
        """Plans in force on a day."""
        return [p for p in self.plans if p["valid_from"] <= day < (p["valid_to"] or OPEN_END)]

    def is_gap(self, employee: str, day: date) -> bool:
        """True on a day between two plans of the earner's department; UNRESOLVED has every department."""
        ended = self._departments(lambda plan: (plan["valid_to"] or OPEN_END) <= day)
        begin = self._departments(lambda plan: plan["valid_from"] > day)
        role = self._people.role_at(employee, day)
        own = {role.department} if role else ended if employee == UNRESOLVED else set()
        return bool(own & ended & begin)

    def _departments(self, accept: Callable[[Row], bool]) -> set[str]:
        """Departments of the accepted plans."""
        return {name for plan in self.plans if accept(plan) for name in plan["applies_to"]["departments"]}

    def has_plan(self, employee: str, day: date) -> bool:
        """True when any plan applies to the employee's role on a day."""
        role = self._people.role_at(employee, day)
        return role is not None and any(
            Paying(plan, {"departments": None, "id": ""}).covers(role) for plan in self.in_force(day)
        )

    def components_at(self, employee: str, day: date, kind: str) -> list[Paying]:
        """Components of a type for an employee on a day, in the order of plan_id.

        UNRESOLVED has those of the first plan in force that has any (R3).
        """
        role = self._people.role_at(employee, day)
        found = [
            Paying(plan, component)
            for plan in self.in_force(day)
            for component in plan["components"]
            if component["type"] == kind
        ]
        if employee == UNRESOLVED:
            return sorted(found, key=lambda paying: paying.key)
        return [paying for paying in found if role is not None and paying.covers(role)]

    def commission_at(self, employee: str, day: date, pool: str, source: str) -> Paying | None:
        """The commission component that pays a pool of a deal source: table before flat (R5)."""
        found = [p for p in self.components_at(employee, day, "commission") if p.component["pool"] == pool]
        tables = [p for p in found if source in (p.component["rate_table"] or {"sources": []})["sources"]]
        flat = [p for p in found if source in (p.component["rates"] or {})]
        if employee == UNRESOLVED:  # the smallest plan_id that pays it (R3)
            return min([*tables, *flat], key=lambda paying: paying.plan_id, default=None)
        return next(iter([*tables, *flat]), None)

    def segments(self, employee: str, paying: Paying, period: str) -> list[tuple[Assignment, int]]:
        """Roles under a component with their days in the month, inside the plan's validity."""
        start = max(first_day(period), paying.plan["valid_from"])
        end = min(first_day(shift(period, 1)), paying.plan["valid_to"] or OPEN_END)
        return self._people.segments(employee, start, end, paying.covers)

    def role_days(self, employee: str, paying: Paying, period: str) -> int:
        """Days in role (reading 3: "count both ends inside the period")."""
        return sum(days for _, days in self.segments(employee, paying, period))

    def base_days(self, employee: str, paying: Paying, period: str) -> Fraction:
        """Sum of bonus base × days in role; without a bonus base nothing."""
        segments = self.segments(employee, paying, period)
        return sum((Fraction(role.bonus_base or 0) * days for role, days in segments), Fraction(0))

    def monthly(self, employee: str, period: str, kind: str) -> list[Paying]:
        """Components of a type that apply to an employee in a month (role_days > 0)."""
        return [
            paying
            for plan in self.plans
            for component in plan["components"]
            if component["type"] == kind
            for paying in [Paying(plan, component)]
            if self.role_days(employee, paying, period) > 0
        ]
