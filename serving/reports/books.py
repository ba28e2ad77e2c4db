"""What the books say of a month, and the frame that all reports of a run share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from serving.lineage.books import changed_values

if TYPE_CHECKING:
    from serving.reports.model import Kpi


@dataclass(frozen=True, slots=True)
class TrueUp:
    """A true-up and one record behind it; `booked` is what the books say the line pays, with earlier true-ups."""

    employee_id: str
    line_id: str
    origin_period: str
    component: str
    booked: Decimal
    calculated: Decimal
    amount: Decimal
    currency: str
    change: str
    source_table: str | None
    record_id: str | None
    old_values: str | None
    new_values: str | None

    @property
    def values(self) -> str:
        """The values that differ."""
        return changed_values(self.old_values, self.new_values)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """An entry of the ledger about the month."""

    sequence: int
    event: str
    at: datetime
    by: str
    entry_hash: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all reports of a run share; `plans` has titles (zh, en), `courses` titles; `as_of` is naive UTC if known."""

    period: str
    starts_on: date
    as_of: datetime | None
    run_id: str | None
    kpis: Mapping[str, "Kpi"]
    plans: Mapping[str, tuple[str, str]]
    courses: Mapping[str, str]
    entries: Sequence[LedgerEntry] = ()
