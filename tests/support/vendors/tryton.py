"""Tryton for the proof that holds for every type: sales in the simulator."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from demo.simulators.tryton import TrytonSimulator
from tests.support.connected_system import PAGE, PATIENCE, Simulated

MODELS = (
    "res.user",
    "company.employee",
    "party.party",
    "sale.opportunity",
    "sale.sale",
    "sale.line",
    "account.invoice",
    "account.invoice.line",
    "account.move.line",
)


def at(second: int) -> dt.datetime:
    """A moment of a day in 2026."""
    return dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second, microseconds=123)


class Tryton(Simulated):
    """Opportunities in the simulator."""

    type, resource = "tryton", "opportunities"
    model = "sale.opportunity"

    def simulated(self) -> Any:
        return TrytonSimulator({model: [] for model in MODELS})

    def entry(self) -> dict[str, Any]:
        return {
            "url": self.simulator.url,
            "database": "tryton",
            "page_size": str(PAGE),
            "patience": PATIENCE,
            "secrets": {"key": self.secret("key", "simulated-key")},
        }

    def put(self, number: int, amount: str, second: int = 0) -> None:
        rows = self.simulator.records[self.model]
        known = next((row for row in rows if row["id"] == number + 1), None)
        if known is not None:
            known |= {"amount": Decimal(amount), "write_date": at(second)}
            return
        row = {"id": number + 1, "create_date": at(second), "write_date": None, "amount": Decimal(amount)}
        party = {"id": 7, "__name__": "party.party", "name": "客户甲"}
        employee = {"id": 3, "__name__": "company.employee"}
        currency = {"id": 1, "__name__": "currency.currency", "code": "CNY"}
        row |= {"state": "opportunity", "party": party, "employee": employee, "currency": currency}
        rows.append(row | {"start_date": dt.date(2026, 3, 1), "number": str(number), "end_date": None})

    def delete(self, number: int, second: int = 0) -> None:
        del second  # a deletion leaves nothing behind
        rows = self.simulator.records[self.model]
        rows[:] = [row for row in rows if row["id"] != number + 1]

    def record_id(self, number: int) -> str:
        return str(number + 1)

    def amount_of(self, record: dict[str, Any]) -> str:
        return str(record["amount"])
