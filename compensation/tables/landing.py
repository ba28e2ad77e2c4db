"""Writes the plan tables into the warehouse.

Belongs here: replacing schema ``raw_plans`` as a whole. Does not belong here: what is in it.

Why not dlt: measured 2026-11 for so many small tables, dlt takes 3 s to import and 1.6 to 3 s to load,
and commits table by table, so that a killed run would leave rates of one version beside tiers of
another. One DuckDB transaction takes a fraction of a second and is all or nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from compensation.loader import PlanSet
from compensation.tables.build import plan_tables
from compensation.tables.schema import ARCHIVE_TABLE, TABLES
from connectors.common.warehouse import open_warehouse

if TYPE_CHECKING:
    import duckdb

SCHEMA = "raw_plans"


def land_plans(plan_set: PlanSet, warehouse: Path) -> dict[str, int]:
    """Replace schema ``raw_plans`` by these plans, in one transaction.

    ``plan_files`` only grows: it keeps the text of every plan version that was ever landed, by
    hash, so that a locked period can be recalculated with the plan it was calculated with.

    Args:
        plan_set: checked plans.
        warehouse: DuckDB file; made when missing. Nobody else may have it open for writing.

    Returns:
        Number of rows by table.

    Raises:
        connectors.common.errors.UserError: when the warehouse cannot be written; it is then as it was before.
    """
    tables = plan_tables(plan_set)
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with open_warehouse(warehouse) as connection:
        connection.execute("begin transaction")
        try:
            counts = _replace(connection, tables)
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
    return counts


def _replace(connection: duckdb.DuckDBPyConnection, tables: dict[str, Any]) -> dict[str, int]:
    """Replace all tables, add to the archive, drop what is no table of ours any more."""
    connection.execute(f"create schema if not exists {SCHEMA}")
    for name, table in tables.items():
        connection.register("new_rows", table)
        target = f"{SCHEMA}.{name}"
        if name == ARCHIVE_TABLE:
            connection.execute(f"create table if not exists {target} as select * from new_rows limit 0")
            unseen = f"plan_hash not in (select plan_hash from {target})"
            connection.execute(f"insert into {target} by name select * from new_rows where {unseen}")
        else:
            connection.execute(f"create or replace table {target} as select * from new_rows")
        connection.unregister("new_rows")
    for (name,) in _existing(connection):
        if name not in TABLES:
            connection.execute(f'drop table {SCHEMA}."{name}"')
    return {name: _count(connection, name) for name in tables}


def _existing(connection: duckdb.DuckDBPyConnection) -> list[tuple[str]]:
    """Names of the tables in the schema."""
    query = "select table_name from duckdb_tables() where schema_name = ? order by table_name"
    return connection.execute(query, [SCHEMA]).fetchall()


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    row = connection.execute(f"select count(*) from {SCHEMA}.{table}").fetchone()
    return int(row[0]) if row else 0
