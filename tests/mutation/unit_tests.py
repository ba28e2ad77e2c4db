"""The unit tests of the dbt models, run directly: given rows in tables of their own, the query, the expected rows.

Belongs here: unit tests as tables and rows. Does not belong here: dbt (``make test`` runs them through it).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.support.compiled import PROJECT, CompiledProject
from tests.support.warehouse import with_values

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
VALUES = {"run_id": "0" * 16, "as_of": "2026-12-31 16:00:00", "code_version": "test"}
INPUT = re.compile(r"(ref|source)\((.+)\)")


@dataclass(frozen=True)
class UnitTest:
    """A unit test whose given rows stand in tables.

    Attributes:
        name: name of the test.
        catalog: database that holds the given rows.
        columns: compared columns.
        expected: their values, sorted.
    """

    name: str
    catalog: str
    columns: tuple[str, ...]
    expected: list[str]

    def passes(self, connection: DuckDBPyConnection, sql: str) -> bool:
        """Whether a query of the model gives the expected rows."""
        return _rows(connection, self.catalog, sql, self.columns) == self.expected


def unit_tests(
    connection: DuckDBPyConnection, project: CompiledProject, template: str
) -> dict[str, list[UnitTest]]:
    """Unit tests by model; those that override macros, variables or fail here are left out.

    Args:
        connection: where their tables are made.
        project: the unchanged models.
        template: name of an attached database with all tables, for their types.
    """
    queries = {model.name: model for model in project.models}
    found: dict[str, list[UnitTest]] = defaultdict(list)
    for number, test in enumerate(_written()):
        model = queries[test["model"]]
        if model.sql is None or any(
            (test.get("overrides") or {}).get(name) for name in ("macros", "vars", "env_vars")
        ):
            continue
        catalog = f"unit_{number:03d}"
        connection.execute(f"attach ':memory:' as {catalog}")
        _fill(connection, project, model.sql, test["given"], catalog, template)
        made = _unit_test(connection, model.sql, test, catalog)
        if made:
            found[test["model"]].append(made)
    return found


def _written() -> list[Row]:
    """The unit tests of the files beside the models."""
    read = YAML(typ="safe").load
    files = [read(path) or {} for path in sorted((PROJECT / "models").rglob("*.yml"))]
    return [test for file in files for test in file.get("unit_tests", [])]


def _fill(
    connection: DuckDBPyConnection,
    project: CompiledProject,
    sql: str,
    given: list[Row],
    catalog: str,
    template: str,
) -> None:
    """Empty tables of everything the query reads, then the given rows."""
    for relation in sorted(set(re.findall(r'"\w+"\."\w+"', sql))):
        connection.execute(f"create schema if not exists {catalog}.{relation.split('.')[0]}")
        connection.execute(
            f"create table {catalog}.{relation} as select * from {template}.{relation} limit 0"
        )
    relations = {model.name: model.relation for model in project.models}
    for part in given:
        kind, names = INPUT.fullmatch(part["input"].strip()).groups()  # type: ignore[union-attr]
        words = re.findall(r"[\w.]+", names)
        relation = relations[words[-1]] if kind == "ref" else f'"raw_{words[0]}"."{words[1]}"'
        for row in part["rows"]:
            _insert(connection, f"{catalog}.{relation}", row)


def _insert(connection: DuckDBPyConnection, relation: str, row: Row) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    values = [value if value is None else str(value) for value in row.values()]
    connection.execute(f"insert into {relation} ({columns}) values ({marks})", values)


def _unit_test(connection: DuckDBPyConnection, sql: str, test: Row, catalog: str) -> UnitTest | None:
    rows = test["expect"]["rows"]
    if not rows:
        return UnitTest(test["name"], catalog, ("1",), [])
    columns = tuple(f'"{name}"' for name in rows[0])
    listed = ", ".join(columns)
    connection.execute(f"use {catalog}")
    connection.execute(
        f"create temp table expected as select {listed} from ({with_values(sql, VALUES)}) as made limit 0"
    )
    for row in rows:
        _insert(connection, "expected", row)
    expected = _rows(connection, catalog, "select * from expected", columns)
    connection.execute("drop table expected")
    made = UnitTest(test["name"], catalog, columns, expected)
    return made if made.passes(connection, sql) else None


def _rows(connection: DuckDBPyConnection, catalog: str, sql: str, columns: tuple[str, ...]) -> list[str]:
    connection.execute(f"use {catalog}")
    listed = ", ".join(columns)
    rows = connection.execute(f"select {listed} from ({with_values(sql, VALUES)}) as made").fetchall()
    return sorted(json.dumps(row, default=str) for row in rows)
