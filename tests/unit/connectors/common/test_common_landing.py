"""Landing appends exactly typed rows, refuses other columns, and lets a contract grow."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from connectors.common.landing import LandingTable, land

SCHEMA = pa.schema([("id", pa.string()), ("amount", pa.decimal128(18, 2)), ("made_at", pa.timestamp("us"))])


def table(schema: pa.Schema, rows: list[dict[str, Any]], *, may_grow: bool = False) -> LandingTable:
    def batches() -> Iterator[pa.Table]:
        yield pa.Table.from_pylist(rows, schema=schema)

    return LandingTable("things", schema, batches, may_grow=may_grow)


def put(folder: Path, *tables: LandingTable) -> None:
    land(tables, pipeline="test", dataset="raw_test", warehouse=folder / "w.duckdb", dlt_dir=folder / "dlt")


def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.slow
def test_rows_are_appended_typed_and_the_schema_is_frozen_but_may_grow(tmp_path: Path):
    put(tmp_path, table(SCHEMA, []))
    kinds = "select column_name, data_type from information_schema.columns where table_name = 'things' order by all"
    types = [("amount", "DECIMAL(18,2)"), ("id", "VARCHAR"), ("made_at", "TIMESTAMP")]
    assert query(tmp_path, kinds) == types

    put(tmp_path, table(SCHEMA, [{"id": "a", "amount": Decimal("0.10")}]))
    put(tmp_path, table(SCHEMA, [{"id": "b", "amount": Decimal("0.20")}]))
    assert query(tmp_path, "select id, amount from raw_test.things order by id") == [
        ("a", Decimal("0.10")),
        ("b", Decimal("0.20")),
    ]

    grown = pa.schema([SCHEMA.field("id"), ("note", pa.string()), *list(SCHEMA)[1:]])
    with pytest.raises(Exception, match="frozen"):
        put(tmp_path, table(grown, [{"id": "c"}]))
    put(tmp_path, table(grown, [{"id": "c", "note": "new", "amount": Decimal("0.30")}], may_grow=True))
    assert query(tmp_path, "select id, note, amount from raw_test.things where id = 'c'") == [
        ("c", "new", Decimal("0.30"))
    ]
    assert not list((tmp_path / "dlt").rglob("*.parquet"))  # nothing of what was landed stays behind
