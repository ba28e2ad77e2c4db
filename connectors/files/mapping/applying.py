"""Applying a mapping: foreign files become parts whose columns are SQL over the file's own columns.

Belongs here: SQL for origins, steps, filters and lookups; agreement of the mapping with the files.
Does not belong here: the mapping language, types and checks of templates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from connectors.common.problems import ImportProblem, MappingProblem, closest
from connectors.common.yaml_document import Key, YamlDocument
from connectors.files.delivery import DeliveredFile
from connectors.files.headers import spelling
from connectors.files.mapping.lookups import build_lookup
from connectors.files.mapping.model import ColumnRule, Condition, Mapping, TemplateRule
from connectors.files.parts import extra_json
from connectors.files.readers import read_file
from connectors.files.scratch import Source, quoted
from connectors.files.validate import NO_TEXT, Part, Progress

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ColumnOf = Callable[[str, tuple[Key, ...]], str]


def mapped_parts(
    con: DuckDBPyConnection,
    files: Sequence[DeliveredFile],
    mapping: Mapping,
    document: YamlDocument,
    progress: Progress,
) -> list[Part]:
    """Read the files a mapping names, and make the parts it describes.

    Raises:
        ImportProblem: A file of the delivery is neither mapped nor ignored, or a mapped one is missing.
        MappingProblem: A column the mapping names is not in the file, or a lookup is ambiguous.
    """
    found = _match_files(files, mapping, document)
    sources: dict[str, Source] = {}
    for number, (short, file) in enumerate(found.items()):
        progress(f"reading {file.name}", number, len(found))
        sources[short] = read_file(con, file, f"file_{number}", sheet=mapping.sources[short].sheet)
    return [
        _part(con, rule, sources, document, ("templates", number))
        for number, rule in enumerate(mapping.templates)
    ]


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
    con: DuckDBPyConnection,
    rule: TemplateRule,
    sources: dict[str, Source],
    document: YamlDocument,
    here: tuple[Key, ...],
) -> Part:
    source = sources[rule.source]
    column_of = _column_finder(source, "r", document)
    joins: list[str] = []
    expressions: dict[str, str] = {}
    for name, column_rule in rule.columns.items():
        location = (*here, "columns", name)
        if column_rule.lookup is not None:
            alias = f"l{len(joins)}"
            other = sources[column_rule.lookup.source]
            finder = _column_finder(other, "o", document)
            joins.append(
                build_lookup(con, column_rule.lookup, alias, finder, column_of, other, document, location)
            )
            origin = f"{alias}.taken"
        else:
            origin = _origin(column_rule, column_of, location)
        expressions[name] = _steps(column_rule, origin)
    conditions = [
        _condition(condition, column_of(condition.column, (*here, "where", number, "column")))
        for number, condition in enumerate(rule.where)
    ]
    return Part(
        entity=rule.template,
        source=source,
        expressions=expressions,
        extra=NO_TEXT if rule.distinct or rule.extra == "drop" else _unused(rule, source),
        joins=" ".join(joins),
        where=" AND ".join(conditions) or "true",
        distinct=rule.distinct,
        may_filter=rule.distinct or bool(conditions),
    )


def _column_finder(source: Source, alias: str, document: YamlDocument) -> ColumnOf:
    """A function from a column's header to SQL for its trimmed text, which complains about unknown ones."""
    positions = {spelling(header): index for index, header in enumerate(source.headers)}

    def find(header: str, location: tuple[Key, ...]) -> str:
        position = positions.get(spelling(header))
        if position is None:
            raise MappingProblem(
                f"the file {source.file} has no column {header!r}",
                where=document.where(location),
                hint=f"{closest(header, source.headers)}Columns: {', '.join(source.headers)}",
            )
        if [spelling(other) for other in source.headers].count(spelling(header)) > 1:
            raise MappingProblem(
                f"the file {source.file} has several columns {header!r}",
                where=document.where(location),
                hint="rename one of them in the file",
            )
        return f"nullif(trim({alias}.c{position}), '')"

    return find


def _origin(rule: ColumnRule, column_of: ColumnOf, location: tuple[Key, ...]) -> str:
    if rule.column is not None:
        return column_of(rule.column, (*location, "column"))
    if rule.constant is not None:
        return quoted(rule.constant)
    pieces = [column_of(header, (*location, "join")) for header in rule.join or ()]
    return "(" + f" || {quoted(rule.separator)} || ".join(pieces) + ")"


def _steps(rule: ColumnRule, text: str) -> str:
    if rule.values is not None:
        branches = " ".join(
            f"WHEN {quoted(old)} THEN {'NULL' if new is None else quoted(new)}"
            for old, new in rule.values.items()
        )
        text = f"CASE {text} {branches} ELSE {text if rule.otherwise == 'keep' else 'NULL'} END"
    if rule.date_format is not None:
        parsed = f"CAST(try_strptime({text}, {quoted(rule.date_format)}) AS VARCHAR)"
        text = f"coalesce({parsed}, {text})"  # what cannot be read stays as it is, for the quarantine to show
    if rule.slug:
        dashed = f"regexp_replace(lower(nfc_normalize({text})), '[^\\p{{L}}\\p{{N}}]+', '-', 'g')"
        text = f"nullif(trim({dashed}, '-'), '')"
    if rule.prefix is not None:
        text = f"({quoted(rule.prefix)} || {text})"
    return text if rule.default is None else f"coalesce({text}, {quoted(rule.default)})"


def _condition(condition: Condition, text: str) -> str:
    if condition.empty is not None:
        return f"{text} IS NULL" if condition.empty else f"{text} IS NOT NULL"
    if condition.equals is not None:
        return f"{text} IS NOT DISTINCT FROM {quoted(condition.equals)}"
    words = ", ".join(quoted(word) for word in condition.isin or condition.not_in or ())
    listed = f"coalesce({text} IN ({words}), false)"
    return listed if condition.isin is not None else f"NOT {listed}"


def _unused(rule: TemplateRule, source: Source) -> str:
    used = {spelling(header) for column in rule.columns.values() for header in column.columns}
    return extra_json(
        source, [index for index, header in enumerate(source.headers) if spelling(header) not in used]
    )
