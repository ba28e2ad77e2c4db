"""Reads a DuckDB file: opening it read-only, its tables, rows as plain text."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common import sql_text
from connectors.common.warehouse import open_warehouse
from serving.errors import DatabaseMissingError, NotComputedError

if TYPE_CHECKING:
    import duckdb

TextRow = Mapping[str, str | None]


@contextmanager
def open_readonly(path: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A read-only connection to a database file.

    Raises:
        DatabaseMissingError: the file does not exist.
    """
    if not path.is_file():
        raise DatabaseMissingError(path)
    with open_warehouse(path, read_only=True) as connection:
        yield connection


def tables_of(connection: "duckdb.DuckDBPyConnection", schema: str) -> tuple[str, ...]:
    """Names of the tables and views of a schema of the opened file, sorted."""
    rows = connection.execute(
        "select table_name from information_schema.tables "
        f"where table_catalog = current_database() and table_schema = {literal(schema)} order by table_name"
    ).fetchall()
    return tuple(name for (name,) in rows)


def views_of(connection: "duckdb.DuckDBPyConnection", schema: str) -> tuple[str, ...]:
    """Names of the views of a schema of the opened file, sorted."""
    rows = connection.execute(
        "select table_name from information_schema.tables where table_catalog = current_database() "
        f"and table_schema = {literal(schema)} and table_type = 'VIEW' order by table_name"
    ).fetchall()
    return tuple(name for (name,) in rows)


def columns_of(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> tuple[str, ...]:
    """Names of the columns of a table in order; empty when there is no such table."""
    rows = connection.execute(
        "select column_name from information_schema.columns where table_catalog = current_database() "
        f"and table_schema = {literal(schema)} and table_name = {literal(table)} order by ordinal_position"
    ).fetchall()
    return tuple(name for (name,) in rows)


def require(connection: "duckdb.DuckDBPyConnection", path: Path, *tables: str) -> None:
    """Check that marts are there.

    Raises:
        NotComputedError: one of them is missing.
    """
    present = tables_of(connection, "marts")
    for table in tables:
        if table not in present:
            raise NotComputedError(path, f"marts.{table}")


def text_rows(
    connection: "duckdb.DuckDBPyConnection", query: str, parameters: Sequence[Any] = ()
) -> tuple[TextRow, ...]:
    """The rows of a query, every value as text (decimals and dates as written, NULL as None)."""
    cursor = connection.execute(query, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return tuple(dict(zip(names, (_text(value) for value in row), strict=True)) for row in cursor.fetchall())


def literal(text: str) -> str:
    """A text as SQL writes it. Spares a parameter: the first one makes DuckDB import pandas, which takes a second."""
    return sql_text.quoted(text)


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return sql_text.name(name)


def _text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
