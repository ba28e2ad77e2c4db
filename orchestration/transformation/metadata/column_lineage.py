"""Which columns of its parents each column of a dbt model is made of, read from the compiled SQL.

The stock ``fetch_column_metadata`` of dagster-dbt asks the warehouse for the columns of every parent, of which the
intermediate models are gone, and walks each column on its own: a minute for this project. Here the columns of parents
come from their yml and their own SQL, and each scope of a query is walked once.

Belongs here: lineage of columns. Does not belong here: rows and types (``table_metadata``), assets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.runtime.json_state import read_state, write_state

Origins = dict[str, set[tuple[str, str, str]]]
Columns = dict[str, list[list[str]]]


class BuildLineage:
    """The lineage of the models that dbt builds, read one after the other while dbt goes on; kept for the next build.

    Args:
        target: dbt's target folder of the build; what is kept lies beside it.
        code: What the lineage depends on; another code is another lineage.
    """

    def __init__(self, target: Path, code: str) -> None:
        self._target, self._code = target, code
        self._file = target.parent / "model_lineage.json"
        kept = read_state(self._file)
        self._is_kept = kept.get("code") == code
        self._known: dict[str, Columns] = kept["models"] if self._is_kept else {}

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        """That of the build, in the words of its engine; dbt has written it before it builds the first model."""
        manifest: dict[str, Any] = json.loads((self._target / "manifest.json").read_text(encoding="utf-8"))
        return manifest

    @cached_property
    def _reader(self) -> LineageReader:
        return LineageReader(self._manifest)

    def of_built(self, key: str) -> Columns:
        """Of each column of a model that dbt has just built: schema, table and name of the columns it is made of.

        Args:
            key: dbt's id of the model; what it reads was asked for before.
        """
        if not self._is_kept and key in self._reader.in_sql:
            path = self._manifest["nodes"][key]["original_file_path"]
            compiled = self._target / "compiled" / self._manifest["metadata"]["project_name"] / path
            self._known[key] = self._reader.read(key, compiled.read_text(encoding="utf-8"))
        return self._known.get(key, {})

    def keep(self) -> None:
        """Keep what was read when every model in SQL is there."""
        if self._known and not self._is_kept and self._reader.in_sql <= set(self._known):
            write_state(self._file, {"code": self._code, "models": self._known})


class LineageReader:
    """Reads the SQL of models, parents first; the columns of a parent are those of its yml or its own SQL.

    Args:
        manifest: Of the project.

    Attributes:
        in_sql: Ids of the models that have SQL of their own.
    """

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._nodes = {**manifest["nodes"], **manifest["sources"]}
        self._models = {
            key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
        }
        adapter = manifest["metadata"].get("adapter_type", "duckdb")
        self._dialect = "duckdb" if adapter == "duckdb" else "spark"
        self._columns = {
            key: dict.fromkeys(node["columns"], "text")
            for key, node in self._nodes.items()
            if "columns" in node
        }
        self.in_sql = {
            key
            for key, node in self._models.items()
            if node["language"] == "sql" and not _is_part_of_readers(node)
        }

    def read(self, key: str, sql: str) -> Columns:
        """Lineage of a model; none of SQL that the parser does not know, which runs all the same."""
        from sqlglot.errors import SqlglotError

        above = _read_by(self._models[key], self._models)
        parents = [(self._nodes[one], self._columns[one]) for one in above if one in self._columns]
        try:
            origins = origins_of(sql, parents, self._dialect)
        except SqlglotError:
            return {}
        self._columns[key] = dict.fromkeys(origins, "text")
        return {column: sorted([*origin] for origin in made_of) for column, made_of in origins.items()}


def _read_by(node: Mapping[str, Any], models: Mapping[str, Any]) -> Iterator[str]:
    """The relations that the SQL of a model reads: of a parent that is a part of it, what that part reads."""
    for parent in node["depends_on"]["nodes"]:
        if parent in models and _is_part_of_readers(models[parent]):
            yield from _read_by(models[parent], models)
        else:
            yield parent


def _is_part_of_readers(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["materialized"] == "ephemeral")


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
