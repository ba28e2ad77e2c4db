"""What DuckDB reads of a calculation on Spark: a view for each table, under the name that a run on DuckDB gives it.

So gates, publication, explanations, reports and tests read one interface, and no row is copied. A view names exactly
the files of its calculation, and gives columns the types that the contract of a mart declares.

Belongs here: these views. Does not belong here: the files (``folders``), reading them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common import sql_text
from connectors.common.warehouse import ensure_warehouse, open_warehouse
from orchestration.errors import GateError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: written by Spark when all files of a table are complete
_COMPLETE = "_SUCCESS"
_THERE = """
    select schema_name, table_name, 'table' from duckdb_tables()
    union all
    select schema_name, view_name, 'view' from duckdb_views()
"""


@dataclass(frozen=True)
class MadeTable:
    """A model as DuckDB knows it, and where Spark wrote it.

    Args:
        database: Of dbt on DuckDB: the warehouse, or where intermediate tables lie.
        schema: Its schema.
        name: Its name.
        types: DuckDB's type by column; None: the model declares none.
        files: Parquet files, in their order.
    """

    database: str
    schema: str
    name: str
    types: Mapping[str, str | None]
    files: tuple[Path, ...]

    @property
    def relation(self) -> str:
        """Schema and name, as SQL writes them."""
        return f"{sql_text.name(self.schema)}.{sql_text.name(self.name)}"


def made_tables(manifest: Mapping[str, Any], made: Path, *, is_whole: bool) -> list[MadeTable]:
    """The tables of a calculation that a run on DuckDB leaves as well.

    Args:
        manifest: dbt's, parsed for DuckDB: parts of queries (ephemeral models) are none there.
        made: Folder of the tables.
        is_whole: All models were computed.

    Raises:
        GateError: The files of a table are not complete, or there are none of a model.
    """
    found = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or node["config"]["materialized"] == "ephemeral":
            continue
        schema, name = str(node["schema"]), str(node.get("alias") or node["name"])
        folder = made / f"{schema}.db" / name
        if folder.exists() or is_whole:
            types = {one: column["data_type"] for one, column in node["columns"].items()}
            found.append(MadeTable(node["database"], schema, name, types, _whole(folder)))
    return found


def _whole(folder: Path) -> tuple[Path, ...]:
    files = tuple(sorted(folder.glob("*.parquet")))
    if not files or not (folder / _COMPLETE).exists():
        raise GateError(
            f"Spark did not finish {folder.parent.stem}.{folder.name}: its files in {folder} are not complete"
        )
    return files


def show_tables(tables: Iterable[MadeTable], warehouse: Path, scratch: Path, scratch_name: str) -> None:
    """Put a view of each table into the warehouse, or beside it, in the place of what has its name there.

    Args:
        tables: Those of a calculation.
        warehouse: The DuckDB file; all of its views change at once.
        scratch: The file of intermediate tables; made when it is not there.
        scratch_name: The database that these belong to, as dbt calls it.
    """
    by_file: dict[Path, list[MadeTable]] = {scratch: [], warehouse: []}
    for table in tables:
        by_file[scratch if table.database == scratch_name else warehouse].append(table)
    for file, ones in by_file.items():
        ensure_warehouse(file)
        with open_warehouse(file) as connection:
            connection.execute("begin")
            _replace(connection, ones)
            connection.execute("commit")


def _replace(connection: DuckDBPyConnection, tables: Collection[MadeTable]) -> None:
    there = {(schema, name): kind for schema, name, kind in connection.execute(_THERE).fetchall()}
    for table in tables:
        connection.execute(f"create schema if not exists {sql_text.name(table.schema)}")
        if kind := there.get((table.schema, table.name)):
            connection.execute(f"drop {kind} {table.relation}")
        connection.execute(f"create view {table.relation} as {_select(connection, table)}")


def _select(connection: DuckDBPyConnection, table: MadeTable) -> str:
    files = ", ".join(sql_text.quoted(str(file)) for file in table.files)
    rows = f"read_parquet([{files}], hive_partitioning = false)"
    columns = [str(row[0]) for row in connection.execute(f"describe from {rows}").fetchall()]
    return f"select {', '.join(_column(one, table.types.get(one)) for one in columns)} from {rows}"


def _column(name: str, kind: str | None) -> str:
    column = sql_text.name(name)
    return f"cast({column} as {kind}) as {column}" if kind else column
