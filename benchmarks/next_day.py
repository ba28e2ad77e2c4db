"""The day after: a thousandth of new rows, computed as changes and, for comparison, anew.

Belongs here: the delivery of that day, both calculations, the comparison of all their tables. Does not belong here: the
measuring of one invocation (``measure``).
"""

from __future__ import annotations

import shutil
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.generate import Size, next_day_queries, write_delivery
from benchmarks.measure import NOTHING, identity, load_raw, run_dbt, slowest_models
from orchestration.changes import complete, prepare

PLANS = "benchmark"
#: Two calculations of the same month.
DAY_BEFORE, NEXT_DAY = "2026-12-30 00:00:00", "2026-12-31 00:00:00"


def report(work: Path, warehouse: Path, size: Size) -> dict[str, object]:
    """Measure the day after on a warehouse that holds the company: first everything up to the day before.

    Both calculations start from copies of the same file; finding out what changed counts with the one that follows it.
    """
    run_dbt(work, warehouse, as_of=DAY_BEFORE)
    _mark_complete(warehouse)
    write_delivery(work / "next_day", next_day_queries(size))
    load_raw(work / "next_day", warehouse, 2)
    rebuilt = work / "rebuilt" / warehouse.name
    rebuilt.parent.mkdir(exist_ok=True)
    shutil.copyfile(warehouse, rebuilt)
    idle = run_dbt(work, rebuilt, *NOTHING, as_of=NEXT_DAY)
    started, started_cpu = time.perf_counter(), time.process_time()
    compute = _prepare(warehouse)
    prepared, prepared_cpu = time.perf_counter() - started, time.process_time() - started_cpu
    following = run_dbt(work, warehouse, as_of=NEXT_DAY, compute=compute)
    slowest = slowest_models(work)
    everything = run_dbt(work, rebuilt, as_of=NEXT_DAY)
    spent, spent_cpu = prepared + following.seconds, prepared_cpu + following.cpu_seconds
    return {
        "computed": compute,
        "prepare": {"seconds": round(prepared, 1), "cpu_seconds": round(prepared_cpu, 1)},
        "dbt_start_up": asdict(idle),
        "changes": asdict(following),
        "everything": asdict(everything),
        "share_without_start_up": _share(spent, everything.seconds, idle.seconds),
        "share_of_processor_seconds": _share(spent_cpu, everything.cpu_seconds, idle.cpu_seconds),
        "slowest_models_of_changes": slowest,
        "tables_that_differ": tables_that_differ(warehouse, rebuilt),
    }


def _share(spent: float, everything: float, start_up: float) -> float:
    return round((spent - start_up) / (everything - start_up), 3)


def _mark_complete(warehouse: Path) -> None:
    """Let the next calculation follow the one that was just made."""
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        complete(connection, identity(DAY_BEFORE), PLANS)


def _prepare(warehouse: Path) -> str:
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        return prepare(connection, identity(NEXT_DAY), PLANS)


def tables_that_differ(one: Path, other: Path) -> dict[str, int]:
    """Rows that the two warehouses do not share, by table of the models."""
    import duckdb

    found = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'other' "
            "and schema_name in ('staging', 'intermediate', 'marts') order by all"
        ).fetchall()
        for schema, table in tables:
            a, b = f'one.{schema}."{table}"', f'other.{schema}."{table}"'
            row = connection.execute(
                f"select count(*) from ((from {a} except all from {b}) union all (from {b} except all from {a}))"
            ).fetchone()
            if row and row[0]:
                found[f"{schema}.{table}"] = int(row[0])
    return found
