"""``python -m benchmarks.sql_source [--rows N]``: a table of 20 columns from PostgreSQL into the raw layer.

Belongs here: the table, the three ways, each in a process of its own. Does not belong here: the way itself
(``connectors.sql``).

Beside the project's way: dlt alone (`sql_table` in Arrow batches into DuckDB), pandas' `read_sql` in chunks with an
insert, and the plainest there is, ADBC's batches straight into a DuckDB table. None compares versions, keeps them, or
notices a repetition. Seconds of the server's processors are those of its processes, as the kernel counts them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

COLUMNS = 20
_TABLE = """
create table wide as select n as id, timestamptz '2026-01-01' + n * interval '1 second' as updated_at,
    'ORDER-' || n as number, 'customer ' || n % 5000 as customer, 'owner' || n % 300 as owner,
    (n % 100000 + 0.25)::numeric(18, 2) as amount, (n % 977 + 0.5)::numeric(18, 2) as tax,
    (n % 13)::numeric(18, 4) as rate, (n % 7)::numeric(18, 2) as discount, n % 50 as quantity, n % 3 as kind,
    n::bigint * 1000 as reference, n % 2 = 0 as is_paid, date '2026-01-01' + n % 300 as invoiced_on,
    timestamp '2026-01-01' + n * interval '1 minute' as created_at, (n % 11)::double precision as score,
    case when n % 4 = 0 then 'note ' || n end as note, 'CN' as country, 'CNY' as currency,
    (array['draft', 'posted', 'paid'])[n % 3 + 1] as state
from generate_series(1, {rows}) as n"""
_LAUNCHER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps({"cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1), "peak_mib": usage.ru_maxrss // 1024}))
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


def project(url: str, folder: Path) -> float:
    """Seconds of the project's extraction."""
    from connectors.sources.configuration.loading import load_sources
    from connectors.sources.extraction.run import extract

    (folder / "url").write_text(url, encoding="utf-8")
    (folder / "sources.yml").write_text(
        "sources:\n  - name: erp\n    type: sql\n    secrets:\n"
        f"      url: {{file: {folder / 'url'}}}\n    resources:\n"
        "      wide: {table: wide, key: id, cursor: updated_at, sweep: false}\n    mapping:\n"
        "      transactions: {from: wide, columns: {transaction_id: id, deal_id: number, kind: {constant: invoice}, "
        "amount: amount, currency: currency, occurred_at: created_at}}\n",
        encoding="utf-8",
    )
    (instance,) = load_sources(folder / "sources.yml")
    began = time.perf_counter()
    report = extract(instance, folder / "warehouse.duckdb", dlt_dir=folder / "dlt")
    assert report.failures == [], report.failures
    return time.perf_counter() - began


def dlt_alone(url: str, folder: Path) -> float:
    """Seconds of dlt's own way."""
    import dlt
    from dlt.sources.sql_database import sql_table

    began = time.perf_counter()
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(folder / "dlt"),
        destination=dlt.destinations.duckdb(str(folder / "dlt.duckdb")),
        dataset_name="raw",
    )
    address = url.replace("postgresql://", "postgresql+psycopg://")
    pipeline.run(sql_table(address, table="wide", backend="pyarrow", chunk_size=50_000))
    return time.perf_counter() - began


def pandas(url: str, folder: Path) -> float:
    """Seconds of read_sql and an insert."""
    import duckdb
    import pandas as pd
    import sqlalchemy as sa

    began = time.perf_counter()
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with (
        engine.connect().execution_options(stream_results=True) as source,
        duckdb.connect(str(folder / "pandas.duckdb")) as target,
    ):
        for number, chunk in enumerate(pd.read_sql("select * from wide", source, chunksize=50_000)):
            target.register("chunk", chunk)
            target.execute("insert into wide from chunk" if number else "create table wide as from chunk")
    return time.perf_counter() - began


def adbc(url: str, folder: Path) -> float:
    """Seconds of the driver's batches and one insert, without a file between."""
    import duckdb
    from adbc_driver_postgresql import dbapi

    began = time.perf_counter()
    with (
        dbapi.connect(url) as source,
        source.cursor() as cursor,
        duckdb.connect(str(folder / "adbc.duckdb")) as target,
    ):
        cursor.execute("select * from wide")
        rows = cursor.fetch_record_batch()
        target.register("rows", rows)
        target.execute("create table wide as from rows")
    return time.perf_counter() - began


WAYS = {"project": project, "dlt": dlt_alone, "pandas": pandas, "adbc": adbc}


def main(
    rows: Annotated[int, typer.Option(help="Rows of the table.")] = 1_000_000,
    way: Annotated[str | None, typer.Option(help="Only this one, in this process.")] = None,
    url: Annotated[str | None, typer.Option(help="Of a database that holds the table.")] = None,
    only: Annotated[str, typer.Option(help="Ways to measure, separated by commas.")] = ",".join(WAYS),
) -> None:
    """Measure the ways, one after the other."""
    if way is not None and url is not None:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps({"seconds": round(WAYS[way](url, Path(folder)), 1)}))
        return
    import psycopg

    from benchmarks.processors import processor_of
    from tests.support.postgres import postgresql

    figures: dict[str, object] = {"rows": rows, "columns": COLUMNS, "load_before": os.getloadavg()[0]}
    with postgresql("shared_buffers=512MB") as made:
        with psycopg.connect(made, autocommit=True) as connection:
            connection.execute(_TABLE.format(rows=rows).encode())
            connection.execute("alter table wide add primary key (id)")
            connection.execute("vacuum analyze wide")
            (data,) = (Path(row[0]) for row in connection.execute("show data_directory"))
        for name in only.split(","):
            command = [sys.executable, "-m", "benchmarks.sql_source", "--way", name, "--url", made]
            of_server = processor_of(data)
            done = subprocess.run(
                [sys.executable, "-c", _LAUNCHER, *command], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr[-2000:]
            found = {
                key: value for line in done.stdout.splitlines() for key, value in json.loads(line).items()
            }
            time.sleep(1)  # the server takes leave of its processes
            found["server_cpu_seconds"] = round(processor_of(data) - of_server, 1)
            found["rows_per_second"] = round(rows / found["seconds"])
            figures[name] = found
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
