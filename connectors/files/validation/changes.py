"""A delivery that states everything it knows each time: only what it says newly is landed.

Belongs here: leaving out rows that say what is known already, whether anything is left.
Does not belong here: what is missing from a snapshot (see gates), landing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.contract import Template
from connectors.common.sql_text import name
from connectors.files.raw_layer.known import KnownState, Load
from connectors.files.raw_layer.landing import quarantine_query
from connectors.files.scratch import scalar
from connectors.files.validation.validate import Checked, table_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def leave_out_known(checked: Checked, known: KnownState, load: Load, last: Load | None) -> bool:
    """Leave out the good rows whose every column, and record, is as the source said last; they count as filtered.

    Args:
        checked: The delivery; its counts are changed.
        known: The warehouse.
        load: The load that is to be made.
        last: The load of the same source before it.

    Returns:
        Whether anything is to be landed: a row, a deletion, or other rows in quarantine than in the last load.
    """
    for template in checked.templates:
        _leave_out(checked, template, known, load)
    return any(file.accepted or file.deleted for file in checked.files) or _other_quarantine(
        checked.connection, known, load, last
    )


def _leave_out(checked: Checked, template: Template, known: KnownState, load: Load) -> None:
    target, connection = table_of(template.entity), checked.connection
    files = ", ".join(f"({number}, '{part.source.file}')" for number, part in enumerate(checked.parts))
    same = " AND ".join(
        f"c.{name(column)} IS NOT DISTINCT FROM k.{name(column)}" for column in (*template.names, "_lines")
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE unchanged AS SELECT c._part, c._line, c._is_repeat FROM {target} AS c "
        f"JOIN (VALUES {files}) AS f(number, file) ON f.number = c._part "
        f"SEMI JOIN ({known.latest(template, load.source)}) AS k ON {same} AND f.file = k._file "
        "WHERE c._reason IS NULL"
    )
    for number, file in enumerate(checked.files):
        if file.entity != template.entity:
            continue
        left_out = scalar(connection, f"SELECT count(*) FROM unchanged WHERE _part = {number}")
        repeats = scalar(connection, f"SELECT count(*) FROM unchanged WHERE _part = {number} AND _is_repeat")
        file.filtered += left_out
        file.rows_in -= left_out
        file.accepted -= left_out
        file.duplicates -= repeats
    connection.execute(
        f"DELETE FROM {target} AS t USING unchanged AS u WHERE t._part = u._part AND t._line = u._line"
    )


def _other_quarantine(
    connection: DuckDBPyConnection, known: KnownState, load: Load, last: Load | None
) -> bool:
    now = f"SELECT source_table, location, field, value, reason FROM ({quarantine_query(load)})"
    before = known.quarantined(last)
    difference = f"(({now}) EXCEPT ({before})) UNION ALL (({before}) EXCEPT ({now}))"
    return bool(scalar(connection, f"SELECT count(*) FROM ({difference})"))
