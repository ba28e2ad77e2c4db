"""Rows from one DuckDB to another, without a step between.

Belongs here: that. Does not belong here: which rows, when they count, making tables (`landing`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.sql_text import name, quoted
from connectors.common.storage import is_damage
from connectors.common.warehouse import unreadable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TARGET = "warehouse_to_fill"


def insert(schema: str, queries: dict[str, str], connection: DuckDBPyConnection, warehouse: Path) -> None:
    """Append the rows of queries over `connection` to tables of the warehouse, in one transaction.

    Args:
        schema: Of the tables.
        queries: Table to its query.
        connection: Any; it lets go of the warehouse at the end.
        warehouse: DuckDB file; no other connection may hold it.

    Raises:
        UserError: The warehouse cannot be opened, or is damaged.
    """
    import duckdb

    try:
        connection.execute(f"ATTACH {quoted(str(warehouse))} AS {_TARGET}")
    except duckdb.Error as error:
        raise unreadable(warehouse, error) from error
    try:
        connection.execute("BEGIN")
        try:
            for table, query in queries.items():
                target = f"{_TARGET}.{name(schema)}.{name(table)}"
                connection.execute(f"INSERT INTO {target} BY NAME {query}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except duckdb.Error as error:
        if is_damage(error):
            raise unreadable(warehouse, error) from error
        raise
    finally:
        connection.execute(f"DETACH {_TARGET}")
