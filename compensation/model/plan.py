"""The plan file as a whole.

Belongs here: the head of a plan and the list of component types. A new rule of pay is a new
component class in a ``model_*.py`` file, one line in ``Component``, and its table rows.
Does not belong here: reading files (``loader``) and rules between values (``checks``).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from compensation.model.commission import Collaboration, Commission, Draw, PlanCap
from compensation.model.crediting import Crediting
from compensation.model.rewards import Contribution, GrowthBonus, Points, ProcessBonus, Task, TeamGrowth
from compensation.model.scalars import Identifier, Name, PlanDate, PlanModel
from compensation.model.scorecard import Roi, Scorecard

AnyComponent = (
    Commission
    | Collaboration
    | Points
    | ProcessBonus
    | Task
    | GrowthBonus
    | TeamGrowth
    | Contribution
    | PlanCap
    | Draw
    | Scorecard
    | Roi
)
Component = Annotated[AnyComponent, Field(discriminator="type")]


class Title(PlanModel):
    """Name of the plan in both languages."""

    zh: Name
    """In Chinese."""
    en: Name
    """In English."""


class AppliesTo(PlanModel):
    """Whose plan it is."""

    departments: list[Name] = Field(min_length=1)
    """Departments, as the employee files write them."""
    positions: list[Name] = Field(default=[])
    """Positions; empty: every position of the departments."""


class Holds(PlanModel):
    """What is held back."""

    terminated: Literal["hold", "pay"] = "hold"
    """Lines of people who have left: held for a decision, or paid (default hold)."""


class Plan(PlanModel):
    """An incentive plan: who it is for, from when to when, what it credits and what it pays."""

    plan_id: Identifier
    """Name of the plan; the same as the file's name without its ending."""
    title: Title
    """Name for people."""
    valid_from: PlanDate
    """First day the plan is in force."""
    valid_to: PlanDate | None = None
    """First day it is no longer in force; empty: open end."""
    timezone: Name = "Asia/Shanghai"
    """Time zone of business dates; all loaded plans agree on it (default Asia/Shanghai)."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "CNY"
    """ISO 4217 code of the plan's amounts (default CNY)."""
    applies_to: AppliesTo
    """Whose plan it is."""
    holds: Holds = Holds()
    """What is held back."""
    prorate_targets: bool = True
    """Rows of `targets` count for the days in role; false: always in full, as written (default true)."""
    crediting: Crediting | None = None
    """Company-wide rules of credit; at most one plan at any time has them."""
    components: list[Component] = Field(default=[])
    """What the plan pays."""

    def departments_of(self, component: AnyComponent) -> list[str]:
        """The departments a component of this plan is for."""
        if component.departments is None:
            return list(self.applies_to.departments)
        return list(component.departments)
