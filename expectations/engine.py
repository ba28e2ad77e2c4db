"""Great Expectations inside DuckDB: datasource, execution engine and row check for a read-only database file.

Belongs here: only what the product lacks for DuckDB (fact of 2026-11, version 1.24). Does not belong here:
which checks run (`suites/`), how they are put together (`gx.py`). Importing this module loads Great
Expectations (seconds): import it inside functions.
"""

import builtins
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation


class ColumnInspector:
    """Reads the columns of a table with one small query.

    SQLAlchemy's own inspector goes through DuckDB's imitation of the PostgreSQL catalog, which took half of
    the time of a run (measured 2026-11).
    """

    def __init__(self, engine: "DuckDBExecutionEngine") -> None:
        self._engine = engine
        self.dialect = engine.engine.dialect

    def get_columns(self, table_name: str, schema: str | None = None) -> list[dict[str, Any]]:
        """Name and type of each column, in order."""
        query = sa.text(
            "select column_name, data_type from information_schema.columns "
            "where table_schema = :schema and table_name = :table order by ordinal_position"
        ).bindparams(schema=schema or "main", table=str(table_name))
        rows = self._engine.execute_query(query).fetchall()
        return [{"name": name, "type": _column_type(kind)} for name, kind in rows]

    def get_pk_constraint(self, **_: Any) -> dict[str, Any]:
        """No primary keys: keys are checked, not believed."""
        return {"constrained_columns": [], "name": None}


def _column_type(kind: str) -> sa.types.TypeEngine[Any]:
    return sa.String() if kind == "VARCHAR" else sa.types.NullType()


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Runs every query on one connection and takes the rows out before the next query begins.

    A DuckDB connection holds one open result; the stock engine hands out a cursor whose connection is already
    given back, which then reads nothing.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timings: list[tuple[str, float]] = []
        self._kept: sa.Connection | None = None

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """The one connection of this engine; it stays open until `dispose`."""
        if self._kept is None:
            self._kept = self.engine.connect()
        yield self._kept

    def execute_query(self, query: Any) -> Any:
        """Execute and materialise; remembers the time of each query."""
        started = time.perf_counter()
        with self.get_connection() as connection:
            try:
                result = connection.execute(query).freeze()()
            except sa.exc.DBAPIError:
                connection.rollback()  # else every later query fails in the aborted transaction
                raise
        self.timings.append((str(query), time.perf_counter() - started))
        return result

    def get_inspector(self) -> Any:
        """Column names from the information schema."""
        return ColumnInspector(self)

    def dispose(self) -> None:
        """Close the connection, so that a writer can open the file again."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        self.engine.dispose()


class CountedUnexpectedRows(UnexpectedRowsExpectation):
    """UnexpectedRowsExpectation which counts the rows and does not fetch them.

    The stock one runs its query twice, for the count and for 200 rows that only a complete result shows; here
    samples are taken only when a check fails.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: Any = None,  # noqa: ARG002 - the product's signature
        execution_engine: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


class DuckDBDatasource(SQLDatasource):
    """A DuckDB database file, opened read-only."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """The engine of this module."""
        return DuckDBExecutionEngine

    def dispose(self) -> None:
        """Close everything that was opened on the file."""
        engine = self.get_execution_engine()
        if isinstance(engine, DuckDBExecutionEngine):
            engine.dispose()
        self.get_engine().dispose()


def connection_kwargs() -> dict[str, Any]:
    """Options of the SQLAlchemy engine: the file is opened read-only."""
    return {"connect_args": {"read_only": True}}


def connection_string(database: Path) -> str:
    """SQLAlchemy URL of the file."""
    return f"duckdb:///{database.resolve()}"
