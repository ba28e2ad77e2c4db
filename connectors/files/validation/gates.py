"""The gate at the door: a cut-off export is refused, and what a snapshot no longer holds is marked deleted.

Belongs here: decisions that compare a checked delivery with what earlier deliveries left.
Does not belong here: checks of rows, questions to the warehouse (see known), landing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.contract import Template
from connectors.common.problems import DeliveryRejected
from connectors.common.sql_text import name
from connectors.files.raw_layer.known import FILES, KnownState
from connectors.files.scratch import scalar
from connectors.files.validation.validate import Checked, table_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def is_truncated(rows_in: int, rows_before: int, repeats: int) -> bool:
    """Whether a file looks like a cut-off export.

    A delivery of corrections holds new or changed rows; a cut-off export repeats what is known already.

    Args:
        rows_in: Rows of this delivery.
        rows_before: Rows of the last delivery that held the entity.
        repeats: Good rows of this delivery that say what is known already.
    """
    return rows_in * 2 < rows_before and (rows_in == 0 or repeats * 2 > rows_in)


def refuse_truncated(checked: Checked, known: KnownState, *, snapshot: bool, source: str = FILES) -> None:
    """Refuse the delivery when one of its files looks cut off.

    A snapshot claims to be complete: half of the known records is the mark whatever the rows say, for the missing
    ones would be deleted. Other files can look cut off only where each delivery so far repeated what was known:
    a first delivery and a correction of one row are no feed that comes whole.

    Raises:
        DeliveryRejected: A file has too few rows.
    """
    for template in checked.templates:
        entity, rows_in = template.entity, checked.rows_in(template.entity)
        if snapshot:
            live = scalar(checked.connection, f"SELECT count(*) FROM ({known.latest(template, source)})")
            if rows_in * 2 < live:
                raise _truncated(checked, entity, f"{live} records of {entity} are known", source)
            continue
        last = known.last_rows(entity)
        if last is None or rows_in * 2 >= last[1] or not known.comes_whole(template):
            continue
        load_id, before = last
        repeats = _repeats(checked.connection, template, known)
        if is_truncated(rows_in, before, repeats):
            said = f"{repeats} of them repeat what is known" if rows_in else "none at all"
            raise _truncated(checked, entity, f"the last load of {entity} ({load_id}) had {before}; {said}")


def _truncated(checked: Checked, entity: str, reason: str, source: str = FILES) -> DeliveryRejected:
    if source != FILES:
        return DeliveryRejected(
            f"{source} gives {checked.rows_in(entity)} rows of {entity} now, but {reason}",
            where=checked.file_names(entity),
            hint=f"look at what changed in the system, or in its mapping; if so few are meant, run "
            f"`incentives sources extract {source} --allow-shrink` (nothing was landed)",
        )
    return DeliveryRejected(
        f"the delivery looks truncated: {checked.rows_in(entity)} rows of {entity}, but {reason}",
        where=checked.file_names(entity),
        hint="export the file again; if so few rows are meant, import with the option that allows a shrink "
        "(nothing was landed)",
    )


def _repeats(connection: DuckDBPyConnection, template: Template, known: KnownState) -> int:
    same = " AND ".join(
        f"c.{name(column)} IS NOT DISTINCT FROM k.{name(column)}" for column in (*template.names, "extra")
    )
    return scalar(
        connection,
        f"SELECT count(*) FROM {table_of(template.entity)} AS c "
        f"SEMI JOIN ({known.latest(template)}) AS k ON {same} WHERE c._reason IS NULL",
    )


def tombstone_table(entity: str) -> str:
    """Scratch table with the records a snapshot no longer holds."""
    return f"tombstones_{entity}"


def find_deleted(checked: Checked, known: KnownState, source: str = FILES) -> None:
    """For each entity, list the known records of a source that no row of its snapshot can be.

    A quarantined row keeps its record alive; where a part of its key cannot be read, it keeps alive every
    record that agrees with the rest, so that a bad row never deletes a good record.
    """
    for template in checked.templates:
        entity, target = template.entity, tombstone_table(template.entity)
        keys = [name(column) for column in template.key]
        exact = " AND ".join(f"c.{key} = k.{key}" for key in keys)
        vague = " AND ".join(f"(c.{key} IS NULL OR c.{key} = k.{key})" for key in keys)
        unreadable = " OR ".join(f"{key} IS NULL" for key in keys)
        columns = ", ".join(f"k.{name(column)}" for column in template.names)
        checked.connection.execute(
            f"CREATE TABLE {target} AS SELECT {columns} FROM ({known.latest(template, source)}) AS k "
            f"ANTI JOIN {table_of(entity)} AS c ON {exact}"
        )
        checked.connection.execute(
            f"DELETE FROM {target} AS k USING (SELECT * FROM {table_of(entity)} WHERE {unreadable}) AS c "
            f"WHERE {vague}"
        )
        if entity in checked.held_back:
            checked.connection.execute(f"DELETE FROM {target}")
        for file in [file for file in checked.files if file.entity == entity][:1]:
            file.deleted = scalar(checked.connection, f"SELECT count(*) FROM {target}")
