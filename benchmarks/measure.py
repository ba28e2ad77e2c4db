"""The computation against one hand-written DuckDB script of the same payouts: seconds, ratio, peak memory.

Belongs here: loading the raw tables, running both sides, comparing their payouts. Does not belong here: either side.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.settings import load_settings
from orchestration.transformation.manifest import dbt_executable
from orchestration.transformation.run_identity import RunIdentity

ROOT = Path(__file__).resolve().parents[1]
AS_OF = "2026-12-31 15:59:59"
HAND_WRITTEN = Path(__file__).with_name("hand_written.sql")
PLANS = Path(__file__).with_name("plans")
#: One small model: what is left is the start-up.
NOTHING = ("stg_calculation",)
#: What the script by hand makes too, with all it is made of; besides these there are KPIs, journeys and reports.
SAME_MARTS = (
    "+dim_customer",
    "+fct_lead_validity",
    "+fct_deal_sources",
    "+fct_attribution",
    "+fct_attribution_weights",
    "+fct_transfers",
    "+fct_credits",
    "+fct_measures",
    "+fct_points",
    "+fct_process_bonus",
    "+fct_growth",
    "+fct_task_results",
    "+fct_payout_lines",
    "+fct_payouts",
    # views over what the run of all marts left: of KPIs and scorecards the script makes nothing
    "path:models/lineage",
    "fct_provenance",
)


@dataclass(frozen=True)
class Measured:
    """Wall seconds, processor seconds and the largest resident memory (GiB) of one side."""

    seconds: float
    cpu_seconds: float
    peak_gib: float


def load_company(delivery: Path, warehouse: Path) -> None:
    """Put the company's delivery into the raw tables, and the benchmark's plans beside them."""
    from compensation import land_plans, load_plans
    from connectors.files import ensure_raw_tables
    from ledger.tables import load_books

    ensure_raw_tables(warehouse, warehouse.parent / "dlt")
    load_books(warehouse, warehouse.parent / "books", ())
    load_raw(delivery, warehouse, 1)
    land_plans(load_plans([PLANS]), warehouse)


def load_raw(delivery: Path, warehouse: Path, load_seq: int) -> None:
    """Put a delivery's Parquet files into the raw tables as one completed load.

    The import is measured by its own tests; here only the computation counts.
    """
    import duckdb

    from connectors.files import arrow_schema

    load_id = f"{load_seq:06d}-benchmark"
    with duckdb.connect(str(warehouse)) as connection:
        for file in sorted(delivery.glob("*.parquet")):
            entity = file.stem
            wanted = arrow_schema(entity).names
            given = {row[0] for row in connection.execute(f"describe select * from '{file}'").fetchall()}
            meta = {
                "_load_id": f"'{load_id}'",
                "_load_seq": str(load_seq),
                "_file": f"'{file.name}'",
                "_line": "row_number() over ()",
                "_content_hash": f"md5(cast(row_number() over () as varchar) || '{entity}{load_seq}')",
                "_is_deleted": "false",
            }
            columns = ", ".join(
                f"{name if name in given else meta.get(name, 'null')} as {name}" for name in wanted
            )
            connection.execute(f"insert into raw_files.{entity} by name select {columns} from '{file}'")
        connection.execute(
            f"insert into raw_files.loads by name select '{load_id}' as load_id, {load_seq} as load_seq, "
            f"'{load_id}' as delivery_hash, null as mapping, now() as landed_at"
        )


#: A small process between this one and the measured one: Linux counts the memory of the parent at the fork as the
#: child's, and this process has just loaded the company.
_LAUNCHER = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
figures = {"cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_gib": usage.ru_maxrss / 1024**2}
open(sys.argv[1], "w").write(json.dumps(figures))
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


def _timed(command: list[str], environment: dict[str, str], log: Path) -> Measured:
    figures = log.with_suffix(".json")
    launched = [sys.executable, "-c", _LAUNCHER, str(figures), *command]
    started = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.run(
            launched, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    seconds = time.perf_counter() - started
    if process.returncode != 0:
        tail = "\n".join(log.read_text().splitlines()[-25:])
        raise SystemExit(f"{' '.join(command[:3])} failed, see {log}:\n{tail}")
    return Measured(seconds=seconds, **json.loads(figures.read_text()))


def _environment(work: Path, warehouse: Path) -> dict[str, str]:
    settings = load_settings()
    return os.environ | {
        "INCENTIVES_WAREHOUSE": str(warehouse),
        "DBT_TARGET_PATH": str(work / "target"),
        "DBT_LOG_PATH": str(work / "logs"),
        "INCENTIVES_DUCKDB_MEMORY": settings.duckdb_memory,
        "INCENTIVES_DUCKDB_THREADS": str(settings.duckdb_threads),
    }


def identity() -> RunIdentity:
    """A calculation of the benchmark."""
    return RunIdentity(run_id="benchmark", as_of=AS_OF, timezone="Asia/Shanghai", code_version="benchmark")


def run_dbt(work: Path, warehouse: Path, *select: str) -> Measured:
    """One dbt invocation of the selected models, all of them when none is named."""
    command = [dbt_executable(), "run", "--project-dir", "dbt_project"]
    command += ["--profiles-dir", "dbt_project"]
    command += ["--select", *select] if select else []
    environment = _environment(work, warehouse) | identity().variables()
    return _timed(command, environment, work / "dbt.log")


def run_hand_written(work: Path, warehouse: Path) -> Measured:
    """The hand-written script in a process of its own, into schema `hand`."""
    program = (
        "import duckdb, os, pathlib, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute(\"set TimeZone='UTC'; set preserve_insertion_order=false\"); "
        "c.execute(f\"set memory_limit='{os.environ['INCENTIVES_DUCKDB_MEMORY']}'\"); "
        "c.execute(pathlib.Path(sys.argv[2]).read_text())"
    )
    command = [sys.executable, "-c", program, str(warehouse), str(HAND_WRITTEN)]
    return _timed(command, _environment(work, warehouse), work / "hand.log")


def payouts(warehouse: Path) -> int:
    """Payouts (employee, month) of the pipeline: nothing compared to nothing would differ nowhere."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute("select count(*) from marts.fct_payouts").fetchone()
    return int(found[0]) if found else 0


def differences(warehouse: Path) -> int:
    """Payouts (employee, month) in which the two sides differ."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select count(*) from (select employee_id, period, sum(gross) as gross, sum(held) as held "
            "from marts.fct_payouts group by all) as a full join hand.payouts as b using (employee_id, period) "
            "where coalesce(a.gross, 0) <> coalesce(b.gross, 0) or coalesce(a.held, 0) <> coalesce(b.held, 0)"
        ).fetchone()
    return int(found[0]) if found else 0


def slowest_models(work: Path, count: int = 10) -> dict[str, float]:
    """Seconds of the models that took longest in the last dbt invocation (two run at a time)."""
    results = json.loads((work / "target" / "run_results.json").read_text())["results"]
    seconds = {
        result["unique_id"].rsplit(".", 1)[-1]: round(result["execution_time"], 2) for result in results
    }
    return dict(sorted(seconds.items(), key=lambda item: -item[1])[:count])


def report(work: Path, warehouse: Path) -> dict[str, object]:
    """Measure both sides on the same warehouse and compare what they pay."""
    run_dbt(work, warehouse, *NOTHING)  # parses the project, which the measured runs do not do again
    idle = run_dbt(work, warehouse, *NOTHING)
    ours = run_dbt(work, warehouse)
    slowest, sides = slowest_models(work), {"all_marts": ours}
    sides["same_marts"] = run_dbt(work, warehouse, *SAME_MARTS)
    hand = run_hand_written(work, warehouse)
    return {
        "dbt_start_up": asdict(idle),
        **{name: asdict(side) for name, side in sides.items()},
        "hand_written": asdict(hand),
        "ratio_without_start_up": {name: _ratio(side, idle, hand, "seconds") for name, side in sides.items()},
        "ratio_of_processor_seconds": {
            name: _ratio(side, idle, hand, "cpu_seconds") for name, side in sides.items()
        },
        "slowest_models": slowest,
        "payouts": payouts(warehouse),
        "payouts_that_differ": differences(warehouse),
    }


def _ratio(ours: Measured, idle: Measured, hand: Measured, figure: str) -> float:
    spent = float(getattr(ours, figure)) - float(getattr(idle, figure))
    return round(spent / float(getattr(hand, figure)), 2)


def fresh(work: Path) -> Path:
    """An empty working folder; returns the path of its warehouse."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    return work / "warehouse.duckdb"
