"""Payout lines that a test chooses, and the record behind each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ledger.tables import LINE


@dataclass(frozen=True)
class Line:
    """A payout line as it is calculated now.

    Args:
        line_id: Its id.
        period: Month in which it is posted.
        employee_id: Whose it is.
        amount: What it pays.
        is_held: Whether it is held.
        version: Of the deal behind it; another one is another record.
    """

    line_id: str
    period: str
    employee_id: str = "S1"
    amount: Decimal = Decimal("100.00")
    is_held: bool = False
    version: int = 1

    def pays(self, factor: Decimal) -> Decimal:
        """What it pays under the plan of a factor."""
        return (self.amount * factor).quantize(Decimal("0.01"))

    def row(self, run_id: str, factor: Decimal) -> dict[str, Any]:
        """The line as the models give it."""
        return dict.fromkeys(LINE) | {
            "line_id": self.line_id,
            "period": self.period,
            "employee_id": self.employee_id,
            "component": "closing",
            "component_id": "closing",
            "deal_id": self.line_id,
            "transaction_id": "",
            "basis_amount": self.amount,
            "amount": self.pays(factor),
            "currency": "CNY",
            "status": "held" if self.is_held else "earned",
            "reason": "transfer" if self.is_held else None,
            "origin_period": self.period,
            "run_id": run_id,
        }

    def record(self) -> dict[str, Any]:
        """The record behind it."""
        return {
            "line_id": self.line_id,
            "source": "files",
            "source_table": "deals",
            "record_id": self.line_id,
            "load_id": f"{self.version:06d}",
            "content_hash": f"{self.line_id} {self.version}",
        }
