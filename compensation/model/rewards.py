"""Components that pay for work and progress: points, process bonus, tasks, growth, contribution.

Belongs here: rulebook sections 4.5, 4.6, 6 and 7. Does not belong here: commission and scorecards.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from compensation.model.commission import ComponentBase
from compensation.model.scalars import (
    Count,
    Identifier,
    Money,
    Name,
    Percent,
    PlanModel,
    PositiveMoney,
    PositiveQuantity,
    PositiveRate,
    Quantity,
    Rate,
)

Baseline = Literal["previous_months", "last_year"]


class Points(ComponentBase):
    """Points for each valid lead (rulebook 4.5)."""

    type: Literal["points"]
    """Kind of component."""
    base: Quantity = Decimal(10)
    """Points of a valid lead (default)."""
    by_lead_type: dict[Name, Quantity] = Field(default={})
    """Points of a valid lead of this lead type, in place of `base`."""
    point_value: Money = Decimal("1.00")
    """Money a point is worth (default)."""


class ProcessBonus(ComponentBase):
    """Bonus for visits and conversion, which also releases origination (rulebook 4.6)."""

    type: Literal["process_bonus"]
    """Kind of component."""
    target: PositiveQuantity = Decimal(20)
    """Valid visits a month (default)."""
    min_conversion: PositiveRate = Decimal("0.2")
    """Signed customers ÷ valid visitors that must be reached (default)."""
    bonus: Money = Decimal("1000.00")
    """Bonus when both are reached (default)."""
    origination: Literal["paid", "held", "forfeited"] = "held"
    """What happens to origination when they are not reached (default held)."""
    trailing_months: Count = 3
    """Months whose figures together release held origination (default)."""


class TaskItem(PlanModel):
    """One task of an assistant."""

    measure: Identifier
    """What is measured."""
    weight: PositiveQuantity
    """Weight of the task; weights are relative and normalised to 100."""
    target: Quantity
    """Wanted result a month when the employee has no target row of this kpi_id."""


class TaskTemplates(PlanModel):
    """Tasks by capability profile (given)."""

    maintainer: list[TaskItem] = Field(min_length=1)
    """Tasks of who mainly keeps customers."""
    developer: list[TaskItem] = Field(min_length=1)
    """Tasks of who mainly wins customers."""
    unprofiled: list[TaskItem] = Field(min_length=1)
    """Tasks of who has too little history; the fixed targets of the plan."""


class TalentSignal(PlanModel):
    """When an assistant is a candidate for a sales role (rulebook 13)."""

    measure: Identifier = "new_customers"
    """The task that is looked at."""
    attainment: PositiveQuantity = Decimal("1.2")
    """Attainment to reach (default 120 %)."""
    months: Count = 3
    """Months in a row (default)."""


class Task(ComponentBase):
    """Composite tasks of sales assistants (rulebook 6)."""

    type: Literal["task"]
    """Kind of component."""
    history_months: Count = 12
    """Complete months of history for the capability profile (default)."""
    best_months: Count = 3
    """Capability is the mean of this many best months (default)."""
    min_history_months: Count = 3
    """With fewer months the employee is unprofiled (default)."""
    developer_share: PositiveRate = Decimal("0.5")
    """Developer when new-customer amount is at least this share of the amount (default)."""
    attainment_cap: PositiveQuantity = Decimal("1.2")
    """Largest attainment that counts (default)."""
    target_cap: PositiveRate = Decimal("0.7")
    """A new-customer target is at most this share of capability (given)."""
    pay: Literal["bonus_base", "none"] = "bonus_base"
    """Pays task score × bonus base, or shows the score only (default bonus_base)."""
    talent: TalentSignal = TalentSignal()
    """Signal that an assistant may move to sales."""
    templates: TaskTemplates
    """Tasks by profile."""


class GrowthStep(PlanModel):
    """A growth threshold and its rate."""

    growth: Quantity
    """Growth to reach, the threshold included (0.2 = 20 %)."""
    rate: Rate
    """Rate from there on; in `increment` mode what is added to the base rate."""


_STEPS = {
    "table": [("0.2", "0.15"), ("0.3", "0.20")],
    "increment": [("0.2", "0.05"), ("0.3", "0.10")],
}


class GrowthBonus(ComponentBase):
    """Extra pay by own growth (rulebook 7)."""

    type: Literal["growth_bonus"]
    """Kind of component."""
    measure: Identifier = "counted_sales_amount"
    """The measure or KPI whose growth counts."""
    baseline: Baseline = "previous_months"
    """The mean of the previous months or the same month of last year (default previous_months)."""
    baseline_months: Count = 3
    """Months of the baseline (default)."""
    mode: Literal["table", "increment"] = "table"
    """Steps name the rate itself or what is added to the base rate (default table)."""
    base_rate: Rate = Decimal("0.10")
    """Rate below the first step and without a baseline (given)."""
    steps: list[GrowthStep] = Field(
        default_factory=list,
        description="Thresholds from low to high (given: 20 % → 15 %, 30 % → 20 %; or +5, +10 points).",
    )
    basis: Literal["earned_commission", "measure", "bonus_base"] = "earned_commission"
    """What the rate is applied to (default earned_commission)."""
    on: Literal["whole", "increment_only"] = "whole"
    """The whole basis or only the part above the baseline (default whole)."""
    award: Identifier | None = None
    """Components with the same award are alternatives: only the one that pays most pays."""

    @model_validator(mode="before")
    @classmethod
    def _default_steps(cls, data: Any) -> Any:
        if isinstance(data, dict) and "steps" not in data:
            pairs = _STEPS.get(str(data.get("mode", "table")), [])
            return {**data, "steps": [{"growth": growth, "rate": rate} for growth, rate in pairs]}
        return data


class TeamGrowth(ComponentBase):
    """Extra pay to each seller of a team that grows (rulebook 7)."""

    type: Literal["team_growth"]
    """Kind of component."""
    measure: Identifier = "sales_amount"
    """The team measure whose growth counts."""
    baseline: Baseline = "previous_months"
    """The mean of the previous months or the same month of last year (default previous_months)."""
    baseline_months: Count = 3
    """Months of the baseline (default)."""
    threshold: PositiveRate = Decimal("0.10")
    """Growth of the team to reach, included (given)."""
    rate: PositiveRate = Decimal("0.05")
    """Share of the own earned commission that is paid on top (given)."""


class Contribution(ComponentBase):
    """Reward for follow-up work (rulebook 7)."""

    type: Literal["contribution"]
    """Kind of component."""
    follow_ups_reference: PositiveQuantity = Decimal(40)
    """Follow-ups a month that count as full (default)."""
    minutes_reference: PositiveQuantity = Decimal(600)
    """Contact minutes a month that count as full (default)."""
    follow_ups_share: Rate = Decimal("0.5")
    """Share of follow-ups in the score; the rest is contact minutes."""
    threshold: Percent = Decimal(80)
    """Score from which the reward is paid (default)."""
    bonus: PositiveMoney = Decimal("500.00")
    """The reward (default)."""
