"""Quarantine: rows that are set aside, each with its place, its value and the reason.

Belongs here: the table of such rows, keys that belong to another source, the summary by reason.
Does not belong here: the rules that set a row aside for its own content (see checks, validate).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.common.contract import Template
from connectors.common.sql_text import name, quoted
from connectors.files.report import SAMPLES, QuarantineGroup, Sample
from connectors.files.scratch import NO_TEXT, Source
from connectors.files.validation.checks import record_of
from connectors.files.validation.reasons import REASONS, advice, expected

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def make_quarantine(connection: DuckDBPyConnection) -> None:
    """Make the table of rows that are set aside, empty."""
    connection.execute(
        "CREATE TABLE quarantine (source_table VARCHAR, file VARCHAR, line BIGINT, field VARCHAR, "
        'value VARCHAR, "row" VARCHAR, record VARCHAR, reason VARCHAR, _part INTEGER, record_id VARCHAR)'
    )


def refuse_foreign(connection: DuckDBPyConnection, template: Template, checked: str, foreign: str) -> None:
    """Set aside rows whose key belongs to a record of another source, so that none replaces another in silence.

    Args:
        connection: Scratch connection.
        template: What the rows are for.
        checked: Table of checked rows.
        foreign: SQL of the records of other sources, with `_source`.
    """
    same_key = " AND ".join(f"{checked}.{name(key)} = f.{name(key)}" for key in template.key)
    connection.execute(
        f"UPDATE {checked} SET _reason = 'key_of_another_source', _field = {quoted(', '.join(template.key))}, "
        f"_value = concat_ws('|', {', '.join(f'f.{name(key)}' for key in template.key)}) || ' (' || f._source || ')' "
        f"FROM ({foreign}) AS f WHERE {same_key} AND {checked}._reason IS NULL"
    )


def set_aside(
    connection: DuckDBPyConnection, template: Template, checked: str, number: int, source: Source
) -> None:
    """Write the quarantine records of one part: the row as it is in the file, and what of it can be read.

    Args:
        connection: Scratch connection with the table `quarantine`.
        template: What the rows are for.
        checked: Table of checked rows.
        number: The part.
        source: Where its rows come from.
    """
    whole = record_of({column: f"c.{name(column)}" for column in template.names})
    connection.execute(
        f"INSERT INTO quarantine SELECT {quoted(template.entity)}, {quoted(source.file)}, c._line, c._field, "
        f"c._value, {source.row_json('r')}, coalesce(c._record, {whole}), c._reason, {number}, "
        f"{source.record_id('r')} FROM {checked} AS c JOIN {source.table} AS r ON r.line = c._line "
        f"WHERE c._part = {number} AND c._reason IS NOT NULL ORDER BY c._line"
    )
    connection.execute(
        f"INSERT INTO quarantine SELECT {quoted(template.entity)}, {quoted(source.file)}, line, '', NULL, "
        f"\"row\", NULL, 'wrong_field_count', {number}, {NO_TEXT} FROM {source.broken_table} ORDER BY line"
    )


def quarantine_groups(connection: DuckDBPyConnection, source: str = "quarantine") -> list[QuarantineGroup]:
    """Quarantined rows by entity and reason, with the first few of each.

    Args:
        connection: Connection to the rows.
        source: Table or subquery with source_table, file, line, field, value and reason.
    """
    counts = connection.execute(
        f"SELECT source_table, reason, count(*) FROM {source} GROUP BY ALL ORDER BY source_table, reason"
    ).fetchall()
    groups = []
    for entity, reason, rows in counts:
        first = connection.execute(
            f"SELECT file, line, field, value FROM {source} WHERE source_table = ? AND reason = ? "
            f"ORDER BY file, line LIMIT {SAMPLES}",
            [entity, reason],
        ).fetchall()
        samples = tuple(
            Sample(file, line, field, value, expected(entity, field, reason))
            for file, line, field, value in first
        )
        meaning = REASONS.get(reason, "")
        groups.append(QuarantineGroup(entity, reason, meaning, int(rows), samples, advice(reason)))
    return groups
