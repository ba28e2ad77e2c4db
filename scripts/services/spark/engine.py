"""Spark as the product's environment sees it: landed rows go out as Parquet, tables come back.

Belongs here: writing the raw tables of a warehouse, starting the program, the names of what it made.
Does not belong here: what runs inside it (``run_dbt``).
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.services.processes import SERVICES, ServiceFailed, run

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HERE = Path(__file__).resolve().parent
ENVIRONMENT = SERVICES / "spark"


def installed(environment: Path = ENVIRONMENT) -> Path:
    """The environment, made when it is not there."""
    subprocess.run([str(HERE.parents[1] / "install_spark.sh"), str(environment)], check=True)
    return environment


def write_landed(warehouse: DuckDBPyConnection, folder: Path) -> None:
    """Write every raw table of the connection's own database, one folder each, but for dlt's bookkeeping."""
    tables = warehouse.execute(
        "select schema_name, table_name from duckdb_tables() "
        "where schema_name like 'raw!_%' escape '!' and not starts_with(table_name, '_dlt')"
    ).fetchall()
    for schema, table in tables:
        target = folder / schema / table
        target.mkdir(parents=True)
        warehouse.execute(f"copy {schema}.{table} to '{target}/rows.parquet' (format parquet)")


def run_models(landed: Path, made: Path, timezone_args: list[str], variables: Mapping[str, str]) -> None:
    """Run every model on Spark.

    Args:
        landed: What `write_landed` wrote.
        made: Folder for the tables, not there yet; `table_of` finds them in it. dbt's own files go beside it.
        timezone_args: As for dbt on DuckDB.
        variables: Environment variables that tell dbt of the calculation.

    Raises:
        ServiceFailed: A model failed; ends with what dbt said last.
    """
    if made.exists():
        raise ServiceFailed(f"{made} is there already: tables of another run may lie in it.")
    artifacts = {"DBT_TARGET_PATH": f"{made}.dbt", "DBT_LOG_PATH": f"{made}.dbt"}
    python = installed() / "bin" / "python"
    run(
        [python, HERE / "run_dbt.py", landed.resolve(), made.resolve(), "--quiet", "run", *timezone_args],
        env={**variables, **artifacts, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
    )


def table_of(made: Path, schema: str, table: str) -> str:
    """What DuckDB reads a table from that was made on Spark."""
    return f"read_parquet('{made}/{schema}.db/{table}/*.parquet')"
