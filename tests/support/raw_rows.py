"""Rows of a company and its plans as typed tables of the raw layer.

Belongs here: what an import would have landed for rows that are already typed. Does not belong here:
reading or checking files (``connectors.files``), running anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from compensation.tables.schema import TABLES
from compensation.tables.schema import arrow_schema as plan_schema
from connectors.files.raw_layer.tables import arrow_schema, raw_tables
from connectors.files.templates import TEMPLATES
from ledger.tables import TABLES as LEDGER_TABLES
from ledger.tables import arrow_schema as ledger_schema
from tests.reference.company import Company

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


def empty_tables() -> dict[str, pa.Table]:
    """Every table of the raw layer, of the plans and of the books, without rows, by ``schema.table``."""
    raw = {f"raw_files.{name}": arrow_schema(name).empty_table() for name in raw_tables()}
    books = {f"raw_ledger.{name}": ledger_schema(name).empty_table() for name in LEDGER_TABLES}
    return raw | books | {f"raw_plans.{name}": plan_schema(name).empty_table() for name in TABLES}


def delivered_tables(company: Company) -> dict[str, pa.Table]:
    """Tables of ``raw_files`` after one delivery of all rows of a company."""
    rows = {entity: _landed(entity, company.rows(entity)) for entity in TEMPLATES}
    tables = {f"raw_files.{entity}": table for entity, table in rows.items()}
    return tables | {"raw_files.loads": _loads(company), "raw_files.quarantine": quarantine_of(company)}


def quarantine_of(company: Company, load_seq: int = 1) -> pa.Table:
    """The table of rows in quarantine, as the import of a load would have written it."""
    import pyarrow as pa

    rows = [
        {
            "source": "files",
            "source_table": entity,
            "location": f"{entity}.csv:{line}",
            "file": f"{entity}.csv",
            "line": line,
            "row": "{}",
            "record": json.dumps({column: _text(row.get(column)) for column in TEMPLATES[entity].names}),
            "reason": "wrong_type",
            "load_id": load_id(load_seq),
        }
        for entity, found in company.quarantined.items()
        for line, row in enumerate(found, start=1000)
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema("quarantine"))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def load_id(load_seq: int) -> str:
    """Id of a load."""
    return f"{load_seq:06d}-{'0' * 12}"


def landed_rows(
    entity: str, rows: Iterable[Mapping[str, Any]], load_seq: int = 1, *, is_deleted: bool = False
) -> list[Row]:
    """Rows of a template with the provenance columns of a load."""
    names = TEMPLATES[entity].names
    landed = []
    for line, row in enumerate(rows, start=2):
        values: Row = {name: row.get(name) for name in names}
        content = "|".join(f"{value}" for value in values.values())
        landed.append(
            values
            | {
                "extra": None,
                "_load_id": load_id(load_seq),
                "_load_seq": load_seq,
                "_file": f"{entity}.csv",
                "_line": line,
                "_content_hash": hashlib.sha256(content.encode()).hexdigest(),
                "_is_deleted": is_deleted,
            }
        )
    return landed


def _landed(entity: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist(landed_rows(entity, rows), schema=arrow_schema(entity))


def _loads(company: Company) -> pa.Table:
    import pyarrow as pa

    row = {"load_id": load_id(1), "load_seq": 1, "delivery_hash": "0" * 64, "landed_at": company.as_of}
    return pa.Table.from_pylist(
        [row | {"mapping": None, "timezone": company.timezone}], schema=arrow_schema("loads")
    )
