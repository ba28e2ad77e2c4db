"""The compiled models run in memory over the rows of one company.

Belongs here: landing rows, running models, reading marts back. Does not belong here: compiling
(``compiled``) and comparing (``differences``).
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from compensation.loader import PlanSet
from compensation.tables.build import plan_tables
from tests.reference.company import Company
from tests.support.compiled import PROJECT, TIMEZONE, VARIABLES, CompiledProject, Model, compiled_project
from tests.support.raw_rows import delivered_tables, empty_tables

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

Row = dict[str, Any]
RUN_ID = "0" * 16
SETTINGS = {
    "TimeZone": "'UTC'",
    "default_null_order": "'nulls_first_on_asc_last_on_desc'",
    "ieee_floating_point_ops": "false",
    "preserve_insertion_order": "false",
    "threads": "1",  # tiny tables: more threads only wait for each other
}


class Warehouse:
    """An in-memory warehouse that computes one company after the other.

    Args:
        project: compiled models; None: the project on disk.
        connection: to a database of its own; None: one in memory.
    """

    def __init__(
        self, project: CompiledProject | None = None, connection: DuckDBPyConnection | None = None
    ) -> None:
        import duckdb

        self.project = project or compiled_project()
        self.connection = connection or duckdb.connect(":memory:")
        for name, value in SETTINGS.items():
            self.connection.execute(f"set {name} = {value}")
        self._schemas: set[str] = set()

    def compute(
        self,
        company: Company,
        plan_set: PlanSet,
        wanted: Iterable[str],
        raw: Mapping[str, pa.Table] | None = None,
    ) -> None:
        """Land a company and run the models some marts are made of.

        Args:
            company: rows, as-of time and time zone.
            plan_set: its plans.
            wanted: names of the models to make.
            raw: tables of ``raw_files`` in place of one delivery of all the company's rows.
        """
        assert company.timezone == TIMEZONE, "the models are compiled for one time zone"
        landed = delivered_tables(company) if raw is None else raw
        plans = {f"raw_plans.{name}": table for name, table in plan_tables(plan_set).items()}
        self.land(empty_tables() | dict(landed) | plans)
        values = {
            "run_id": RUN_ID,
            "as_of": company.as_of.isoformat(sep=" "),
            "code_version": "test",
        }
        for model in self.project.needed_for(wanted):
            self.run(model, values)

    def land(self, tables: Mapping[str, pa.Table]) -> None:
        """Put tables in place of those of the same names."""
        for relation, table in tables.items():
            self._replace(relation, table)

    def rows(self, model: str) -> list[Row]:
        """Rows of a computed model, with decimals, dates and naive UTC timestamps as Python values."""
        relation = next(found.relation for found in self.project.models if found.name == model)
        table = self.connection.execute(f"select * from {relation}").to_arrow_table()
        return cast("list[Row]", table.to_pylist())

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the computed models."""
        return self.connection.execute(sql).fetchall()

    def run(self, model: Model, values: Mapping[str, str]) -> None:
        """Make a model anew, as a table; `values` by the names of dbt's variables."""
        if model.sql is None:
            relations = {found.name: found.relation for found in self.project.models}
            rows = python_model(model.path)(DbtObject(self.connection, relations), self.connection)
            self._replace(model.relation, rows)
            return
        self._ensure_schema(model.relation)
        try:
            self.connection.execute(
                f"create or replace table {model.relation} as {with_values(model.sql, values)}"
            )
        except Exception as error:
            error.add_note(f"in model {model.name}")
            raise

    def _replace(self, relation: str, table: pa.Table) -> None:
        self._ensure_schema(relation)
        self.connection.register("new_rows", table)
        self.connection.execute(f"create or replace table {relation} as select * from new_rows")
        self.connection.unregister("new_rows")

    def _ensure_schema(self, relation: str) -> None:
        schema = relation.split(".", maxsplit=1)[0]
        if schema not in self._schemas:
            self.connection.execute(f"create schema if not exists {schema}")
            self._schemas.add(schema)


def with_values(sql: str, values: Mapping[str, str]) -> str:
    """Compiled SQL with the values of one calculation."""
    for name, value in values.items():
        sql = sql.replace(VARIABLES[name], value)
    return sql


class DbtObject:
    """What a Python model needs of dbt.

    Args:
        connection: to the database.
        relations: of the models, by name.
    """

    def __init__(self, connection: DuckDBPyConnection, relations: Mapping[str, str]) -> None:
        self._connection = connection
        self._relations = relations

    def config(self, **settings: Any) -> None:
        """Take the model's settings; tests need none."""

    def ref(self, name: str) -> DuckDBPyRelation:
        """A relation with the rows of a model."""
        return self._connection.sql(f"select * from {self._relations[name]}")


@functools.cache
def python_model(path: Path) -> Callable[[Any, DuckDBPyConnection], pa.Table]:
    """The function of a Python model: dbt's object and a connection in, its rows out."""
    folder = str(PROJECT / "python")
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("Callable[[Any, DuckDBPyConnection], pa.Table]", module.model)
