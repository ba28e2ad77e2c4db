"""Reading Parquet: typed columns become exact text, so that all later checks are the same as for CSV.

Belongs here: spelling of typed values. Does not belong here: types and checks of templates.

The line of a record is its position, the first one being 1; the schema takes the place of a header row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.common.problems import DeliveryRejected
from connectors.common.sql_text import name, quoted
from connectors.files.delivery import DeliveredFile
from connectors.files.readers.batches import TextTable, named
from connectors.files.scratch import Source, scalar

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_POSITION = "file_row_number"
_AS_PATTERN = re.compile(r"([*?[])")


def read_parquet(connection: DuckDBPyConnection, file: DeliveredFile, table: str) -> Source:
    """Read a Parquet file into `table`.

    Raises:
        DeliveryRejected: The file is damaged.
    """
    import duckdb

    # no pattern of names, and a folder called period=2026-10 is no column
    path = _AS_PATTERN.sub(r"[\1]", str(file.path.absolute()))
    scan = f"read_parquet({quoted(path)}, {_POSITION} = true, hive_partitioning = false)"
    try:
        _refuse_wide_decimals(connection, file, path)
        described = connection.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
        columns = [(str(row[0]), str(row[1])) for row in described if row[0] != _POSITION]
        source = TextTable(connection, file.name, table, named(header for header, _ in columns)).finish()
        spelled = "".join(f", {_spelled(header, kind)}" for header, kind in columns)
        connection.execute(f"INSERT INTO {table} SELECT {_POSITION} + 1{spelled} FROM {scan}")
    except duckdb.Error as error:
        raise DeliveryRejected(
            "wrong file type: this is no readable Parquet file",
            where=str(file.path),
            hint=f"write it again; the reader says: {str(error).splitlines()[0]}",
        ) from error
    rows = scalar(connection, f"SELECT count(*) FROM {table}")
    return Source(source.file, source.table, source.broken_table, source.headers, rows, 0)


def _refuse_wide_decimals(connection: DuckDBPyConnection, file: DeliveredFile, path: str) -> None:
    """Refuse decimals of more than 38 digits: the engine reads them as other numbers (duckdb 1.5.5, 2026-11)."""
    wide = connection.execute("SELECT name FROM parquet_schema(?) WHERE precision > 38", [path]).fetchall()
    if wide:
        raise DeliveryRejected(
            f"decimals of more than 38 digits are not read: {', '.join(str(row[0]) for row in wide)}",
            where=str(file.path),
            hint="write the column as decimal128, such as decimal(18, 2)",
        )


def _spelled(header: str, kind: str) -> str:
    """SQL that spells a typed value as text, exactly; a binary number by the 15 digits it can be trusted in."""
    column = name(header)
    if kind == "DOUBLE":
        return f"CASE WHEN isnan({column}) THEN NULL ELSE format('{{:.15g}}', {column}) END"
    if kind == "FLOAT":
        text = f"regexp_replace(CAST({column} AS VARCHAR), '\\.0$', '')"
        return f"CASE WHEN isnan({column}) THEN NULL ELSE {text} END"
    if kind == "BLOB":  # text whose writer did not say that it is text
        return f"coalesce(TRY(decode({column})), CAST({column} AS VARCHAR))"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind.startswith("TIMESTAMP_"):
        return f"CAST(CAST({column} AS TIMESTAMP) AS VARCHAR)"
    return f"CAST({column} AS VARCHAR)"
