"""The report of a delivery that was imported before, from what it left in the warehouse.

Belongs here: reading one load's counts and quarantine back. Does not belong here: anything about new files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.sql_text import quoted
from connectors.files.raw_layer.known import KnownState, Load
from connectors.files.report import FileReport, ImportReport
from connectors.files.templates import TEMPLATES
from connectors.files.validation.set_aside import quarantine_groups

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def stored_report(known: KnownState, connection: DuckDBPyConnection, load: Load) -> ImportReport:
    """The report of a completed load, marked as already imported.

    Args:
        known: The warehouse.
        connection: The connection it is attached to.
        load: The load.
    """
    rows = connection.execute(
        "SELECT entity, file, rows_in + rows_filtered, rows_filtered, rows_in, rows_accepted, rows_duplicate, "
        f"rows_quarantined, rows_deleted FROM {known.table('load_files')} WHERE load_id = ? ORDER BY file",
        [load.load_id],
    ).fetchall()
    order = list(TEMPLATES)
    quarantine = f"(SELECT * FROM {known.table('quarantine')} WHERE load_id = {quoted(load.load_id)})"
    return ImportReport(
        load_id=load.load_id,
        already_imported=True,
        files=sorted((FileReport(*row) for row in rows), key=lambda file: order.index(file.entity)),
        quarantine=quarantine_groups(connection, quarantine),
        notes=["this delivery is identical to the last completed one; nothing was done"],
    )
