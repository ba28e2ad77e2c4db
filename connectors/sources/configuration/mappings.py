"""The mapping of an instance: that of its type, with what sources.yml says differently.

    type's mapping.yml + the instance's `mapping:` → one Mapping, and a document that knows where each key is written

Belongs here: merging, the words `@instance` and `@<connection key>`. Does not belong here: the mapping language
(`connectors/files/mapping`).

Under `mapping:` stand templates by name, or `template/resource` where a type fills a template from several resources:
`columns` are merged one by one (nothing takes a column away), other keys replace, nothing for the template drops it,
and a template that the type does not fill is added, with `from`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.common.problems import closest
from connectors.common.yaml_document import Key, KeyPath, YamlDocument, load_yaml
from connectors.files.mapping import Mapping as FieldMapping
from connectors.files.mapping import parse_mapping
from connectors.files.templates import TEMPLATES
from connectors.sources.errors import SourceProblem
from connectors.sources.model import Connection, SourceType

MAPPING = "mapping.yml"
SOURCES = "sources"


@dataclass
class MergedDocument(YamlDocument):
    """A document put together from two; it knows where each key is written.

    Attributes:
        origins: Path in this document to the document and path it was taken from.
    """

    origins: dict[KeyPath, tuple[YamlDocument, KeyPath]] = field(default_factory=dict)

    def where(self, path: Any) -> str:
        """`file:line: key` of a path, in the file it is written in."""
        for length in range(len(path), -1, -1):
            if (origin := self.origins.get(tuple(path[:length]))) is not None:
                document, there = origin
                return document.where((*there, *path[length:]))
        return super().where(path)


def merged_mapping(
    document: YamlDocument, here: KeyPath, name: str, type_: SourceType, connection: Connection
) -> tuple[FieldMapping, MergedDocument]:
    """The mapping of an instance.

    Args:
        document: sources.yml.
        here: Path of the instance's `mapping`.
        name: The instance.
        type_: Its type.
        connection: Its own keys.

    Raises:
        SourceProblem: An entry names no template or resource.
        MappingProblem: The mapping breaks a rule of the language.
    """
    base = YamlDocument("") if type_.folder is None else load_yaml(type_.folder / MAPPING)
    resources = [one.name for one in type_.resources_of(connection)]
    own = document.value_at(here) or {}
    if not isinstance(own, dict):
        raise SourceProblem(
            "keys and values are expected here",
            where=document.where(here),
            hint="write templates by name, such as `deals: {columns: {owner_employee_id: Marketer__c}}`",
        )
    merged = MergedDocument(document.name)
    rules = _rules(base, document, here, own, resources, merged)
    options = _options(base, document, here, own, resources, merged)
    merged.data = {"mapping": name, SOURCES: options, "templates": rules}
    merged.data = _filled(merged.data, {"instance": name} | connection.model_dump(mode="json"), merged, ())
    return parse_mapping(merged), merged


def _options(
    base: YamlDocument,
    document: YamlDocument,
    here: KeyPath,
    own: Mapping[str, Any],
    resources: list[str],
    merged: MergedDocument,
) -> dict[str, Any]:
    """How each resource writes numbers and dates; the resource takes the place of the file."""
    default = (base.data or {}).get(SOURCES) or {}
    different = own.get(SOURCES) or {}
    for resource in different:
        if resource not in resources:
            raise _unknown(document, (*here, SOURCES, resource), "resource", resource, resources)
    for resource in resources:
        written, there = (document, here) if resource in different else (base, ())
        merged.origins[(SOURCES, resource)] = (written, (*there, SOURCES, resource))
    return {one: {"file": one} | (default.get(one) or {}) | (different.get(one) or {}) for one in resources}


def _rules(
    base: YamlDocument,
    document: YamlDocument,
    here: KeyPath,
    own: Mapping[str, Any],
    resources: list[str],
    merged: MergedDocument,
) -> list[dict[str, Any]]:
    defaults = list((base.data or {}).get("templates") or [])
    used: set[str] = set()
    rules: list[dict[str, Any]] = []
    for number, default in enumerate(defaults):
        keys = (f"{default['template']}/{default['from']}", default["template"])
        key = next((one for one in keys if one in own), None)
        used.update(one for one in keys if one in own)
        if key is not None and own[key] is None:
            continue
        at: KeyPath = ("templates", len(rules))
        merged.origins[at] = (base, ("templates", number))
        rules.append(
            default if key is None else _changed(default, own[key], at, document, (*here, key), merged)
        )
    for key, rule in own.items():
        if key in used or key == SOURCES:
            continue
        template, _, resource = str(key).partition("/")
        if template not in TEMPLATES:
            raise _unknown(document, (*here, key), "template", template, list(TEMPLATES))
        if resource and resource not in resources:
            raise _unknown(document, (*here, key), "resource", resource, resources)
        if not isinstance(rule, dict):
            hint = "write at least `from:` and `columns:`"
            raise SourceProblem("nothing fills this template", where=document.where((*here, key)), hint=hint)
        merged.origins[("templates", len(rules))] = (document, (*here, key))
        rules.append({"template": template} | ({"from": resource} if resource else {}) | rule)
    return rules


def _changed(
    default: Mapping[str, Any],
    change: Any,
    at: KeyPath,
    document: YamlDocument,
    there: KeyPath,
    merged: MergedDocument,
) -> dict[str, Any]:
    if not isinstance(change, dict):
        hint = "write `columns:`, `where:` or another key of a template; nothing at all drops it"
        raise SourceProblem("keys and values are expected here", where=document.where(there), hint=hint)
    rule = dict(default)
    for key, value in change.items():
        merged.origins[(*at, key)] = (document, (*there, key))
        if key != "columns" or not isinstance(value, dict):
            rule[key] = value
            continue
        merged.origins.pop((*at, key))
        columns = dict(default.get("columns") or {})
        for column, way in value.items():
            merged.origins[(*at, key, column)] = (document, (*there, key, column))
            columns.pop(column, None)
            if way is not None:
                columns[column] = way
        rule[key] = columns
    return rule


def _filled(value: Any, words: Mapping[str, Any], merged: MergedDocument, path: tuple[Key, ...]) -> Any:
    """The same value, where `constant: "@word"` (or `default`) is the instance's name or a key of its connection."""
    if isinstance(value, list):
        return [_filled(one, words, merged, (*path, at)) for at, one in enumerate(value)]
    if not isinstance(value, dict):
        return value
    filled = {key: _filled(one, words, merged, (*path, key)) for key, one in value.items()}
    for key in ("constant", "default"):
        text = filled.get(key)
        if not isinstance(text, str) or not text.startswith("@"):
            continue
        if words.get(text[1:]) is None:
            hint = f"{closest(text[1:], words)}Words: {', '.join('@' + word for word in words)}"
            where = merged.where((*path, key))
            raise SourceProblem(f"nothing is known as {text!r}", where=where, hint=hint)
        filled[key] = str(words[text[1:]])
    return filled


def _unknown(
    document: YamlDocument, location: KeyPath, kind: str, word: str, names: list[str]
) -> SourceProblem:
    return SourceProblem(
        f"there is no {kind} {word!r}",
        where=document.where(location),
        hint=f"{closest(word, names)}{kind.capitalize()}s: {', '.join(names)}",
    )
