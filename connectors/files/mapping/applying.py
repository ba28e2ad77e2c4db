"""Applying a mapping: foreign files become parts whose columns are SQL over the file's own columns.

Belongs here: SQL for rows, filters and lookups; agreement of the mapping with the files.
Does not belong here: the mapping language, single columns (see columns), types and checks of templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from connectors.common.contract import Column, Kind
from connectors.common.problems import ImportProblem, MappingProblem, closest
from connectors.common.sql_text import quoted
from connectors.common.yaml_document import Key, YamlDocument
from connectors.files.delivery import DeliveredFile
from connectors.files.headers import numbered, spelling
from connectors.files.mapping.columns import ColumnOf, Spelled, origin, spell, with_defaults
from connectors.files.mapping.lookups import build_lookup
from connectors.files.mapping.model import ColumnRule, Condition, Mapping, SourceFile, TemplateRule
from connectors.files.parts import extra_json
from connectors.files.readers import ReadOptions, Recognised, read_file
from connectors.files.scratch import NO_TEXT, RecordSource, Source, is_unknown, known_or
from connectors.files.templates import TEMPLATES
from connectors.files.units import scale_of_header, scale_of_titles
from connectors.files.validation.grouping import Grouping
from connectors.files.validation.part import Part
from connectors.files.validation.validate import Progress

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def record_parts(
    connection: DuckDBPyConnection,
    sources: dict[str, Source],
    mapping: Mapping,
    document: YamlDocument,
    *,
    zone: str,
) -> list[Part]:
    """The parts that a mapping makes of tables of records.

    Args:
        connection: Scratch connection.
        sources: The tables by the short names of the mapping.
        mapping: The mapping.
        document: Where it is written, for messages.
        zone: IANA zone in which points in time have their date.

    Raises:
        MappingProblem: A field the mapping names is in no record, or a lookup is ambiguous.
    """
    return [
        _part(connection, rule, mapping, sources, zone, document, ("templates", number))
        for number, rule in enumerate(mapping.templates)
    ]


def mapped_parts(
    connection: DuckDBPyConnection,
    files: Sequence[DeliveredFile],
    mapping: Mapping,
    document: YamlDocument,
    progress: Progress,
    *,
    zone: str,
    encoding: str | None = None,
) -> list[Part]:
    """Read the files a mapping names, and make the parts it describes.

    Args:
        connection: Scratch connection.
        files: The files of the delivery.
        mapping: The mapping.
        document: Its file, for messages.
        progress: Called with what is being done.
        zone: IANA zone in which points in time have their date.
        encoding: Encoding of text files of which the mapping does not say it.

    Raises:
        ImportProblem: A file of the delivery is neither mapped nor ignored, or a mapped one is missing.
        MappingProblem: A column the mapping names is not in the file, or a lookup is ambiguous.
    """
    found = _match_files(files, mapping, document)
    sources: dict[str, Source] = {}
    for number, (short, file) in enumerate(found.items()):
        progress(f"reading {file.name}", number, len(found))
        sources[short] = read_file(connection, file, f"file_{number}", _options(mapping, short, encoding))
    return record_parts(connection, sources, mapping, document, zone=zone)


def _options(mapping: Mapping, short: str, encoding: str | None) -> ReadOptions:
    """How one file is read: as the mapping says, its header known by the columns the mapping names."""
    wanted = mapping.sources[short]
    names = {spelling(header) for header in mapping.columns_of(short)}

    def recognise(row: Sequence[str | None]) -> Recognised:
        present = {
            spelling(field) for field in (*row, *numbered([one or "" for one in row])) if field
        } & names
        return Recognised(len(present), is_complete=present == names)

    return ReadOptions(
        recognise,
        sheets=() if wanted.sheet is None else (wanted.sheet,),
        must_have_sheet=wanted.sheet is not None,
        encoding=wanted.encoding or encoding,
        header_row=wanted.header_row,
    )


def _match_files(
    files: Sequence[DeliveredFile], mapping: Mapping, document: YamlDocument
) -> dict[str, DeliveredFile]:
    by_name = {file.name.casefold(): file for file in files}
    found: dict[str, DeliveredFile] = {}
    for short, wanted in mapping.sources.items():
        file = by_name.get(wanted.file.casefold())
        if file is None:
            raise ImportProblem(
                f"the mapping needs the file {wanted.file!r}, but the delivery does not hold it",
                where=document.where(("sources", short, "file")),
                hint=f"{closest(wanted.file, by_name)}The delivery holds: {', '.join(sorted(by_name))}",
            )
        found[short] = file
    expected = {wanted.file.casefold() for wanted in mapping.sources.values()}
    expected |= {name.casefold() for name in mapping.ignore}
    for folded, file in by_name.items():
        if folded not in expected:
            raise ImportProblem(
                f"unknown file {file.name!r}: the mapping does not name it",
                where=str(file.path),
                hint=f"{closest(file.name, expected)}Map it, or list it under `ignore` in {document.name}",
            )
    return found


def _part(
    connection: DuckDBPyConnection,
    rule: TemplateRule,
    mapping: Mapping,
    sources: dict[str, Source],
    zone: str,
    document: YamlDocument,
    here: tuple[Key, ...],
) -> Part:
    source = sources[rule.source]
    column_of = _column_finder(source, "r", document)
    joins: list[str] = []
    spelled: dict[str, Spelled] = {}
    for name, column_rule in rule.columns.items():
        location = (*here, "columns", name)
        file = mapping.sources[rule.source]
        if lookup := column_rule.lookup:
            alias = f"l{len(joins)}"
            file, other = mapping.sources[lookup.source], sources[lookup.source]
            finder = _column_finder(other, "o", document)
            joins.append(
                build_lookup(connection, lookup, alias, finder, column_of, other, document, location)
            )
            matched = (*location, "lookup", "match")
            own = [column_of(header, matched) for header in lookup.match.values()]
            text = known_or(own, f"{alias}.taken")
        else:
            text = origin(column_rule, column_of, location)
        column = TEMPLATES[rule.template].by_name[name]
        is_summed = rule.group is not None and name in rule.group.sum
        typed_cells = not file.file.casefold().endswith(".csv")
        full = with_defaults(column_rule, column, file)
        _ask_for_scale(full, column, source, document, location)
        spelled[name] = spell(full, text, column, zone, typed_cells=typed_cells, is_summed=is_summed)
    conditions = _conditions(rule, spelled, column_of, here)
    return Part(
        entity=rule.template,
        source=source,
        expressions={name: one.text for name, one in spelled.items()},
        unread={name: one.unread for name, one in spelled.items() if one.unread},
        spelled=_styled(rule, mapping.sources[rule.source]),
        extra=NO_TEXT if rule.distinct or rule.extra == "drop" else _unused(rule, source),
        joins=" ".join(joins),
        where=" AND ".join(conditions) or "true",
        distinct=rule.distinct,
        may_filter=rule.distinct or bool(conditions),
        same_key=rule.same_key,
        group=_group(rule, mapping.sources[rule.source]),
    )


def _styled(rule: TemplateRule, file: SourceFile) -> frozenset[str]:
    """Columns of which the mapping says how numbers are written, or which are not written in the file."""
    columns = TEMPLATES[rule.template].by_name
    full = {name: with_defaults(one, columns[name], file) for name, one in rule.columns.items()}
    return frozenset(name for name, one in full.items() if one.number is not None or one.column is None)


def _ask_for_scale(
    rule: ColumnRule, column: Column, source: Source, document: YamlDocument, location: tuple[Key, ...]
) -> None:
    """Amounts under a header or title that says another unit need a word about it; read as they stand they are wrong.

    Raises:
        MappingProblem: The file says a unit such as 万元, and the mapping neither a factor nor units.
    """
    said = rule.number is not None and {"factor", "units"} & rule.number.model_fields_set
    if rule.column is None or said or column.kind is not Kind.MONEY:
        return
    scale = scale_of_header(rule.column) or scale_of_titles(source.titles)
    if scale is not None and scale.factor != 1:
        raise MappingProblem(
            f"{source.file} says that {rule.column!r} is in {scale.word!r}, and the mapping says nothing about it",
            where=document.where(location),
            hint=f"say `number: {{factor: {scale.factor:f}}}`, or `number: {{factor: 1}}` when amounts are in full",
        )


def _conditions(
    rule: TemplateRule, spelled: dict[str, Spelled], column_of: ColumnOf, here: tuple[Key, ...]
) -> list[str]:
    """SQL of the rows that count; one whose condition rests on an unknown cell counts, and is set aside by it."""
    asked = [
        column_of(condition.column, (*here, "where", number, "column"))
        for number, condition in enumerate(rule.where)
    ]
    if asked:
        keys = TEMPLATES[rule.template].key
        shown_in = next((name for name in spelled if name not in keys), keys[0])
        spelled[shown_in] = replace(spelled[shown_in], text=known_or(asked, spelled[shown_in].text))
    return [
        f"({is_unknown(text)} OR {_condition(condition, text)})"
        for condition, text in zip(rule.where, asked, strict=True)
    ]


def _group(rule: TemplateRule, file: SourceFile) -> Grouping | None:
    if rule.group is None:
        return None
    sums: dict[str, int | None] = {}
    for name in rule.group.sum:
        full = with_defaults(rule.columns[name], TEMPLATES[rule.template].by_name[name], file)
        sums[name] = None if full.number is None else full.number.round
    return Grouping(sums, tuple(rule.group.join), tuple(rule.group.first))


def _column_finder(source: Source, alias: str, document: YamlDocument) -> ColumnOf:
    """A function from a column's header to SQL for its trimmed text, which complains about unknown ones."""
    positions = {spelling(header): index for index, header in enumerate(source.headers)}
    exact = {h: at for at, h in enumerate(source.headers)} if isinstance(source, RecordSource) else {}
    one_by_one = numbered(source.headers)
    several = {h: at for at, h in enumerate(one_by_one) if h != source.headers[at]}

    def find(header: str, location: tuple[Key, ...]) -> str:
        position = exact.get(header, positions.get(spelling(header), several.get(header)))
        table, column = source.words
        if position is None:
            raise MappingProblem(
                f"the {table} {source.file} has no {column} {header!r}",
                where=document.where(location),
                hint=f"{closest(header, source.headers)}{column.capitalize()}s: {', '.join(source.headers)}",
            )
        alike = [at for at, other in enumerate(source.headers) if spelling(other) == spelling(header)]
        if header not in exact and len(alike) > 1:
            raise MappingProblem(
                f"the {table} {source.file} has several {column}s {header!r}",
                where=document.where(location),
                hint=f"say which: {', '.join(repr(one_by_one[at]) for at in alike)}",
            )
        return f"nullif(trim({alias}.c{position}), '')"

    return find


def _condition(condition: Condition, text: str) -> str:
    if condition.empty is not None:
        return f"{text} IS NULL" if condition.empty else f"{text} IS NOT NULL"
    if condition.equals is not None:
        return f"{text} IS NOT DISTINCT FROM {quoted(condition.equals)}"
    words = ", ".join(quoted(word) for word in condition.isin or condition.not_in or ())
    listed = f"coalesce({text} IN ({words}), false)"
    return listed if condition.isin is not None else f"NOT {listed}"


def _unused(rule: TemplateRule, source: Source) -> str:
    if isinstance(source, RecordSource):
        return NO_TEXT  # the whole record is kept in the layer of its system
    used = {spelling(header) for column in rule.columns.values() for header in column.columns}
    unused = [
        index
        for index, names in enumerate(zip(source.headers, numbered(source.headers), strict=True))
        if not used & set(map(spelling, names))
    ]
    return extra_json(source, unused)
