"""Deliveries written in one line, and what tests ask a warehouse."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from connectors import files
from connectors.files import DeliverySpec, ImportReport

Deliver = Callable[..., Path]

DEAL_HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status"


def deal(
    deal_id: str = "D1", amount: str = "100.00", signed_at: str = "2026-10-01", status: str = "signed"
) -> str:
    return f"{deal_id},C1,E1,{amount},CNY,{signed_at},{status}"


def deals_csv(*rows: str) -> str:
    return "\n".join([DEAL_HEADER, *rows]) + "\n"


def _own(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options of the call itself out of those of the delivery."""
    return {name: options.pop(name) for name in ("max_amount", "progress") if name in options}


def validate_delivery(folder: Path, warehouse: Path | None = None, **options: Any) -> ImportReport:
    """Check a delivery that is described by keywords."""
    own = _own(options)
    return files.validate_delivery(DeliverySpec(folder, **options), warehouse, **own)


@dataclass(frozen=True)
class Home:
    """A warehouse with its dlt folder."""

    warehouse: Path
    dlt_dir: Path

    def load(self, folder: Path, **options: Any) -> ImportReport:
        own = _own(options)
        return files.import_delivery(
            DeliverySpec(folder, **options), self.warehouse, dlt_dir=self.dlt_dir, **own
        )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def latest(self, entity: str, key: str, columns: str) -> list[tuple[Any, ...]]:
        """The latest version of each record of completed loads, as the staging layer will see it."""
        return self.query(
            f"select {columns} from (select *, row_number() over (partition by {key} order by _load_seq desc) n "
            f"from raw_files.{entity} where _load_id in (select load_id from raw_files.loads)) "
            "where n = 1 and not _is_deleted order by all"
        )


def many(count: int, amount: str = "1.00") -> list[str]:
    """Rows of deals, numbered."""
    return [deal(f"D{number:03d}", amount) for number in range(count)]


def amounts(home: Home) -> list[tuple[Any, ...]]:
    """Deals and amounts in force."""
    return home.latest("deals", "deal_id", "deal_id, cast(amount as varchar)")
