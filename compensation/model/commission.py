"""Commission components: pools with flat rates or rate tables, caps, floors, quotas (rulebook 3.4, 4).

Belongs here: what a deal's pool pays. Does not belong here: who gets which share of it (crediting).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from compensation.model.scalars import (
    Identifier,
    Name,
    PlanModel,
    PositiveMoney,
    PositiveQuantity,
    PositiveRate,
    Quantity,
    Rate,
    without_default,
)

DealSourceName = Literal["marketing", "self_sourced", "referral", "repurchase"]
Excess = Literal["lost", "carry"]


class ComponentBase(PlanModel):
    """What every component has: an id of its own and the departments it is for."""

    id: Identifier = Field(default="", json_schema_extra=without_default)
    """Name of the component, unique in the plan; the pool for commissions, else the type (default)."""
    departments: list[Name] | None = None
    """Departments of the plan this component is for; empty: all of the plan's (default)."""

    @model_validator(mode="before")
    @classmethod
    def _default_id(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("id") is None:
            name = data.get("pool") if data.get("type") == "commission" else data.get("type")
            return {**data, "id": name or "component"}
        return data


class Tier(PlanModel):
    """One step of a rate table."""

    from_: Quantity | None = Field(default=None, alias="from")
    """Where the tier begins; may be left out, must equal the end of the tier before."""
    up_to: PositiveQuantity | None
    """Where the tier ends: an amount, or a share of quota (1 = 100 %); empty: open-ended (the last)."""
    rate: Rate | None = None
    """Rate of the tier (0.03 = 3 %); in `interpolated` mode start and end rate alike."""
    start_rate: Rate | None = None
    """`interpolated` only: rate where the tier begins."""
    end_rate: Rate | None = None
    """`interpolated` only: rate where the tier ends."""


class RateTable(PlanModel):
    """Rates that depend on the total of an interval (rulebook 4.2)."""

    sources: list[DealSourceName] = Field(min_length=1)
    """Deal sources whose amounts are added up and paid by this table."""
    mode: Literal["marginal", "whole", "interpolated"] = "marginal"
    """Each slice at its own rate, the reached rate on everything, or in proportion (default marginal)."""
    bound: Literal["upper_inclusive", "lower_inclusive"] = "upper_inclusive"
    """The tier to which a total exactly on a bound belongs (default upper_inclusive)."""
    interval: Literal["month", "quarter", "year"] = "month"
    """The interval whose total is measured (default month)."""
    unit: Literal["amount", "quota_pct"] = "amount"
    """Bounds are amounts in the plan's currency or shares of quota, 1 = 100 % (default amount)."""
    quota_kpi: Identifier | None = None
    """With `quota_pct`: the kpi_id of the targets that hold the quota."""
    tiers: list[Tier] = Field(min_length=1)
    """The tiers from the lowest to the open-ended last one."""


class Cap(PlanModel):
    """The most a component pays to one employee in a period."""

    amount: PositiveMoney
    """Largest amount."""
    excess: Excess = "lost"
    """What is above is lost or carried into the next period (default lost)."""


class Floor(PlanModel):
    """The least a component pays to one employee in a period."""

    amount: PositiveMoney
    """Smallest amount."""


class Quota(PlanModel):
    """Quota of the component and its ramp for new hires (rulebook 4.4)."""

    kpi: Identifier
    """The kpi_id of the targets that hold the quota."""
    ramp: list[PositiveRate] = Field(default=[Decimal(1)])
    """Share of the quota in the first, second, … month after hiring (e.g. 0.5, 0.75, 1)."""


class Commission(ComponentBase):
    """Pays the origination or closing pool of each deal, at flat rates or by a rate table."""

    type: Literal["commission"]
    """Kind of component."""
    pool: Literal["origination", "closing"]
    """The pool that is paid: origination (to marketing) or closing (to sales)."""
    rates: dict[DealSourceName, Rate] | None = None
    """Flat rate for each deal source (given: origination 0.04, closing marketing 0.02, self_sourced 0.05)."""
    rate_table: RateTable | None = None
    """A rate table in place of flat rates."""
    cap: Cap | None = None
    """Largest earning of this component in a period."""
    floor: Floor | None = None
    """Smallest earning of this component in a period."""
    quota: Quota | None = None
    """Quota and ramp, for tables in shares of quota."""

    @property
    def paid_sources(self) -> list[DealSourceName]:
        """The deal sources this component pays, in the order they are written."""
        if self.rate_table is not None:
            return list(self.rate_table.sources)
        return list(self.rates or {})


class Collaboration(ComponentBase):
    """Pays the collaboration pool; its rates are in ``crediting.collaboration``."""

    type: Literal["collaboration"]
    """Kind of component."""


class PlanCap(ComponentBase):
    """The most all components of the plan together pay to one employee in a period (rulebook 4.3)."""

    type: Literal["plan_cap"]
    """Kind of component."""
    amount: PositiveMoney
    """Largest amount."""
    excess: Excess = "lost"
    """What is above is lost or carried into the next period (default lost)."""


class Draw(ComponentBase):
    """A guaranteed minimum a period, or an advance on later earnings (rulebook 4.3)."""

    type: Literal["draw"]
    """Kind of component."""
    amount: PositiveMoney
    """The minimum that is paid."""
    recoverable: bool
    """Whether the balance is recovered from later earnings above the minimum."""
