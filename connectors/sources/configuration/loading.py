"""Reading sources.yml: every mistake is reported with file, line, key and what is allowed there.

Belongs here: the shape of the file, an instance's own keys. Does not belong here: merging mappings (`mappings`), values
of secrets (`secret_values`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from connectors.common.problems import closest
from connectors.common.yaml_document import KeyPath, YamlDocument, load_yaml
from connectors.files.raw_layer.known import FILES
from connectors.sources.configuration.mappings import merged_mapping
from connectors.sources.configuration.secret_values import SecretRef
from connectors.sources.errors import SourceProblem
from connectors.sources.model import Connection, Instance, SourceType
from connectors.sources.registry import source_types

DEFAULT_START = dt.date(2000, 1, 1)
_COMMON = ("name", "type", "secrets", "start_date", "mapping")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
# names that stand for something else in the warehouse or the orchestrator
_TAKEN = (FILES, "plans", "marts", "staging", "intermediate", "published", "reports", "periods", "lineage")


def load_sources(path: Path, tokens: Path | None = None) -> list[Instance]:
    """The instances of a sources.yml, in its order; none when there is no such file.

    Args:
        path: The file.
        tokens: Folder of what vendors rotate; by default `tokens` beside the file.

    Raises:
        SourceProblem: Something in it is wrong.
        MappingProblem: A mapping in it is wrong.
    """
    if not path.exists():
        return []
    document = load_yaml(path)
    root = _table(document, (), document.data, ("sources",))
    entries = root.get("sources")
    if not isinstance(entries, list):
        raise _problem(
            document, ("sources",), "a list of connected systems is expected here", "write `- name: crm`"
        )
    found: list[Instance] = []
    for at in range(len(entries)):
        instance = _instance(document, ("sources", at), entries[at], tokens or path.parent / "tokens")
        if instance.name in {one.name for one in found}:
            raise _problem(
                document,
                ("sources", at, "name"),
                f"the name {instance.name!r} is used twice",
                "give each system its own",
            )
        found.append(instance)
    return found


def _instance(document: YamlDocument, here: KeyPath, data: Any, tokens: Path) -> Instance:
    type_ = _type(document, here, data)
    fields = type_.connection.model_fields
    entry = _table(document, here, data, (*_COMMON, *(one.alias or name for name, one in fields.items())))
    name = _name(document, here, entry)
    connection = _connection(document, here, type_, {k: v for k, v in entry.items() if k not in _COMMON})
    secrets = _secrets(document, here, type_, entry.get("secrets"))
    if (problem := type_.problem(connection, secrets)) is not None:
        raise _problem(document, here, problem, "see `incentives sources types`")
    mapping, written = merged_mapping(document, (*here, "mapping"), name, type_, connection)
    start = _start(document, here, entry.get("start_date"))
    return Instance(name, type_, connection, secrets, start, mapping, written, tokens)


def _type(document: YamlDocument, here: KeyPath, data: Any) -> SourceType:
    types = source_types()
    found = data.get("type") if isinstance(data, dict) else None
    if found not in types:
        what = "the key 'type' is missing" if found is None else f"there is no type {found!r}"
        hint = f"{closest(str(found or ''), types)}Types: {', '.join(types)}"
        raise _problem(document, (*here, "type") if found else here, what, hint)
    return types[found]


def _name(document: YamlDocument, here: KeyPath, entry: Mapping[str, Any]) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        what = "the key 'name' is missing" if name is None else f"{name!r} is no name of a source"
        hint = "small letters, digits and underscores, a letter first, at most 30"
        raise _problem(document, (*here, "name") if name else here, what, hint)
    if name in _TAKEN:
        raise _problem(
            document, (*here, "name"), f"the name {name!r} is taken", "choose another, such as crm"
        )
    return name


def _connection(
    document: YamlDocument, here: KeyPath, type_: SourceType, own: Mapping[str, Any]
) -> Connection:
    try:
        return type_.connection.model_validate(own)
    except ValidationError as error:
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        location = (*here, *first["loc"])
        key = str(first["loc"][-1]) if first["loc"] else ""
        if first["type"] == "missing":
            raise _problem(document, location[:-1], f"the key {key!r} is missing", "add it") from None
        if first["type"] == "extra_forbidden":
            raise _problem(document, location, "unknown key", "see `incentives sources types`") from None
        said = first["msg"].removeprefix("Value error, ")
        raise _problem(document, location, said, "see `incentives sources types`") from None


def _secrets(document: YamlDocument, here: KeyPath, type_: SourceType, data: Any) -> dict[str, SecretRef]:
    allowed = [secret.name for secret in type_.secrets]
    table = _table(document, (*here, "secrets"), data or {}, allowed)
    found: dict[str, SecretRef] = {}
    for secret, place in table.items():
        location = (*here, "secrets", secret)
        if not isinstance(place, dict):
            raise _problem(
                document,
                location,
                "a secret's value has no place in this file",
                "say where it is: `{env: NAME}` or `{file: PATH}`; and change a secret that stood here",
            )
        where = _table(document, location, place, ("env", "file"))
        if len(where) != 1 or not all(isinstance(value, str) and value for value in where.values()):
            raise _problem(document, location, "say where the secret is", "`{env: NAME}` or `{file: PATH}`")
        found[secret] = SecretRef(**where)
    missing = [secret.name for secret in type_.secrets if secret.required and secret.name not in found]
    if missing:
        what = f"secrets of {type_.name} are not named: {', '.join(missing)}"
        raise _problem(
            document, (*here, "secrets"), what, "say where they are: `{env: NAME}` or `{file: PATH}`"
        )
    return found


def _start(document: YamlDocument, here: KeyPath, text: Any) -> dt.date:
    if text is None:
        return DEFAULT_START
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        raise _problem(
            document, (*here, "start_date"), f"{text!r} is no day", "write it like 2026-01-31"
        ) from None


def _table(
    document: YamlDocument, here: KeyPath, data: Any, allowed: Iterable[str] | Sequence[str]
) -> dict[str, Any]:
    names = list(allowed)
    if not isinstance(data, dict):
        raise _problem(document, here, "keys and values are expected here", f"Keys: {', '.join(names)}")
    for key in data:
        if key not in names:
            hint = f"{closest(str(key), names)}Allowed here: {', '.join(names)}"
            raise _problem(document, (*here, key), "unknown key", hint)
    return data


def _problem(document: YamlDocument, location: KeyPath, what: str, hint: str) -> SourceProblem:
    return SourceProblem(what, where=document.where(location), hint=hint)
