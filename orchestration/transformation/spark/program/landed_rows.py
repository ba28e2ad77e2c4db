"""The raw tables of the warehouse, seen from Spark: which rows count, and how they go out.

Belongs here: reading the DuckDB file. Does not belong here: what Spark has of it (``raw_tables``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.sql_text import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LOADS = "loads"
_COLUMNS = """
    select schema_name || '.' || table_name, list(column_name order by column_index),
        string_agg(column_name || ' ' || data_type, ', ' order by column_index)
    from duckdb_columns() where database_name = current_database() group by all
"""


@dataclass(frozen=True)
class LandedTable:
    """A raw table of the warehouse.

    Args:
        name: ``schema.table``.
        columns: Its columns.
        load: The column that names the load of a row; empty: the table has none, and is replaced as a whole.
        loads: Rows by completed load; those of others do not count.
        origin: Of two tables with the same one, either both hold the same, or one more loads than the other.
    """

    name: str
    columns: tuple[str, ...]
    load: str
    loads: Mapping[str, int]
    origin: str

    @property
    def schema(self) -> str:
        """Its schema."""
        return self.name.partition(".")[0]


def landed_tables(warehouse: DuckDBPyConnection, wanted: Iterable[str]) -> list[LandedTable]:
    """The wanted raw tables that there are; the loads of a schema after all that belongs to them."""
    columns = {name: (tuple(names), text) for name, names, text in warehouse.execute(_COLUMNS).fetchall()}
    found = [_described(warehouse, name, *columns[name], columns) for name in wanted if name in columns]
    return sorted(found, key=lambda table: (table.schema, table.name.endswith(f".{LOADS}"), table.name))


def _described(
    warehouse: DuckDBPyConnection,
    name: str,
    columns: tuple[str, ...],
    described: str,
    tables: Collection[str],
) -> LandedTable:
    loads = f"{name.partition('.')[0]}.{LOADS}"
    load = next((one for one in ("_load_id", "load_id") if one in columns and loads in tables), "")
    if load:
        first = f"select load_id || ' ' || landed_at from {loads} order by load_seq limit 1"
        complete = f"{load} in (select load_id from {loads})"
        counts = f"select {load}, count(*) from {name} where {complete} group by all"
        rows = dict(warehouse.execute(counts).fetchall())
    else:
        content = "coalesce(sum(md5_number_lower(cast(landed as varchar))), 0)"
        first, rows = f"select count(*) || ' ' || {content} from {name} as landed", {}
    told = f"{described}: {warehouse.execute(first).fetchall()}"
    return LandedTable(name, columns, load, rows, hashlib.sha256(told.encode()).hexdigest())


def write_rows(warehouse: DuckDBPyConnection, table: LandedTable, loads: Iterable[str], file: Path) -> None:
    """Write rows of a raw table as Parquet.

    Args:
        warehouse: The warehouse.
        table: The table.
        loads: Which of them, where they have one.
        file: Where they go.
    """
    wanted = ", ".join(quoted(one) for one in loads)
    which = f" where {table.load} in ({wanted or 'null'})" if table.load else ""
    columns = ", ".join(f'"{one}" as "{on_spark(one)}"' for one in table.columns)
    warehouse.execute(
        f"copy (select {columns} from {table.name}{which}) to {quoted(str(file))} (format parquet)"
    )


def on_spark(column: str) -> str:
    """The name of a column in the tables of Spark: Iceberg gives ``_file`` and others like it a meaning of its own."""
    return f"landed{column}" if column.startswith("_") else column
