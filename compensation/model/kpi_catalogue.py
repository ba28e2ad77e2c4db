"""The catalogue of KPIs: ``plans/kpis.yml``.

Belongs here: which KPI ids exist and what is known of each without computing it. Whoever adds a
KPI adds an entry to that file beside the SQL model; no Python changes. Does not belong here: the
weights and targets (plans) and the computation (dbt).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from compensation.model.scalars import Identifier, Name, OptionText, PlanModel

Group = Literal["business", "management"]
Direction = Literal["higher", "lower"]
Frequency = Literal["month", "quarter", "year"]

CATALOGUE_NAME = "kpis.yml"
REPOSITORY = Path(__file__).resolve().parents[2]
DEFAULT_CATALOGUE = REPOSITORY / "plans" / CATALOGUE_NAME

MEASURES = (
    "sales_amount",
    "counted_sales_amount",
    "new_customer_amount",
    "repurchase_amount",
    "new_customers",
    "units",
    "deals_assisted",
    "customers_maintained",
    "valid_leads",
    "valid_visits",
)
"""Measures of ``marts.fct_measures``: tasks, growth and quotas may name them beside the KPIs."""


class KpiName(PlanModel):
    """Name of a KPI in both languages."""

    zh: Name
    """In Chinese."""
    en: Name
    """In English."""


class KpiOption(PlanModel):
    """A setting of a KPI that plans may change."""

    default: OptionText
    """Value when the plan says nothing."""
    allowed: list[OptionText] = Field(default=[])
    """Allowed values; empty: any number above 0."""
    description: Name
    """What it does."""


class KpiEntry(PlanModel):
    """One KPI."""

    id: Identifier
    """Id used in plans, targets and observations."""
    group: Group
    """Group it counts in unless the plan says otherwise."""
    direction: Direction = "higher"
    """Whether higher or lower values are better."""
    frequency: Frequency = "month"
    """How often it is scored unless the plan says otherwise."""
    unit: Literal["ratio", "count", "money", "hours", "times", "rating"]
    """Unit of the value."""
    name: KpiName
    """Name for people."""
    observed: bool = False
    """True when the values come from kpi_observations and not from an SQL model."""
    options: dict[Identifier, KpiOption] = Field(default={})
    """Settings a plan may change."""

    @property
    def option_defaults(self) -> dict[str, str]:
        """Default value of every option."""
        return {name: option.default for name, option in self.options.items()}


class KpiFile(PlanModel):
    """The catalogue file."""

    kpis: list[KpiEntry] = Field(min_length=1)
    """All KPIs."""


class KpiCatalogue(Mapping[str, KpiEntry]):
    """All known KPIs by id, in the order of the file."""

    def __init__(self, entries: Iterable[KpiEntry] = ()) -> None:
        """Take the entries; ids are unique already (the loader checks them)."""
        self._entries = {entry.id: entry for entry in entries}

    def __getitem__(self, kpi_id: str) -> KpiEntry:
        """The entry of a KPI id."""
        return self._entries[kpi_id]

    def __iter__(self) -> Iterator[str]:
        """Ids in the order of the file."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Number of KPIs."""
        return len(self._entries)

    @property
    def measurable(self) -> tuple[str, ...]:
        """What tasks, growth and quotas may name: measures and KPI ids."""
        return (*MEASURES, *(kpi_id for kpi_id in self if kpi_id not in MEASURES))
