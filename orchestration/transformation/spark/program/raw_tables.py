"""Raw tables of Spark: Iceberg tables that get what landing has added since, and are made anew where that is not so.

What is there decides, not what earlier runs have noted: the loads that a table holds with their rows, and its origin. A
commit is one table's; the loads of a schema come last, so that a load counts when all of it is there, as in the
warehouse. A run that was killed in between is thus finished by the next one.

Belongs here: that, and the names models read. Does not belong here: the rows of the warehouse (``landed_rows``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.transformation.spark.job import SparkJob
from orchestration.transformation.spark.program.landed_rows import (
    LandedTable,
    landed_tables,
    on_spark,
    write_rows,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Sql = Callable[[str], Any]  # a statement to its rows
_ORIGIN = "incentives.origin"
#: rows walk from the file to Parquet; the memory is for Spark
_STREAMING: dict[str, Any] = {"memory_limit": "1GB", "preserve_insertion_order": "false"}
#: files of metadata that are not the last ones go with each commit
_KEEPING = (
    "'write.metadata.delete-after-commit.enabled' = 'true', 'write.metadata.previous-versions-max' = '1'"
)


def bring_raw_rows(job: SparkJob, sql: Sql) -> str:
    """Make the raw tables of Spark those of the warehouse, and give them the names that models read.

    Args:
        job: What is asked for.
        sql: Runs a statement on Spark; its rows.

    Returns:
        What was done, for people.
    """
    import duckdb

    catalog = job.catalog or _own_catalog(job.raw, sql)
    file = Path(job.work) / "rows.parquet"
    with duckdb.connect(job.warehouse, read_only=True, config=_STREAMING) as warehouse:
        tables = landed_tables(warehouse, job.sources)
        there = _tables_there(catalog, {table.schema for table in tables}, sql)
        done = [_bring(warehouse, table, catalog, table.name in there, file, sql) for table in tables]
    for statement in _names(job, catalog, tables):
        sql(statement)
    return _told(done)


def _own_catalog(folder: str, sql: Sql) -> str:
    """A catalogue in a folder, under a name of its own: a server may have served another home before."""
    name = f"raw_{hashlib.sha256(folder.encode()).hexdigest()[:12]}"
    settings = {
        "": "org.apache.iceberg.spark.SparkCatalog",
        ".type": "hadoop",
        ".warehouse": folder,
        ".cache-enabled": "false",
    }
    for key, value in settings.items():
        sql(f"set `spark.sql.catalog.{name}{key}`={_name(value)}")
    return name


def _tables_there(catalog: str, schemas: Collection[str], sql: Sql) -> set[str]:
    for schema in schemas:
        sql(f"create namespace if not exists {catalog}.{schema}")
    return {f"{schema}.{row[1]}" for schema in schemas for row in sql(f"show tables in {catalog}.{schema}")}


def _bring(
    warehouse: DuckDBPyConnection, table: LandedTable, catalog: str, is_there: bool, file: Path, sql: Sql
) -> tuple[str, int]:
    """Have Spark hold what the warehouse holds of a table: what was done, and rows appended."""
    target = f"{catalog}.{table.name}"
    known = _known_loads(table, target, sql) if is_there else None
    missing = table.loads.keys() - (known or ())
    if known is not None and not missing:
        return "", 0
    write_rows(warehouse, table, missing, file)
    rows = f"select * from parquet.{_name(file)}"
    if known is None:
        properties = f"'{_ORIGIN}' = '{table.origin}', {_KEEPING}"
        sql(f"create or replace table {target} using iceberg tblproperties ({properties}) as {rows}")
    else:
        sql(f"insert into {target} {rows}")
        # five small files become one
        sql(f"call {catalog}.system.rewrite_data_files(table => '{table.name}')")
    if is_there:
        older = "older_than => timestamp_ltz '2999-01-01 00:00:00', retain_last => 1"
        sql(f"call {catalog}.system.expire_snapshots(table => '{table.name}', {older})")
    file.unlink()
    if known is not None:
        return "appended", sum(table.loads[one] for one in missing)
    return ("replaced" if is_there and table.load else "made"), 0


def _known_loads(table: LandedTable, target: str, sql: Sql) -> set[str] | None:
    """The loads that Spark has of a table; None when what it has is not a part of what the warehouse holds."""
    if dict(sql(f"show tblproperties {target}")).get(_ORIGIN) != table.origin:
        return None
    if not table.load:
        return set()
    load = on_spark(table.load)
    counts = dict(sql(f"select {load}, count(*) from {target} group by {load}"))
    return set(counts) if counts.items() <= table.loads.items() else None


def _names(job: SparkJob, catalog: str, tables: Sequence[LandedTable]) -> Iterable[str]:
    """The schemas of the models, empty, and a view of each raw table under the name that models read."""
    schemas = {*job.schemas, *(table.schema for table in tables)}
    for schema in sorted(schemas):
        yield f"drop database if exists {schema} cascade"
        yield f"create database {schema} location {_text(job.made / f'{schema}.db')}"
    for table in tables:
        columns = ", ".join(f"{_name(on_spark(one))} as {_name(one)}" for one in table.columns)
        yield f"create view {table.name} as select {columns} from {catalog}.{table.name}"


def _name(text: str | Path) -> str:
    """A name as Spark's SQL writes it between marks."""
    return "`" + str(text).replace("`", "``") + "`"


def _text(path: Path) -> str:
    """A path as Spark's SQL writes a text."""
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _told(done: Sequence[tuple[str, int]]) -> str:
    appended = [rows for what, rows in done if what == "appended"]
    made, replaced = (sum(1 for what, _ in done if what == wanted) for wanted in ("made", "replaced"))
    told = [f"{sum(appended):,} rows appended to {len(appended)} tables"] if appended else []
    told += [f"{made} tables written whole"] if made else []
    if replaced:
        told.append(f"{replaced} tables made anew, for they did not fit this warehouse")
    return f"raw tables on Spark: {', '.join(told) or 'nothing new'}"
