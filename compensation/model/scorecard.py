"""The scorecard and return-on-investment components (rulebook 8, 9, 14).

Belongs here: which KPIs count how much, training, violations, grades, inputs of the investment
figures. Does not belong here: how a KPI is computed (one SQL model each) or what KPIs exist
(``plans/kpis.yml``, read by ``kpi_catalogue``).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, ValidationInfo, model_validator

from compensation.model.commission import ComponentBase
from compensation.model.kpi_catalogue import Direction, Frequency, Group, KpiCatalogue
from compensation.model.scalars import (
    Identifier,
    Money,
    Name,
    OptionText,
    Percent,
    PlanModel,
    PositiveQuantity,
    PositiveRate,
    Quantity,
    Rate,
    without_default,
)

ArchiveField = Literal[
    "name", "customer_type", "unified_credit_code", "phone", "contact_name", "email", "preference"
]


class GroupWeights(PlanModel):
    """Weights of the two groups; they add up to 100."""

    business: Percent = Decimal(60)
    """Business results (given 60)."""
    management: Percent = Decimal(40)
    """Management quality (given 40)."""


class Violations(PlanModel):
    """Effect of policy violations on the management score."""

    rate: Rate = Decimal("0.10")
    """Deduction for each violation of the period (given)."""
    mode: Literal["linear", "compounding"] = "linear"
    """Deductions add up or multiply (default linear)."""


class ServiceBonus(PlanModel):
    """Bonus points when all the named KPIs reach their targets."""

    kpis: list[Identifier] = Field(default=["complaint_handling", "customer_return_rate"], min_length=1)
    """KPIs that must all be reached (given)."""
    points: PositiveQuantity = Decimal(5)
    """Points added to the group's score (default)."""
    group: Group = "management"
    """The group whose score gets the points (given)."""


class Grade(PlanModel):
    """A grade and the lowest total score that gets it."""

    grade: Name
    """Name of the grade."""
    from_: Quantity = Field(alias="from")
    """Lowest total score of the grade, included."""


class Training(PlanModel):
    """The course behind a KPI (rulebook 9)."""

    course: Name
    """course_id of the course."""
    gate: bool = True
    """Without the completed course the KPI is excluded (given)."""
    bonus: Literal["none", "flat", "exam_pct"] = "none"
    """Bonus for the passed exam: fixed points or a share of the exam score, one of the two (given)."""
    points: PositiveQuantity = Decimal(5)
    """Points of the `flat` bonus (given)."""
    exam_rate: PositiveRate = Decimal("0.10")
    """Share of the exam score of the `exam_pct` bonus (given)."""


def _catalogue_field(description: str, default: str) -> Any:
    """A field whose default comes from the KPI catalogue, so the JSON Schema shows none."""
    return Field(
        default=default,
        description=f"{description} (default: as the catalogue says).",
        json_schema_extra=without_default,
    )


class ScorecardKpi(PlanModel):
    """One KPI of a scorecard."""

    kpi: Identifier
    """Id of the KPI in plans/kpis.yml."""
    group: Group = _catalogue_field("The group it counts in", "business")
    weight: PositiveQuantity
    """Weight inside its group; the weights of a group add up to 100."""
    target: PositiveQuantity
    """Value to reach (ratios as 0.95 = 95 %)."""
    direction: Direction = _catalogue_field("Whether higher or lower values are better", "higher")
    method: Literal["ratio", "threshold", "pass_fail"] = "ratio"
    """Score in proportion, 100 or a deduction, 100 or 0 (default ratio)."""
    deduct: Quantity = Decimal(5)
    """`threshold` only: points deducted when the target is missed (default)."""
    frequency: Frequency = _catalogue_field("How often it is scored", "month")
    options: dict[Identifier, OptionText] = Field(default={})
    """Settings of the KPI that the catalogue declares; missing ones as the catalogue says (default)."""
    training: Training | None = None
    """The course linked to the KPI."""

    @model_validator(mode="before")
    @classmethod
    def _catalogue_defaults(cls, data: Any, info: ValidationInfo) -> Any:
        catalogue = (info.context or {}).get("catalogue")
        if not isinstance(catalogue, KpiCatalogue) or not isinstance(data, dict):
            return data
        entry = catalogue.get(str(data.get("kpi")))
        if entry is None:
            return data
        given = data.get("options", {})
        options = {**entry.option_defaults, **given} if isinstance(given, dict) else given
        filled = {"group": entry.group, "direction": entry.direction, "frequency": entry.frequency}
        return {**filled, **data, "options": options}


class AnnualAward(PlanModel):
    """Condition of the annual award."""

    min_rectification: Rate = Decimal(1)
    """Share of the year's violations that must be rectified to stay eligible (given 100 %)."""


_GRADES = [("A", 90), ("B", 75), ("C", 60), ("D", 0)]


class Scorecard(ComponentBase):
    """A scorecard with two groups of KPIs; pays its group scores on the bonus base (rulebook 9)."""

    type: Literal["scorecard"]
    """Kind of component."""
    group_weights: GroupWeights = GroupWeights()
    """Weights of the groups (given 60/40)."""
    max_attainment: PositiveQuantity = Decimal("1.2")
    """Largest attainment that counts (default)."""
    score_cap: PositiveQuantity = Decimal(120)
    """Largest KPI score after the training bonus (default)."""
    excluded_policy: Literal["zero", "redistribute"] = "zero"
    """An excluded KPI scores 0 or hands its weight to the others (default zero)."""
    violations: Violations = Violations()
    """Effect of policy violations."""
    service_bonus: ServiceBonus | None = None
    """Bonus points for complaint handling and return rate; empty: none."""
    annual_award: AnnualAward = AnnualAward()
    """Condition of the annual award."""
    grades: list[Grade] = Field(
        default=[Grade.model_validate({"grade": grade, "from": lowest}) for grade, lowest in _GRADES],
        min_length=1,
        description="Grade bands from the best down to 0 (default A 90, B 75, C 60, D 0).",
    )
    archive_fields: list[ArchiveField] = Field(
        default=["name", "customer_type", "phone", "contact_name", "preference"],
        min_length=1,
        description="Fields a customer archive needs to be complete (default).",
    )
    pay_bonus: bool = True
    """Whether the scores pay a bonus (default true)."""
    kpis: list[ScorecardKpi] = Field(min_length=1)
    """The KPIs and their weights."""


class Efficiency(PlanModel):
    """People × weekly pay × weeks × share saved (given formula)."""

    people: PositiveQuantity
    """People whose work is saved in part."""
    weekly_pay: Money
    """Their pay a week, each."""
    weeks: PositiveQuantity = Decimal(52)
    """Weeks a year (given)."""
    share_saved: Rate
    """Share of their time that is saved."""


class Performance(PlanModel):
    """Additional revenue × margin − system cost (given formula)."""

    revenue_before: Money = Decimal(0)
    """Yearly revenue before, for the comparison."""
    additional_revenue: Money
    """Additional yearly revenue."""
    margin: Rate
    """Margin on it."""
    system_cost: Money
    """Yearly cost of the system."""


class Management(PlanModel):
    """Customers kept × average order × margin (given formula)."""

    customers_before: Quantity = Decimal(0)
    """Customers kept a year before, for the comparison."""
    customers_kept: Quantity
    """Customers kept in addition."""
    average_order: Money
    """Average order of a customer a year."""
    margin: Rate
    """Margin on it."""


class Roi(ComponentBase):
    """Inputs of the return-on-investment figures (rulebook 14)."""

    type: Literal["roi"]
    """Kind of component."""
    efficiency: Efficiency
    """Saved work."""
    performance: Performance
    """Additional revenue."""
    management: Management
    """Customers kept."""
