"""What the yml of the public marts says, for the publication: descriptions, what is never NULL, the grain.

Belongs here: reading it from dbt's manifest. Does not belong here: what a publication makes of it (``serving``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings
from orchestration.transformation.manifest import ensure_manifest

if TYPE_CHECKING:
    from serving import MartDocument


def mart_documents(settings: Settings) -> dict[str, MartDocument]:
    """The documents of all public models by name."""
    manifest = json.loads(ensure_manifest(settings).read_text(encoding="utf-8"))
    return documents_of(manifest)


def documents_of(manifest: Mapping[str, Any]) -> dict[str, MartDocument]:
    """The documents of all public models of a manifest by name."""
    from serving import MartDocument

    tests: dict[str, list[dict[str, Any]]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("attached_node") and _holds(node["config"]):
            tests.setdefault(node["attached_node"], []).append(node["test_metadata"])
    return {
        node["name"]: MartDocument(
            description=_one_line(node["description"]),
            columns={name: _one_line(column["description"]) for name, column in node["columns"].items()},
            required=frozenset(_required(node["columns"], tests.get(key, ()))),
            grain=grain_of(
                node.get("constraints", ()),
                ((test["name"], test["kwargs"].get("columns")) for test in tests.get(key, ())),
            ),
        )
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["access"] == "public"
    }


def _holds(config: Mapping[str, Any]) -> bool:
    """Whether a test stops the run for any row, so that what it says is true of all that is published."""
    return config["severity"].lower() == "error" and not config.get("where")


def _required(columns: Mapping[str, Any], tests: Any) -> Iterator[str]:
    for name, column in columns.items():
        if any(constraint["type"] == "not_null" for constraint in column["constraints"]):
            yield name
    for test in tests:
        if test["name"] in {"never_null", "primary_key"}:
            yield from test["kwargs"]["columns"]
        elif test["name"] == "not_null":
            yield test["kwargs"]["column_name"]


def grain_of(constraints: Iterable[Mapping[str, Any]], tests: Iterable[tuple[str, Any]]) -> tuple[str, ...]:
    """The columns that identify a row of a model; none when nothing says so.

    Args:
        constraints: Of the model, as dbt has them; a view has no key but may declare one.
        tests: Name and columns of the tests of the model.
    """
    for constraint in constraints:
        if constraint["type"] == "primary_key":
            return tuple(constraint["columns"])
    for name, columns in tests:
        if name in {"primary_key", "unique_combination"}:
            return tuple(columns)
    return ()


def _one_line(text: str) -> str:
    return " ".join(text.split())
