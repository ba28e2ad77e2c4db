"""The day after: a thousandth of new rows, computed as changes and, for comparison, anew.

Belongs here: the delivery of that day, both calculations, the comparison of all their tables. Does not belong here: the
measuring of one invocation (``measure``).
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path

from benchmarks.generate import Size, next_day_queries, write_delivery
from benchmarks.measure import AS_OF, NEXT_AS_OF, identity, load_raw, run_dbt, slowest_models
from orchestration.changes import complete, prepare

PLANS = "benchmark"


def mark_complete(warehouse: Path, as_of: str = AS_OF) -> None:
    """Let the next calculation follow the one that was just made."""
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        complete(connection, identity(as_of), PLANS)


def report(work: Path, warehouse: Path, size: Size) -> dict[str, object]:
    """Measure the day after on a warehouse that holds a complete calculation of the days before."""
    write_delivery(work / "next_day", next_day_queries(size))
    load_raw(work / "next_day", warehouse, 2)
    rebuilt = work / "rebuilt" / warehouse.name
    rebuilt.parent.mkdir(exist_ok=True)
    shutil.copyfile(warehouse, rebuilt)
    compute = _prepare(warehouse)
    following = run_dbt(work, warehouse, as_of=NEXT_AS_OF, compute=compute)
    slowest = slowest_models(work)
    everything = run_dbt(work, rebuilt, as_of=NEXT_AS_OF)
    return {
        "computed": compute,
        "changes": asdict(following),
        "everything": asdict(everything),
        "slowest_models_of_changes": slowest,
        "tables_that_differ": tables_that_differ(warehouse, rebuilt),
    }


def _prepare(warehouse: Path) -> str:
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        return prepare(connection, identity(NEXT_AS_OF), PLANS)


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
