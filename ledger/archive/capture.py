"""Archives a finished calculation: its inputs, plan files and payout lines.

Belongs here: which tables go in and how they are written. Does not belong here: when (``orchestration.books``).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.sql_text import quoted
from connectors.common.warehouse import open_warehouse
from ledger.archive.files import Archive, keep_file, keep_manifest
from ledger.archive.lines import lines_hash, read_lines
from ledger.tables import BOOKED_LINE, CAUSE, PROVENANCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FORMAT = 1


@dataclass(frozen=True)
class Source:
    """Where a calculation lies.

    Args:
        warehouse: DuckDB file with the raw layer it was calculated from.
        published: DuckDB file of its publication.
        plans: Content of each plan file by name.
        plan_hashes: Content hash by plan id.
    """

    warehouse: Path
    published: Path
    plans: Mapping[str, str]
    plan_hashes: Mapping[str, str]


def capture(source: Source, books: Path, period: str, calculation: Mapping[str, str]) -> Archive:
    """Write the archive of a calculation for one month; months before it that are open go with it.

    Args:
        source: Where the calculation lies; nobody may be writing it.
        books: Folder of the archives.
        period: The month.
        calculation: What identifies the calculation.
    """
    with _workshop(books) as folder:
        inputs = dict(_inputs(source, books, folder))
        plans = {name: _keep_text(books, folder, text) for name, text in sorted(source.plans.items())}
        with open_warehouse(source.published, read_only=True) as connection:
            months = _months(connection, period)
            hashes = {
                month: lines_hash(read_lines(connection, "marts.fct_payout_lines", month)) for month in months
            }
            kept = {name: _keep(connection, books, folder, query) for name, query in _queries(period).items()}
    return keep_manifest(
        books,
        {
            "format": _FORMAT,
            "period": period,
            "calculation": dict(calculation),
            "inputs": inputs,
            "plans": plans,
            "plan_hashes": dict(source.plan_hashes),
            "periods": hashes,
            "books": kept,
        },
    )


def _months(connection: DuckDBPyConnection, period: str) -> list[str]:
    query = "select period from marts.dim_period where not is_closed and period <= ? order by period"
    return sorted({period, *(str(row[0]) for row in connection.execute(query, [period]).fetchall())})


def _queries(period: str) -> dict[str, str]:
    """What is kept of the marts: lines of open months up to this one, and what belongs to them."""
    lines = f"marts.fct_payout_lines where not is_locked and period <= '{period}'"
    belongs = f"where line_id in (select line_id from {lines})"
    return {
        "lines": f"select {_names(BOOKED_LINE)} from {lines}",
        "provenance": f"select {_names(PROVENANCE)} from marts.fct_provenance {belongs}",
        "causes": f"select {_names(CAUSE)} from marts.fct_true_up_causes {belongs}",
        "payouts": f"select * from marts.fct_payouts where period = '{period}'",
        "employees": "select * from marts.dim_employee",
    }


def _names(columns: Mapping[str, str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _inputs(source: Source, books: Path, folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Every table of the raw layer; those of plans are made from the plan files."""
    with open_warehouse(source.warehouse, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where starts_with(schema_name, 'raw_') "
            "and schema_name != 'raw_plans' and table_name not like '\\_dlt%' escape '\\' order by all"
        ).fetchall()
        for schema, table in tables:
            relation = f'"{schema}"."{table}"'
            rows = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
            file = _keep(connection, books, folder, f"select * from {relation}")
            yield f"{schema}.{table}", {"rows": rows, "file": file}


def _keep(connection: DuckDBPyConnection, books: Path, folder: Path, query: str) -> str:
    """Keep the rows of a query in a fixed order, so that the same rows are the same file."""
    path = folder / "rows.parquet"
    connection.execute(
        f"copy (select * from ({query}) order by all) to {quoted(str(path))} (format parquet, compression zstd)"
    )
    return keep_file(books, path)


def _keep_text(books: Path, folder: Path, text: str) -> str:
    path = folder / "plan.yml"
    path.write_text(text, encoding="utf-8", newline="")
    return keep_file(books, path)


@contextmanager
def _workshop(books: Path) -> Iterator[Path]:
    """A folder for unfinished files on the same disk; what a killed process left is removed."""
    place = books / "unfinished"
    shutil.rmtree(place, ignore_errors=True)
    folder = place / str(os.getpid())
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(place, ignore_errors=True)
