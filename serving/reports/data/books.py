"""What the books say of a month."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from serving.lineage.books import changed_values


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
