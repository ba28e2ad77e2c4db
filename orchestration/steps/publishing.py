"""The publication step: the marts of one calculation to the folder of readers.

Belongs here: what is recorded with a publication, and the call of ``serving``.
Does not belong here: writing files (``serving``), assets (``assets.publication``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.common.warehouse import open_warehouse
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings


def publish_marts(settings: Settings) -> dict[str, Any]:
    """Publish the marts of the warehouse.

    Returns:
        Metadata of the publication: its id, where it lies, its size.
    """
    from serving import publish

    made = publish(settings.warehouse, settings.published, publication=read_calculation(settings.warehouse))
    rows = sum(made.marts.values())
    said = f"{len(made.marts)} marts, {rows:,} rows, {len(made.periods)} periods"
    emit("publish", "note", said if made.is_new else f"nothing new: {said}")
    return {
        "publication": made.publication_id,
        "folder": str(made.folder),
        "dagster/row_count": rows,
        "files": made.files,
        "bytes": made.bytes,
    }


def read_calculation(warehouse: Path) -> dict[str, str]:
    """What identifies the calculation the marts are from, as dbt recorded it."""
    columns = ("run_id", "as_of", "timezone", "code_version")
    with open_warehouse(warehouse, read_only=True) as connection:
        row = connection.execute(f"select {', '.join(columns)} from marts.dim_calculation").fetchone()
    return {column: str(value) for column, value in zip(columns, row or (), strict=False)}


def largest_line(database: Path) -> str | None:
    """The id of the largest payout line, as an example to explain; None without lines."""
    query = "select line_id from marts.fct_payout_lines order by abs(amount) desc, line_id limit 1"
    with open_warehouse(database, read_only=True) as connection:
        row = connection.execute(query).fetchone()
    return str(row[0]) if row else None
