"""Payout lines as text, and their hash.

The text has one line of JSON for each payout line, ordered by line_id, every value as SQL writes it. The hash leaves
`run_id` out: another run that gives the same lines gives the same hash, so that an approval of them still stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.sql_text import quoted
from ledger.tables import BOOKED_LINE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = tuple(BOOKED_LINE)
_RUN = COLUMNS.index("run_id")


def read_lines(
    connection: DuckDBPyConnection, relation: str, period: str | None = None
) -> list[tuple[Any, ...]]:
    """The payout lines of a relation in their order, every value as text.

    Args:
        connection: To a database.
        relation: What stands behind `from`.
        period: Of this month alone.
    """
    texts = ", ".join(f'cast("{column}" as varchar)' for column in COLUMNS)
    where, values = ("where period = ?", [period]) if period else ("", [])
    return connection.execute(f"select {texts} from {relation} {where} order by line_id", values).fetchall()


def read_file(connection: DuckDBPyConnection, path: Path, period: str | None = None) -> list[tuple[Any, ...]]:
    """The payout lines of a Parquet file."""
    return read_lines(connection, f"read_parquet({quoted(str(path))})", period)


def as_text(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """One text for each line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def lines_hash(rows: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the texts of lines without their run."""
    digest = hashlib.sha256()
    for text in as_text([*row[:_RUN], *row[_RUN + 1 :]] for row in rows):
        digest.update(text.encode())
        digest.update(b"\n")
    return digest.hexdigest()
