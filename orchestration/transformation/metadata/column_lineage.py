"""Which columns of its parents each column of a dbt model is made of, read from the compiled SQL.

The stock ``fetch_column_metadata`` of dagster-dbt asks the warehouse for the columns of every parent, of which the
intermediate models are gone, and walks each column on its own: a minute for this project. Here the columns of parents
come from their yml and their own SQL, and each scope of a query is walked once.

Belongs here: lineage of columns. Does not belong here: rows and types (``table_metadata``), assets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from orchestration.runtime.json_state import read_state, write_state

Origins = dict[str, set[tuple[str, str, str]]]
Lineage = dict[str, dict[str, list[list[str]]]]


def column_lineage(target: Path, code: str) -> Lineage:
    """Lineage by model: of each column the schema, table and name of the columns it is made of.

    Args:
        target: dbt's target folder after a build; the result is kept beside it and read again for the same code.
        code: What the lineage depends on; another code is another lineage.
    """
    kept = target.parent / "column_lineage.json"
    found = read_state(kept)
    if found.get("code") != code:
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        found = {"code": code, "models": lineage_of(manifest)}
        if all(node.get("compiled_code") for node in _models(manifest).values() if node["language"] == "sql"):
            write_state(kept, found)
    models: Lineage = found["models"]
    return models


def lineage_of(manifest: Mapping[str, Any]) -> Lineage:
    """Lineage of every compiled model of a manifest, by ``schema.table``; a Python model has none."""
    from sqlglot.errors import SqlglotError

    nodes = {**manifest["nodes"], **manifest["sources"]}
    adapter = manifest.get("metadata", {}).get("adapter_type", "duckdb")
    dialect = "duckdb" if adapter == "duckdb" else "spark"
    models = _models(manifest)
    columns = {
        key: dict.fromkeys(node["columns"], "text") for key, node in nodes.items() if "columns" in node
    }
    parents = {
        key: [one for one in _read_by(node, models) if one in columns]
        for key, node in models.items()
        if not _is_part_of_readers(node)
    }
    found: Lineage = {}
    for key in TopologicalSorter(parents).static_order():
        node = models.get(key)
        if node is None or node["language"] != "sql" or not node.get("compiled_code"):
            continue
        above = {one: (nodes[one], columns[one]) for one in parents[key]}
        try:
            origins = origins_of(node["compiled_code"], list(above.values()), dialect)
        except (
            SqlglotError
        ):  # SQL that the parser does not know is shown without lineage, and runs all the same
            continue
        columns[key] = dict.fromkeys(origins, "text")
        found[f"{node['schema']}.{node['name']}"] = {
            column: sorted([*origin] for origin in made_of) for column, made_of in origins.items()
        }
    return found


def _read_by(node: Mapping[str, Any], models: Mapping[str, Any]) -> Iterator[str]:
    """The relations that the SQL of a model reads: of a parent that is a part of it, what that part reads."""
    for parent in node["depends_on"]["nodes"]:
        if parent in models and _is_part_of_readers(models[parent]):
            yield from _read_by(models[parent], models)
        else:
            yield parent


def _is_part_of_readers(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "ephemeral")


def _models(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def origins_of(
    sql: str, parents: list[tuple[Mapping[str, Any], dict[str, str]]], dialect: str = "duckdb"
) -> Origins:
    """The origins of each column of a query.

    Args:
        sql: Compiled SQL.
        parents: The tables it reads, as dbt describes them, each with its columns.
        dialect: ``duckdb`` or ``spark``.
    """
    from sqlglot import MappingSchema, exp, parse_one
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    schema = MappingSchema(dialect=dialect, normalize=False)
    for node, columns in parents:
        name = node.get("alias") or node.get("identifier") or node["name"]
        schema.add_table(
            exp.table_(name, db=node["schema"], catalog=node["database"]), columns, dialect=dialect
        )
    tree = qualify(
        parse_one(sql, dialect=dialect),
        schema=schema,
        dialect=dialect,
        validate_qualify_columns=False,
        quote_identifiers=False,
    )
    scope = build_scope(tree)
    return _walk(scope, {}) if scope else {}


def _walk(scope: Any, known: dict[int, Origins]) -> Origins:
    """Origins of the columns of a scope; a column that refers to its own scope (recursion) adds nothing."""
    if id(scope) not in known:
        known[id(scope)] = {}
        known[id(scope)] = dict(
            _of_branches(scope, known) if scope.set_operation_scopes else _of_select(scope, known)
        )
    return known[id(scope)]


def _of_branches(scope: Any, known: dict[int, Origins]) -> Iterator[tuple[str, set[tuple[str, str, str]]]]:
    branches = [list(_walk(branch, known).items()) for branch in scope.set_operation_scopes]
    for position, (name, _) in enumerate(branches[0]):
        yield name, set().union(*(branch[position][1] for branch in branches if position < len(branch)))


def _of_select(scope: Any, known: dict[int, Origins]) -> Iterator[tuple[str, set[tuple[str, str, str]]]]:
    from sqlglot import exp

    for selected in scope.expression.selects:
        origins: set[tuple[str, str, str]] = set()
        for column in selected.find_all(exp.Column):
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table):
                origins.add((source.db, source.name, column.name))
            elif source is not None:
                origins |= _walk(source, known).get(column.name, set())
        yield selected.alias_or_name, origins
