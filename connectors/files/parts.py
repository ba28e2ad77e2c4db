"""Files in the templates: each file is one part, its columns found by their headers.

Belongs here: the way from a delivered file to a `Part` without a mapping, and the JSON of unknown columns.
Does not belong here: mappings, checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from connectors.common.contract import Kind, Template
from connectors.common.problems import DeliveryRejected
from connectors.common.sql_text import quoted
from connectors.files.delivery import DeliveredFile, match_templates
from connectors.files.headers import (
    HeaderMatch,
    check_second_header,
    column_finder,
    is_alias_row,
    match_headers,
    missing_columns,
    near_misses,
    refuse_unread_money,
)
from connectors.files.readers import ReadOptions, Recognised, read_file
from connectors.files.scratch import NO_TEXT, Source
from connectors.files.templates import TEMPLATES
from connectors.files.units import scale_of_header, scale_of_titles
from connectors.files.validation.part import Part
from connectors.files.validation.validate import Progress

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def template_parts(
    connection: DuckDBPyConnection,
    files: Sequence[DeliveredFile],
    progress: Progress,
    encoding: str | None = None,
) -> list[Part]:
    """Read files named after templates.

    Args:
        connection: Scratch connection.
        files: The files.
        progress: Called for each file.
        encoding: Encoding of text files; found out when None.

    Raises:
        ImportProblem: A file is unknown or empty.
        DeliveryRejected: A file is of a wrong type, or lacks a required column.
    """
    by_entity = match_templates(files)
    parts = []
    for number, (entity, file) in enumerate(by_entity.items()):
        progress(f"reading {file.name}", number, len(by_entity))
        template = TEMPLATES[entity]
        options = ReadOptions(_recogniser(template), sheets=(template.entity, template.zh), encoding=encoding)
        source = read_file(connection, file, f"file_{number}", options)
        match = match_headers(template, source.headers, str(file.path), source.header_line)
        _refuse_scaled(template, source, match, str(file.path))
        refuse_unread_money(template, match, source.headers, str(file.path))
        parts.append(_part(connection, template, source, match))
    return parts


def _refuse_scaled(template: Template, source: Source, match: HeaderMatch, where: str) -> None:
    """Refuse amounts under a title such as 单位：万元: read as they stand, each would be another amount."""
    scale = scale_of_titles(source.titles)
    money = [
        source.headers[position]
        for column, position in match.columns.items()
        if template.by_name[column].kind is Kind.MONEY
    ]
    if scale is None or scale.factor == 1 or all(scale_of_header(header) for header in money):
        return
    place = "a row above the header" if scale_of_titles(source.above) else "a row below the data"
    said = next(title for title in source.titles if scale_of_titles([title]))
    raise DeliveryRejected(
        f"{place} says that amounts are in {scale.word!r}: {said}",
        where=where,
        hint=f"write the amounts in full and remove the row, or describe the file in a mapping with "
        f"`number: {{factor: {scale.factor:f}}}` (connectors/files/README.md)",
    )


def _recogniser(template: Template) -> Callable[[Sequence[str | None]], Recognised]:
    """Tells how much of a header a row is: by the names of the template's columns."""
    find = column_finder(template)

    def recognise(row: Sequence[str | None]) -> Recognised:
        present = {column for field in row if field and (column := find(field))}
        return Recognised(len(present), is_complete=bool(present) and not missing_columns(template, present))

    return recognise


def _part(connection: DuckDBPyConnection, template: Template, source: Source, match: HeaderMatch) -> Part:
    alias_line = _alias_line(connection, template, source, match)
    return Part(
        entity=template.entity,
        source=source,
        expressions={column: f"r.c{position}" for column, position in match.columns.items()},
        extra=extra_json(source, match.extra),
        where="true" if alias_line is None else f"r.line <> {alias_line}",
        skipped=0 if alias_line is None else 1,
        notes=tuple(near_misses(template, match, source.headers)),
    )


def _alias_line(
    connection: DuckDBPyConnection, template: Template, source: Source, match: HeaderMatch
) -> int | None:
    first = connection.execute(f"SELECT * FROM {source.table} ORDER BY line LIMIT 1").fetchone()
    if first is None:
        return None
    if is_alias_row(template, match, first[1:]):
        return int(first[0])
    check_second_header(template, match, source.headers, first[1:], f"{source.file}:{first[0]}")
    return None


def extra_json(source: Source, positions: Iterable[int]) -> str:
    """SQL for the JSON of some columns of a file, empty values left out; NULL when nothing is left."""
    pairs = [f"{quoted(source.labels[position])}, nullif(trim(r.c{position}), '')" for position in positions]
    if not pairs:
        return NO_TEXT
    return f"nullif(CAST(json_merge_patch('{{}}', json_object({', '.join(pairs)})) AS VARCHAR), '{{}}')"
