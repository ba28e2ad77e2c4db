"""Every table that Spark makes equals DuckDB's, cell by cell: of the made-up company, and of one drawn at random.

Needs Java; `make test-spark` installs Spark into an environment of its own. Minutes, for Spark plans each of some two
hundred models at length, however few rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import ROOT
from orchestration.transformation.manifest import timezone_args
from orchestration.transformation.run_identity import RunIdentity
from orchestration.transformation.spark.job import JOB, SparkJob
from scripts.services.processes import run
from scripts.services.spark.cluster import ENVIRONMENT
from tests.support.compiled import TIMEZONE
from tests.support.factories import Size, make_case
from tests.support.warehouse import RUN_ID, Warehouse

pytestmark = pytest.mark.spark
SEED = 7
PROGRAM = "orchestration.transformation.spark.program.run_dbt"
_LANDED = """
    select schema_name, table_name from duckdb_tables()
    where database_name = current_database() and schema_name in ('raw_files', 'raw_ledger', 'raw_plans')
        and not starts_with(table_name, '_dlt')
"""
_TABLES = """
    select schema_name, table_name from duckdb_tables()
    where database_name = current_database() and schema_name in ('marts', 'intermediate') order by all
"""


@pytest.fixture
def of_the_demo(demo_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        yield connection


def test_of_the_made_up_company(of_the_demo: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    told = of_the_demo.execute(
        "select run_id, cast(as_of as varchar), code_version from staging.stg_calculation"
    ).fetchone()
    assert told is not None
    assert differing(of_the_demo, made_by_spark(of_the_demo, tmp_path, *told)) == {}


def test_of_a_random_company(tmp_path: Path) -> None:
    case = make_case(SEED, Size())
    with duckdb.connect(str(tmp_path / "random.duckdb")) as connection:
        warehouse = Warehouse(connection=connection)
        warehouse.compute(case.company, case.plan_set, warehouse.project.names)
        assert case.reference()["fct_payout_lines"], "a company that pays nobody compares nothing"
        made = made_by_spark(connection, tmp_path, RUN_ID, case.company.as_of.isoformat(sep=" "), "test")
        assert differing(connection, made) == {}


def test_a_difference_of_one_cell_is_seen(tmp_path: Path) -> None:
    (tmp_path / "marts.db" / "fct_example").mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.fct_example as select 1.10 as amount, null as reason")
        write = f"copy ({{}}) to '{tmp_path}/marts.db/fct_example/rows.parquet' (format parquet)"
        connection.execute(write.format("select 1.10 as amount, null as reason"))
        assert differing(connection, tmp_path) == {}
        connection.execute(write.format("select 1.11 as amount, null as reason"))
        assert differing(connection, tmp_path) == {"marts.fct_example": 2}


def made_by_spark(
    warehouse: duckdb.DuckDBPyConnection, folder: Path, run_id: str, as_of: str, code: str
) -> Path:
    """The folder of the tables that Spark makes of a warehouse's landed rows."""
    copy, work = folder / "warehouse.duckdb", folder / "work"
    work.mkdir()
    warehouse.execute(f"attach '{copy}' as copied")
    landed = warehouse.execute(_LANDED).fetchall()
    for schema, table in landed:
        warehouse.execute(f"create schema if not exists copied.{schema}")
        warehouse.execute(f"create table copied.{schema}.{table} as from {schema}.{table}")
    warehouse.execute("detach copied")
    sources = tuple(f"{schema}.{table}" for schema, table in landed)
    schemas = ("intermediate", "lineage", "marts", "staging")
    python = str(ENVIRONMENT / "bin" / "python")
    job = SparkJob(python, str(copy), sources, schemas, str(work), str(folder / "raw"), str(folder / "log"))
    variables = {
        JOB: str(job.write()),
        "PYTHONPATH": str(ROOT),
        **dict.fromkeys(("DBT_PROJECT_DIR", "DBT_PROFILES_DIR"), str(ROOT / "dbt_project")),
        **dict.fromkeys(("DBT_TARGET_PATH", "DBT_LOG_PATH"), str(folder / "dbt")),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        **RunIdentity(run_id, as_of, TIMEZONE, code).variables(),
    }
    run([python, "-P", "-m", PROGRAM, "--quiet", "run", *timezone_args(TIMEZONE)], env=variables)
    return job.made


def table_of(made: Path, schema: str, table: str) -> str:
    """What DuckDB reads a table from that was made on Spark."""
    return f"read_parquet('{made}/{schema}.db/{table}/*.parquet')"


def differing(warehouse: duckdb.DuckDBPyConnection, made: Path) -> dict[str, int]:
    """Tables that differ, with the number of rows that only one side has; a mart that is not there is an error."""
    found = {}
    for schema, table in warehouse.execute(_TABLES).fetchall():
        if schema != "marts" and not (made / f"{schema}.db" / table).exists():
            continue  # a part of the query that reads it
        ours, theirs = f"{schema}.{table}", table_of(made, schema, table)
        columns = _comparable(warehouse, ours)
        rows = sum(
            warehouse.execute(
                f"select count(*) from (select {columns} from {one} except all select {columns} from {other})"
            ).fetchall()[0][0]
            for one, other in ((ours, theirs), (theirs, ours))
        )
        if rows:
            found[ours] = rows
    return found


def _comparable(warehouse: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Its columns by name; sums and counts, whose types differ, as what they are worth."""
    described = warehouse.execute(f"describe {relation}").fetchall()
    assert described
    return ", ".join(
        f'cast("{name}" as decimal(38, 12)) as "{name}"'
        if kind.startswith("DECIMAL") or kind in ("BIGINT", "HUGEINT", "INTEGER")
        else f'cast("{name}" as varchar) as "{name}"'
        for name, kind, *_ in described
    )
