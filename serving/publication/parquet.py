"""The Parquet files of a mart, laid out as one dataset for pyarrow, DuckDB, Spark and pandas.

    fct_payouts/period=2026-10/fct_payouts.parquet      a mart with a column `period`, every computed month
    dim_employee/dim_employee.parquet                   any other, or nothing computed yet

Belongs here: paths, schemas and bytes. `period` is in the folder's name and not in the file, as in every Hive-style
dataset: pandas and `pyarrow.parquet.read_table` refuse a column that is in both. A month without rows has a file too,
so that a mart has its schema whatever month is read. Rows keep the order of the snapshot's table, which is total, so
that the same data give the same bytes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serving.database import literal, quoted
from serving.errors import PublicationError
from serving.publication.documents import MartDocument

if TYPE_CHECKING:
    import duckdb
    import pyarrow

NULL_PERIOD = "__HIVE_DEFAULT_PARTITION__"
_PERIOD = re.compile(r"[0-9]{4}(-[0-9A-Z]{1,4})?")
_ROW_GROUP = 122_880


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One Parquet file of a mart; `period` is None for a whole table and for rows without a period."""

    path: str
    mart: str
    period: str | None
    rows: int


def export_mart(
    connection: "duckdb.DuckDBPyConnection",
    mart: str,
    columns: Sequence[str],
    document: MartDocument,
    months: Sequence[str],
    folder: Path,
) -> Iterator[ExportedFile]:
    """Write the files of a mart of the snapshot.

    Args:
        connection: To the snapshot.
        mart: Its name.
        columns: Of the mart, in order.
        document: What its files say of it.
        months: Computed months; each has a file, with or without rows.
        folder: Of the publication.

    Raises:
        PublicationError: a period cannot be the name of a folder.
    """
    table = f"marts.{quoted(mart)}"
    periods = _periods(connection, mart, months) if "period" in columns else []
    if not periods:
        path = f"{mart}/{mart}.parquet"
        yield ExportedFile(path, mart, None, _write(connection, f"from {table}", document, folder / path))
    selected = f"select {', '.join(quoted(name) for name in columns if name != 'period')} from {table}"
    for period in periods:
        path = f"{mart}/period={period or NULL_PERIOD}/{mart}.parquet"
        condition = "is null" if period is None else f"= {literal(period)}"
        query = f"{selected} where period {condition}"
        yield ExportedFile(path, mart, period, _write(connection, query, document, folder / path))


def _periods(connection: "duckdb.DuckDBPyConnection", mart: str, months: Sequence[str]) -> list[str | None]:
    """Periods of the files of a mart in order; none where there is neither a row nor a month."""
    rows = connection.execute(f"select distinct period from marts.{quoted(mart)}").fetchall()
    named = sorted({period for (period,) in rows if period is not None} | set(months))
    for name in named:
        if not _PERIOD.fullmatch(name):
            raise PublicationError(
                f"marts.{mart} has the period {name!r}", "A period is written 2026-10, 2026-Q4 or 2026."
            )
    return [*named, *([None] if (None,) in rows else [])]


def _write(connection: "duckdb.DuckDBPyConnection", query: str, document: MartDocument, path: Path) -> int:
    """Write the rows of a query, a row group for each full batch; a scan keeps the order of a table."""
    from pyarrow.parquet import ParquetWriter

    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    batches = connection.execute(query).to_arrow_reader(_ROW_GROUP)
    options = {"compression": "zstd", "store_decimal_as_integer": True}
    with ParquetWriter(path, _described(batches.schema, document), **options) as writer:
        for batch in batches:
            writer.write_batch(batch, row_group_size=_ROW_GROUP)
            rows += batch.num_rows
    return rows


def _described(schema: "pyarrow.Schema", document: MartDocument) -> "pyarrow.Schema":
    """A schema with the descriptions: of the mart and its key for the file, of each column for its field."""
    import pyarrow as pa

    fields = [
        field.with_metadata({"description": said}) if (said := document.columns.get(field.name)) else field
        for field in schema
    ]
    about = {"description": document.description, "primary_key": ", ".join(document.primary_key)}
    return pa.schema(fields, metadata={key: value for key, value in about.items() if value})
