"""The reference of the plan language as Markdown: every key with type, default, meaning and an example.

Belongs here: the text made from the JSON Schema of the model, and examples taken from plan files. Does not belong here:
the recipe around it and the file it is written to (`docs/plans.md`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from compensation.source.json_schema import plan_json_schema

Schema = Mapping[str, Any]
Examples = dict[tuple[str, str], str]
ROOT_SECTION = "Plan"
_LONGEST = 60


def plan_reference(plan_files: Iterable[Path]) -> str:
    """The reference as Markdown.

    Args:
        plan_files: Plan files from which examples are taken; the first that has a key gives its example.
    """
    schema = plan_json_schema()
    sections = {ROOT_SECTION: schema, **schema["$defs"]}
    examples: Examples = {}
    for path in plan_files:
        _collect(sections, ROOT_SECTION, _plain(path), examples)
    return "\n".join(_section(name, sections, examples) for name in _ordered(sections))


def _plain(path: Path) -> Any:
    """A plan file with every scalar as the text that stands in the file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import BaseConstructor

    reader = YAML(typ="safe", pure=True)
    reader.Constructor = BaseConstructor
    return reader.load(path.read_text(encoding="utf-8"))


def _ordered(sections: Mapping[str, Schema]) -> list[str]:
    """Sections in the order in which a reader of the plan meets them."""
    found: dict[str, None] = {ROOT_SECTION: None}
    for name in _walk(ROOT_SECTION, sections):
        found.setdefault(name)
    return list(found)


def _walk(name: str, sections: Mapping[str, Schema], above: tuple[str, ...] = ()) -> Iterator[str]:
    for field in sections[name].get("properties", {}).values():
        for other in _refs(field):
            if other not in above:
                yield other
                yield from _walk(other, sections, (*above, other))


def _refs(field: Any) -> Iterator[str]:
    """Names of the sections that a field refers to."""
    if isinstance(field, dict):
        if "$ref" in field:
            yield field["$ref"].rsplit("/", 1)[1]
        for key, value in field.items():
            if key != "discriminator":
                yield from _refs(value)
    elif isinstance(field, list):
        for value in field:
            yield from _refs(value)


def _collect(sections: Mapping[str, Schema], name: str, data: Any, examples: Examples) -> None:
    """Note the values of a part of a plan as examples of its keys."""
    for key, field in sections[name].get("properties", {}).items():
        if not isinstance(data, dict) or key not in data:
            continue
        value, parts = data[key], [*_refs(field)]
        if not parts:
            examples.setdefault((name, key), _yaml(value))
        for item in value if isinstance(value, list) else [value]:
            for part in parts:
                if isinstance(item, dict) and _fits(sections[part], item):
                    _collect(sections, part, item, examples)


def _fits(section: Schema, item: Mapping[str, Any]) -> bool:
    """Whether a component is of the type of a section; other parts have no type."""
    kind = section["properties"].get("type", {}).get("const")
    return kind is None or kind == item.get("type")


def _yaml(value: Any) -> str:
    """A value as YAML on one line."""
    if isinstance(value, list):
        return f"[{', '.join(_yaml(one) for one in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(one)}" for key, one in value.items()) + "}"
    return str(value)


def _section(name: str, sections: Mapping[str, Schema], examples: Examples) -> str:
    section = sections[name]
    lines = [f"### {name}", "", section.get("description", "").splitlines()[0], ""]
    lines += ["| key | type | default | meaning | example |", "|---|---|---|---|---|"]
    required = section.get("required", ())
    for key, field in section.get("properties", {}).items():
        default = "required" if key in required else _default(field)
        cells = [
            f"`{key}`",
            _type(field),
            default,
            field.get("description") or _described(field, sections),
            _example(name, key, field, examples),
        ]
        lines.append("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _type(field: Schema) -> str:
    """The type of a field in words, with links to other sections."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    for union in ("anyOf", "oneOf", "allOf"):
        if union in field:
            names = [_type(one) for one in field[union] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(names))
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}"
    if field.get("type") == "object":
        return "mapping"
    return str(field.get("format") or field.get("type") or "value")


def _described(field: Schema, sections: Mapping[str, Schema]) -> str:
    """The first line on the section that a field refers to."""
    return next((sections[name].get("description", "").splitlines()[0] for name in _refs(field)), "")


def _default(field: Schema) -> str:
    if "default" not in field or field["default"] is None:
        return "none"
    if [*_refs(field)]:
        return "see the section"
    text = json.dumps(field["default"], ensure_ascii=False)
    return f"`{text}`" if len(text) <= _LONGEST else "a list; see `plans/schema.json`"


def _example(name: str, key: str, field: Schema, examples: Examples) -> str:
    """An example of a key: from a plan file, else its default or its first choice."""
    if [*_refs(field)]:
        return "see the section"
    text = examples.get((name, key)) or _NAMED.get(key) or _made(field)
    return f"`{key}: {text}`" if len(text) <= _LONGEST else f"`{key}: {text[:_LONGEST]} …`"


def _made(field: Schema) -> str:
    for candidate in (field, *field.get("anyOf", ())):
        if candidate.get("default") not in (None, ""):
            return (
                _yaml(candidate["default"])
                if not isinstance(candidate["default"], bool)
                else str(candidate["default"]).lower()
            )
        if "const" in candidate:
            return str(candidate["const"])
        if "enum" in candidate:
            return str(candidate["enum"][0])
        if candidate.get("type") in _SAMPLES:
            return _SAMPLES[candidate["type"]]
    return "…"


_NAMED = {
    "amount": "300.00",
    "end_rate": "0.06",
    "from": "100000",
    "id": "closing_2026",
    "kpi": "sales_amount",
    "quota_kpi": "sales_amount",
    "start_rate": "0.03",
}
_SAMPLES = {"boolean": "true", "integer": "30", "number": "0.05", "array": "[sales]"}
