"""Reading a mapping file: every mistake is reported with file, line, key and what is allowed there.

Belongs here: syntax, the model's errors in plain words, agreement with the templates.
Does not belong here: agreement with the delivered files (see applying).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from connectors.common.contract import Column, Kind, Template
from connectors.common.problems import ImportProblem, MappingProblem, closest
from connectors.common.yaml_document import Key, YamlDocument, load_yaml
from connectors.files.mapping.model import ColumnRule, Condition, Lookup, Mapping, SourceFile, TemplateRule
from connectors.files.templates import TEMPLATES

_ALLOWED: dict[str, type[BaseModel]] = {
    "sources": SourceFile,
    "templates": TemplateRule,
    "where": Condition,
    "columns": ColumnRule,
    "lookup": Lookup,
}


def load_mapping(path: Path) -> tuple[Mapping, YamlDocument]:
    """Read and check a mapping file.

    Returns:
        The mapping, and the document that knows the line of each of its keys.

    Raises:
        MappingProblem: The file is missing, no YAML, or breaks a rule of the mapping language.
    """
    try:
        document = load_yaml(path)
    except ImportProblem as problem:
        raise MappingProblem(problem.what, where=problem.where, hint=problem.hint) from problem
    try:
        mapping = Mapping.model_validate(document.data)
    except ValidationError as error:
        raise _first_problem(document, error) from error
    for location, message, hint in _disagreements(mapping):
        raise MappingProblem(message, where=document.where(location), hint=hint)
    return mapping, document


def _first_problem(document: YamlDocument, error: ValidationError) -> MappingProblem:
    # a misspelt key is the cause of the missing one, so it is told first
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    location: tuple[Key, ...] = first["loc"]
    allowed = _keys_allowed_at(location[:-1])
    names = ", ".join(allowed)
    if first["type"] == "extra_forbidden":
        what, hint = "unknown key", f"{closest(str(location[-1]), allowed)}Allowed here: {names}"
    elif first["type"] == "missing":
        what, hint = f"the key {location[-1]!r} is missing", f"Keys here: {names}"
    else:
        what, hint = first["msg"].removeprefix("Value error, "), "see connectors/files/README.md"
    more = len(error.errors()) - 1
    return MappingProblem(
        what, where=document.where(location), hint=hint + (f" ({more} more after this one)" if more else "")
    )


def _keys_allowed_at(location: Sequence[Key]) -> list[str]:
    owner: type[BaseModel] = Mapping
    for part in location:
        owner = _ALLOWED.get(str(part), owner)
    return [field.alias or name for name, field in owner.model_fields.items()]


def _disagreements(mapping: Mapping) -> Iterator[tuple[tuple[Key, ...], str, str]]:
    """(path, problem, hint) of everything that does not agree inside the mapping or with the templates."""
    for number, rule in enumerate(mapping.templates):
        here: tuple[Key, ...] = ("templates", number)
        template = TEMPLATES.get(rule.template)
        if template is None:
            hint = f"{closest(rule.template, TEMPLATES)}Templates: {', '.join(TEMPLATES)}"
            yield (*here, "template"), f"there is no template {rule.template!r}", hint
            continue
        yield from _unknown_source(mapping, rule.source, (*here, "from"))
        for name, column_rule in rule.columns.items():
            yield from _column_disagreements(mapping, template, name, column_rule, (*here, "columns", name))
        missing = [
            column.name for column in template.columns if column.required and column.name not in rule.columns
        ]
        missing += [
            " or ".join(group) for group in template.one_of if not any(name in rule.columns for name in group)
        ]
        if missing:
            yield (*here, "columns"), f"required columns are not mapped: {', '.join(missing)}", "add them"


def _unknown_source(mapping: Mapping, source: str, location: tuple[Key, ...]) -> Iterator[Any]:
    if source not in mapping.sources:
        hint = f"{closest(source, mapping.sources)}Sources: {', '.join(mapping.sources)}"
        yield location, f"there is no source {source!r}", hint


def _column_disagreements(
    mapping: Mapping, template: Template, name: str, rule: ColumnRule, location: tuple[Key, ...]
) -> Iterator[Any]:
    column = template.by_name.get(name)
    if column is None:
        hint = f"{closest(name, template.names)}Columns: {', '.join(template.names)}"
        yield location, f"the template {template.entity} has no column {name!r}", hint
        return
    if rule.lookup is not None:
        yield from _unknown_source(mapping, rule.lookup.source, (*location, "lookup", "source"))
    if rule.date_format is not None:
        yield from _format_problem(column, rule.date_format, (*location, "date_format"))
    for key, word in _fixed_words(rule):
        if column.allowed and word.casefold() not in column.allowed:
            hint = f"{closest(word, column.allowed)}Allowed values of {name}: {', '.join(column.allowed)}"
            yield (*location, *key), f"{word!r} is not allowed in {template.entity}.{name}", hint


def _format_problem(column: Column, date_format: str, location: tuple[Key, ...]) -> Iterator[Any]:
    import duckdb

    if column.kind not in (Kind.DATE, Kind.TIMESTAMP):
        yield location, f"the column {column.name} holds no date", "remove date_format"
        return
    try:
        with duckdb.connect() as con:
            con.execute("SELECT try_strptime('', ?)", [date_format])
    except duckdb.Error as error:
        yield location, f"this is no date format: {str(error).splitlines()[0]}", "write it like %m/%d/%Y"


def _fixed_words(rule: ColumnRule) -> Iterator[tuple[tuple[Key, ...], str]]:
    if rule.slug or rule.prefix:
        return
    if rule.constant is not None and rule.values is None:
        yield ("constant",), rule.constant
    if rule.default is not None:
        yield ("default",), rule.default
    for key, word in (rule.values or {}).items():
        if word is not None:
            yield ("values", key), word
