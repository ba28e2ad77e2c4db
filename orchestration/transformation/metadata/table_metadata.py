"""Row counts, columns and lineage of the tables that dbt has built, as Dagster shows them.

The stock ``fetch_row_counts`` and ``fetch_column_metadata`` of dagster-dbt open one connection for each model and query
it; here two queries answer for all tables of the warehouse file. Intermediate models lie in memory and are gone.

Belongs here: these queries and their form in Dagster. Does not belong here: dbt's own events (``calculation``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from connectors.common.warehouse import open_warehouse
from orchestration.transformation.metadata.column_lineage import BuildLineage

_COLUMNS = """
    select schema_name, table_name, column_name, lower(data_type)
    from duckdb_columns() where not internal and database_name = current_database()
    order by schema_name, table_name, column_index
"""
_TABLES = "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
#: over files that say how many rows they hold
_VIEWS_OF_FILES = """
    select schema_name, view_name from duckdb_views()
    where database_name = current_database() and not internal and contains(sql, 'read_parquet(')
"""


def table_metadata(warehouse: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """Metadata by asset key (schema and table): columns of every table and view, rows of what is written out."""
    from dagster import TableColumn, TableSchema

    with open_warehouse(warehouse, read_only=True) as connection:
        columns: dict[tuple[str, ...], list[TableColumn]] = {}
        for schema, table, name, kind in connection.execute(_COLUMNS).fetchall():
            columns.setdefault((schema, table), []).append(TableColumn(name, kind))
        tables = connection.execute(f"{_TABLES} union all {_VIEWS_OF_FILES}").fetchall()
        counts = " union all ".join(
            f'select {number}, count(*) from "{schema}"."{table}"'
            for number, (schema, table) in enumerate(tables)
        )
        rows = dict(connection.execute(counts).fetchall()) if counts else {}
    found = {key: {"dagster/column_schema": TableSchema(columns=parts)} for key, parts in columns.items()}
    for number, key in enumerate(tables):
        found[tuple(key)]["dagster/row_count"] = rows[number]
    return found


def with_table_metadata(
    events: Iterable[Any], keys: Mapping[str, tuple[str, ...]], warehouse: Path, lineage: BuildLineage
) -> Iterator[Any]:
    """All events of a dbt invocation, once it has ended, those of built models with rows, columns and lineage.

    Args:
        events: Events of dagster-dbt for all that is built. They are held back, because no other process can read a
            file that dbt writes, and Dagster wants what is above first; lineage is read meanwhile.
        keys: Asset key by output name, of what was asked for.
        warehouse: The warehouse.
        lineage: Of the columns.
    """
    held = [(event, _lineage_metadata(lineage, event)) for event in events]
    lineage.keep()
    found = table_metadata(warehouse) if held else {}
    for event, more in held:
        about = {**found.get(keys.get(getattr(event, "output_name", ""), ()), {}), **more}
        yield event.with_metadata({**event.metadata, **about}) if about else event


def _lineage_metadata(lineage: BuildLineage, event: Any) -> dict[str, Any]:
    """The columns that each column of a built model is made of, as Dagster shows them."""
    from dagster import AssetKey, TableColumnDep, TableColumnLineage

    def dependency(schema: str, table: str, column: str) -> TableColumnDep:
        return TableColumnDep(AssetKey([schema.removeprefix("raw_"), table]), column)

    if not hasattr(event, "output_name"):
        return {}
    columns = lineage.of_built(event.metadata["unique_id"].value)
    made_of = {column: [dependency(*origin) for origin in origins] for column, origins in columns.items()}
    return {"dagster/column_lineage": TableColumnLineage(made_of)} if made_of else {}
