"""Reading a mapping file: every mistake is reported with file, line, key and what is allowed there.

Belongs here: syntax, the model's errors in plain words, agreement with the templates.
Does not belong here: agreement with the delivered files (see applying).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from connectors.common.contract import Kind, Template
from connectors.common.problems import ImportProblem, MappingProblem, closest
from connectors.common.yaml_document import Key, KeyPath, YamlDocument, load_yaml
from connectors.files.mapping.columns import is_number
from connectors.files.mapping.dates import KINDS, NUMBER_FORMATS, format_problem
from connectors.files.mapping.model import (
    ColumnRule,
    Condition,
    Group,
    Lookup,
    Mapping,
    Position,
    SourceFile,
    TemplateRule,
)
from connectors.files.mapping.numbers import NumberStyle
from connectors.files.templates import TEMPLATES

# where it is, what is wrong, what to do
Disagreement = tuple[KeyPath, str, str]

_ALLOWED: dict[str, type[BaseModel]] = {
    "sources": SourceFile,
    "templates": TemplateRule,
    "where": Condition,
    "columns": ColumnRule,
    "lookup": Lookup,
    "position": Position,
    "number": NumberStyle,
    "group": Group,
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
    return parse_mapping(document), document


def parse_mapping(document: YamlDocument) -> Mapping:
    """Check a mapping that was read already.

    Raises:
        MappingProblem: It breaks a rule of the mapping language.
    """
    try:
        mapping = Mapping.model_validate(document.data)
    except ValidationError as error:
        raise _first_problem(document, error) from error
    for location, message, hint in _disagreements(mapping):
        raise MappingProblem(message, where=document.where(location), hint=hint)
    return mapping


def _first_problem(document: YamlDocument, error: ValidationError) -> MappingProblem:
    # a misspelt key is the cause of the missing one, so it is told first
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    location: KeyPath = first["loc"]
    allowed = _keys_allowed_at(location[:-1])
    names = ", ".join(allowed)
    if first["type"] == "extra_forbidden":
        what, hint = "unknown key", f"{closest(str(location[-1]), allowed)}Allowed here: {names}"
    elif first["type"] == "missing":
        what, hint = f"the key {location[-1]!r} is missing", f"Keys here: {names}"
    elif first["type"] in ("model_type", "dict_type"):
        what = "a table of keys and values is needed here"
        hint = f"Keys here: {names}" if names else "see connectors/files/README.md"
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


def _disagreements(mapping: Mapping) -> Iterator[Disagreement]:
    """Everything that does not agree inside the mapping or with the templates."""
    for short, file in mapping.sources.items():
        for at, one in enumerate(file.date_format or ()):
            yield from _format_problem(one, Kind.TIMESTAMP, ("sources", short, "date_format", at))
    for number, rule in enumerate(mapping.templates):
        here: KeyPath = ("templates", number)
        template = TEMPLATES.get(rule.template)
        if template is None:
            hint = f"{closest(rule.template, TEMPLATES)}Templates: {', '.join(TEMPLATES)}"
            yield (*here, "template"), f"there is no template {rule.template!r}", hint
            continue
        yield from _unknown_source(mapping, rule.source, (*here, "from"))
        for name, column_rule in rule.columns.items():
            yield from _column_disagreements(mapping, template, name, column_rule, (*here, "columns", name))
        yield from _missing_columns(template, rule, here)
        if rule.group is not None:
            yield from _group_disagreements(mapping, template, rule, rule.group, here)


def _missing_columns(template: Template, rule: TemplateRule, here: KeyPath) -> Iterator[Disagreement]:
    missing = [
        column.name for column in template.columns if column.required and column.name not in rule.columns
    ]
    missing += [
        " or ".join(group) for group in template.one_of if not any(name in rule.columns for name in group)
    ]
    if missing:
        yield (*here, "columns"), f"required columns are not mapped: {', '.join(missing)}", "add them"


def _group_disagreements(
    mapping: Mapping, template: Template, rule: TemplateRule, group: Group, here: KeyPath
) -> Iterator[Disagreement]:
    mapped = [name for name in rule.columns if name not in template.key]
    seen: set[str] = set()
    for key, at, name in group.named:
        location = (*here, "group", key, at)
        column = template.by_name.get(name)
        if column is None or name not in mapped:
            what = "is part of the key" if name in template.key else "is not mapped here"
            yield (
                location,
                f"the column {name!r} {what}",
                f"{closest(name, mapped)}Columns: {', '.join(mapped)}",
            )
        elif name in seen:
            yield location, f"the column {name!r} is named twice", "keep one of them"
        elif key == "sum" and not is_number(column.kind):
            yield location, f"the column {name!r} holds no number", "only numbers can be added up"
        elif key == "join" and (column.allowed or column.kind not in (Kind.TEXT, Kind.ID)):
            yield location, f"the column {name!r} holds no free text", "use first, or let it agree"
        seen.add(name)
    others = [one for one in mapping.templates if one.template == rule.template and one.group is not None]
    if any((one.group, one.source) != (group, rule.source) for one in others):
        yield (
            (*here, "group"),
            "entries of one template group differently",
            "give them the same group and file",
        )


def _unknown_source(mapping: Mapping, source: str, location: KeyPath) -> Iterator[Disagreement]:
    if source not in mapping.sources:
        hint = f"{closest(source, mapping.sources)}Sources: {', '.join(mapping.sources)}"
        yield location, f"there is no source {source!r}", hint


def _column_disagreements(
    mapping: Mapping, template: Template, name: str, rule: ColumnRule, location: KeyPath
) -> Iterator[Disagreement]:
    column = template.by_name.get(name)
    if column is None:
        hint = f"{closest(name, template.names)}Columns: {', '.join(template.names)}"
        yield location, f"the template {template.entity} has no column {name!r}", hint
        return
    if rule.lookup is not None:
        yield from _unknown_source(mapping, rule.lookup.source, (*location, "lookup", "source"))
    if rule.number is not None and not is_number(column.kind):
        yield (*location, "number"), f"the column {column.name} holds no number", "remove number"
    if rule.date_format is not None and column.kind not in KINDS:
        yield (*location, "date_format"), f"the column {column.name} holds no date", "remove date_format"
    elif rule.months is not None and column.kind not in KINDS:
        yield (*location, "months"), f"the column {column.name} holds no date", "remove months"
    else:
        for at, one in enumerate(rule.date_format or ()):
            yield from _format_problem(one, column.kind, (*location, "date_format", at))
    for key, word in _fixed_words(rule):
        if column.allowed and word.casefold() not in column.allowed:
            hint = f"{closest(word, column.allowed)}Allowed values of {name}: {', '.join(column.allowed)}"
            yield (*location, *key), f"{word!r} is not allowed in {template.entity}.{name}", hint


def _format_problem(date_format: str, kind: Kind, location: KeyPath) -> Iterator[Disagreement]:
    problem = format_problem(date_format, kind)
    if problem is not None:
        hint = f"{closest(date_format, NUMBER_FORMATS)}write it like %m/%d/%Y, or {', '.join(NUMBER_FORMATS)}"
        yield location, f"{date_format!r} is no date format: {problem}", hint


def _fixed_words(rule: ColumnRule) -> Iterator[tuple[KeyPath, str]]:
    if rule.slug or rule.prefix or rule.extract:
        return
    if rule.constant is not None and rule.values is None:
        yield ("constant",), rule.constant
    if rule.default is not None:
        yield ("default",), rule.default
    for key, word in (rule.values or {}).items():
        if word is not None:
            yield ("values", key), word
