"""Turns pydantic's errors into error items with line, key, allowed values and closest match.

Belongs here: wording and the way from an error's location to the place in the file. Does not
belong here: the rules themselves.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from compensation.model.scalars import shown
from compensation.source.errors import PlanProblem
from compensation.source.located_yaml import KeyPath, PlanSource

_MESSAGES = {
    "greater_than": "must be above {gt}, is {shown}",
    "greater_than_equal": "must be at least {ge}, is {shown}",
    "less_than_equal": "must be at most {le}, is {shown}",
    "decimal_max_places": "must have at most {decimal_places} decimal places, is {shown}",
    "decimal_max_digits": "must have at most {max_digits} digits, is {shown}",
    "decimal_whole_digits": "must have at most {whole_digits} digits before the point, is {shown}",
    "too_short": "must have at least {min_length} entry",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must match {pattern}, is {shown}",
    "string_type": "must be text, is {shown}: put it in quotes",
    "int_type": "must be a whole number, is {shown}",
    "bool_type": "must be true or false, is {shown}",
    "list_type": "must be a list, is {shown}",
    "dict_type": "must be a mapping, is {shown}",
    "model_type": "must be a mapping, is {shown}",
    "model_attributes_type": "must be a mapping, is {shown}",
}


def problems_of(error: ValidationError, model: type[BaseModel], source: PlanSource) -> list[PlanProblem]:
    """All problems of one file that pydantic found, without repetitions."""
    problems = [_problem(item, model, source) for item in error.errors(include_url=False)]
    return list(dict.fromkeys(problems))


def _problem(item: Any, model: type[BaseModel], source: PlanSource) -> PlanProblem:
    """One pydantic error as an error item."""
    location = item["loc"]
    is_key = location[-1:] == ("[key]",)
    path = _file_path(location[:-1] if is_key else location, source)
    kind, context, value = item["type"], item.get("ctx", {}), item["input"]
    if kind == "missing":
        return source.problem(path, "is missing")
    if kind == "extra_forbidden":
        allowed = _allowed_keys(model, path[:-1], source)
        return source.problem(path, "is an unknown key", allowed, path[-1])
    if kind == "literal_error":
        what = "an unknown key" if is_key else f"an unknown value {shown(value)!r}"
        return source.problem(path, f"is {what}", _literals(context.get("expected", "")), value)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        written = value.get("type") if isinstance(value, dict) else None
        allowed = _literals(context.get("expected_tags", "")) or _component_types(model)
        text = "is missing" if written is None else f"is an unknown value {shown(written)!r}"
        return source.problem((*path, "type"), text, allowed, written)
    template = _MESSAGES.get(kind)
    message = template.format(**context, shown=shown(value)) if template else _lower(item["msg"])
    return source.problem(path, message)


def _file_path(location: tuple[str | int, ...], source: PlanSource) -> KeyPath:
    """The path in the file: pydantic's location without the names of union members."""
    path: KeyPath = ()
    for index, part in enumerate(location):
        value = source.value_at(path)
        is_tag = isinstance(value, dict) and part not in value and value.get("type") == part
        if is_tag and index > 0 and isinstance(location[index - 1], int):
            continue
        path = (*path, part)
    return path


def _allowed_keys(model: type[BaseModel], path: KeyPath, source: PlanSource) -> tuple[str, ...]:
    """Keys that are allowed in the mapping at a path."""
    schema = _schema(model)
    node = schema
    for index, part in enumerate(path):
        node = _mapping_or_list(node, schema, source.value_at(path[:index]))
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(part, node.get("additionalProperties", {}))
    node = _mapping_or_list(node, schema, source.value_at(path))
    return tuple(node.get("properties", {}))


def _mapping_or_list(node: Any, schema: dict[str, Any], value: Any) -> dict[str, Any]:
    """Follow references, nullable types and the component type down to one schema."""
    while isinstance(node, dict):
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        elif "discriminator" in node:
            kind = value.get("type") if isinstance(value, dict) else None
            node = {"$ref": node["discriminator"]["mapping"].get(kind, "/Plan")} if kind else {}
        elif "anyOf" in node:
            node = next(option for option in node["anyOf"] if option.get("type") != "null")
        else:
            return node
    return {}


def _component_types(model: type[BaseModel]) -> tuple[str, ...]:
    """All component types."""
    items = _schema(model).get("properties", {}).get("components", {}).get("items", {})
    return tuple(items.get("discriminator", {}).get("mapping", {}))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of a model, made once."""
    return model.model_json_schema(by_alias=True)


def _literals(text: str) -> tuple[str, ...]:
    """The values in pydantic's "'a', 'b' or 'c'"."""
    return tuple(part.strip().strip("'") for part in text.replace(" or ", ", ").split(", ") if part.strip())


def _lower(text: str) -> str:
    """A message that can follow a key."""
    return text[:1].lower() + text[1:]
