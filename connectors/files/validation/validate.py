"""Checking a delivery as a whole: every record ends up accepted or quarantined, and is counted.

    Parts (file × template) → checked_<entity> (typed, judged) → keys compared → quarantine + FileReport

Belongs here: rules that look at several rows of one delivery, quarantine records, counts.
Does not belong here: single values (see checks), earlier deliveries (see gates), landing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors.common.contract import Template
from connectors.common.sql_text import name, quoted
from connectors.files.report import FileReport
from connectors.files.scratch import NO_TEXT, scalar
from connectors.files.templates import TEMPLATES
from connectors.files.validation.bounds import CheckOptions
from connectors.files.validation.checks import Flags, checked_query
from connectors.files.validation.grouping import group_lines, line_template
from connectors.files.validation.part import Part
from connectors.files.validation.set_aside import make_quarantine, refuse_foreign, set_aside
from connectors.files.validation.thousands import unclear_numbers

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Checked:
    """A checked delivery: `checked_<entity>` and `quarantine` in the scratch database, and the counts."""

    connection: DuckDBPyConnection
    parts: tuple[Part, ...]
    files: tuple[FileReport, ...]

    @property
    def templates(self) -> list[Template]:
        """The templates the delivery has files for, in the order of the contract."""
        present = {part.entity for part in self.parts}
        return [template for entity, template in TEMPLATES.items() if entity in present]

    @property
    def held_back(self) -> set[str]:
        """Entities with a record of which nothing can be told, so that no known record is surely missing."""
        return {part.entity for part in self.parts if part.source.broken}

    @property
    def notes(self) -> list[str]:
        """How the files were read, each remark with its file and said once."""
        said = (f"{p.source.file}: {note}" for p in self.parts for note in p.source.notes + p.notes)
        return list(dict.fromkeys(said))

    def rows_in(self, entity: str) -> int:
        """Records that count, over all files of an entity."""
        return sum(file.rows_in for file in self.files if file.entity == entity)

    def file_names(self, entity: str) -> str:
        """The files of an entity, for messages."""
        return ", ".join(file.file for file in self.files if file.entity == entity)


def table_of(entity: str) -> str:
    """Scratch table with the typed and judged rows of an entity."""
    return f"checked_{entity}"


def check_parts(
    connection: DuckDBPyConnection,
    parts: Sequence[Part],
    options: CheckOptions,
    progress: Progress,
    foreign: Callable[[Template], str] | None = None,
) -> Checked:
    """Type, judge and count all parts of a delivery.

    Args:
        connection: Scratch connection.
        parts: The files or tables of records, each as the source of one entity.
        options: Time zone and bounds.
        progress: Called for each entity.
        foreign: SQL of the records of an entity that belong to other sources, with `_source`.

    Raises:
        AssertionError: A record was lost or counted twice (a defect of this program).
    """
    make_quarantine(connection)
    by_entity: dict[str, list[int]] = {}
    for number, part in enumerate(parts):
        by_entity.setdefault(part.entity, []).append(number)
    for done, (entity, numbers) in enumerate(by_entity.items()):
        progress(f"checking {entity}", done, len(by_entity))
        template = TEMPLATES[entity]
        _check_entity(connection, template, {number: parts[number] for number in numbers}, options)
        _choose_by_order(connection, template, {number: parts[number] for number in numbers})
        _compare_keys(connection, template)
        if foreign is not None:
            refuse_foreign(connection, template, table_of(entity), foreign(template))
        for number in numbers:
            _name_records(connection, template, number, parts[number])
            set_aside(connection, template, table_of(entity), number, parts[number].source)
    may_filter = {part.entity for part in parts if part.same_key != "conflict"}
    files = tuple(
        _count(connection, number, part, may_filter=part.may_filter or part.entity in may_filter)
        for number, part in enumerate(parts)
    )
    for table in {part.source.table for part in parts}:
        connection.execute(f"DROP TABLE {table}")  # the text is no longer needed, and may be large
    return Checked(connection, tuple(parts), files)


def _check_entity(
    connection: DuckDBPyConnection, template: Template, parts: dict[int, Part], options: CheckOptions
) -> None:
    """Make `checked_<entity>`: every record of every part, or of every group of records."""
    target = table_of(template.entity)
    own = "CAST(NULL AS VARCHAR) AS _lines, false AS _is_repeat"
    for at, (number, part) in enumerate(parts.items()):
        judged = f"SELECT *, {own} FROM ({_judged(connection, template, number, part, options)})"
        if not at:
            connection.execute(f"CREATE TABLE {target} AS {judged}{' LIMIT 0' if part.group else ''}")
        elif part.group is None:
            connection.execute(f"INSERT INTO {target} {judged}")
    grouped = {number: part for number, part in parts.items() if part.group is not None}
    grouping = next((part.group for part in parts.values() if part.group is not None), None)
    if grouping is not None:
        lines = line_template(template, grouping)
        union = " UNION ALL BY NAME ".join(
            f"({_judged(connection, lines, number, part, options)})" for number, part in grouped.items()
        )
        no_key = " OR ".join(f"{name(column)} IS NULL" for column in template.key)
        connection.execute(f"CREATE OR REPLACE TABLE lines AS SELECT *, {no_key} AS no_key FROM ({union})")
        group_lines(connection, template, grouping, options, target)


def _judged(
    connection: DuckDBPyConnection, template: Template, number: int, part: Part, options: CheckOptions
) -> str:
    """SQL for the typed and judged records of one part."""
    texts = {
        column.name: f"{part.expressions.get(column.name, NO_TEXT)} AS x_{column.name}"
        for column in template.columns
    }
    unclear = unclear_numbers(connection, TEMPLATES[part.entity], part)
    flags = Flags(tuple(part.unread), tuple(unclear))
    conditions = (*part.unread.values(), *unclear.values())
    flagged = "".join(f", {one} AS {column}" for column, one in zip(flags.columns, conditions, strict=True))
    query = (
        f"SELECT {number} AS _part, r.line AS _line, sha256({part.source.row_json('r')}) AS _content_hash, "
        f"{part.extra} AS extra, {', '.join(texts.values())}{flagged} "
        f"FROM {part.source.table} AS r {part.joins} WHERE {part.where}"
    )
    if part.distinct:
        same = ", ".join(f"x_{column}" for column in texts)
        query = (
            f"SELECT * FROM ({query}) QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY _line) = 1 "
            "ORDER BY _line"
        )
    return checked_query(template, query, options, flags)


def _choose_by_order(connection: DuckDBPyConnection, template: Template, parts: dict[int, Part]) -> None:
    """Where parts say so, keep the first or the last of the rows with one key; the others are left out.

    A row that is set aside for another reason is chosen like a good one, so that a bad row never lets a row win
    that would not have counted.
    """
    first = [str(number) for number, part in parts.items() if part.same_key == "first"]
    last = [str(number) for number, part in parts.items() if part.same_key == "last"]
    if not first and not last:
        return
    target, keys = table_of(template.entity), ", ".join(name(column) for column in template.key)
    readable = " AND ".join(f"{name(column)} IS NOT NULL" for column in template.key)
    gives_way = f"_part IN ({', '.join(first)}) AND place > 1" if first else "false"
    replaced = f"max(CASE WHEN _part IN ({', '.join(last)}) THEN place END) OVER same_key" if last else "0"
    connection.execute(
        f"CREATE OR REPLACE TABLE left_out AS SELECT _part, _line FROM ("
        f"SELECT _part, _line, ({gives_way}) OR coalesce(place < {replaced}, false) AS is_left_out FROM ("
        f"SELECT *, row_number() OVER (PARTITION BY {keys} ORDER BY _part, _line) AS place FROM {target} "
        f"WHERE {readable}) WINDOW same_key AS (PARTITION BY {keys})) WHERE is_left_out"
    )
    connection.execute(
        f"DELETE FROM {target} AS t USING left_out AS o WHERE t._part = o._part AND t._line = o._line"
    )


def _compare_keys(connection: DuckDBPyConnection, template: Template) -> None:
    """Mark exact repetitions, and set aside every row of a key that says different things.

    A row that broke another rule differs from every good row of its key, so it makes those a conflict too;
    it keeps its own reason.
    """
    target, keys = table_of(template.entity), ", ".join(name(column) for column in template.key)
    readable = " AND ".join(f"{name(column)} IS NOT NULL" for column in template.key)
    content = ", ".join(name(column) for column in template.names)
    connection.execute(
        f"CREATE OR REPLACE TABLE several AS SELECT {keys} FROM {target} WHERE {readable} "
        f"GROUP BY {keys} HAVING count(*) > 1"
    )
    if not scalar(connection, "SELECT count(*) FROM several"):
        return
    connection.execute(
        f"CREATE OR REPLACE TABLE ranked AS SELECT c._part, c._line, "
        f"count(DISTINCT row({content}, extra)) OVER same_key > 1 "
        f"  OR bool_or(_reason IS NOT NULL) OVER same_key AS is_conflict, "
        f"row_number() OVER (PARTITION BY {keys} ORDER BY _part, _line) > 1 AS is_repeat, "
        f"concat_ws('|', {keys}) AS key_text "
        f"FROM {target} AS c SEMI JOIN several USING ({keys}) WINDOW same_key AS (PARTITION BY {keys})"
    )
    matching = f"{target}._part = r._part AND {target}._line = r._line AND {target}._reason IS NULL"
    connection.execute(
        f"UPDATE {target} SET _reason = 'conflicting_rows', _field = {quoted(', '.join(template.key))}, "
        f"_value = r.key_text FROM ranked AS r WHERE {matching} AND r.is_conflict"
    )
    connection.execute(
        f"UPDATE {target} SET _is_repeat = true FROM ranked AS r WHERE {matching} AND r.is_repeat"
    )


def _name_records(connection: DuckDBPyConnection, template: Template, number: int, part: Part) -> None:
    """Where rows are records with ids of their own, the ids stand where files have the lines of a row."""
    if part.source.record_id("r") != NO_TEXT:
        target = table_of(template.entity)
        connection.execute(
            f"UPDATE {target} SET _lines = {part.source.record_id('r')} FROM {part.source.table} AS r "
            f"WHERE r.line = {target}._line AND {target}._part = {number}"
        )


def _count(connection: DuckDBPyConnection, number: int, part: Part, *, may_filter: bool) -> FileReport:
    checked = f"FROM {table_of(part.entity)} WHERE _part = {number}"
    kept = scalar(connection, f"SELECT count(*) {checked}")
    read = part.source.rows + part.source.broken - part.skipped
    report = FileReport(
        entity=part.entity,
        file=part.source.file,
        rows_read=read,
        filtered=part.source.rows - part.skipped - kept,
        rows_in=kept + part.source.broken,
        accepted=scalar(connection, f"SELECT count(*) {checked} AND _reason IS NULL"),
        duplicates=scalar(connection, f"SELECT count(*) {checked} AND _reason IS NULL AND _is_repeat"),
        quarantined=scalar(connection, f"SELECT count(*) FROM quarantine WHERE _part = {number}"),
    )
    is_whole = report.rows_in == report.accepted + report.quarantined
    if not is_whole or report.filtered < 0 or (report.filtered and not may_filter):
        raise AssertionError(f"rows in = accepted + quarantined does not hold: {report}")
    return report
