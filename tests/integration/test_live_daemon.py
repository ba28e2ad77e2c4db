"""A real Dagster daemon with the schedules switched on: it lands what lies in the inbox, and pays by the clock.

A run whose process is killed is started again without anybody.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from orchestration.runs.dagster_instance import open_instance
from orchestration.runtime.json_state import read_state
from orchestration.settings import Settings
from tests.conftest import ROOT
from tests.unit.orchestration.mini import PLANS, mini_settings

pytestmark = pytest.mark.slow
SECONDS = 420
HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"


def deliver(settings: Settings, name: str, *deals: str) -> None:
    folder = settings.inbox / name
    folder.mkdir(parents=True)
    (folder / "customers.csv").write_text(
        "customer_id,name,created_at\nC1,Acme,2026-01-01\n", encoding="utf-8"
    )
    (folder / "deals.csv").write_text(HEADER + "\n".join(deals) + "\n", encoding="utf-8")
    (folder / "_READY").touch()


@contextmanager
def daemon(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The daemon of a production home whose pay is due every minute, until the block ends."""
    environment = os.environ | {
        "INCENTIVES_HOME": str(settings.home),
        "INCENTIVES_ENV": "prod",
        "INCENTIVES_DBT_PROJECT": str(settings.dbt_project),
        "INCENTIVES_ENGINE": settings.engine,
        "INCENTIVES_SPARK_MASTER": settings.spark_master,
        "INCENTIVES_SPARK_MEMORY": settings.spark_memory,
        "INCENTIVES_SPARK_PYTHON": str(settings.spark_python),
        "INCENTIVES_PLANS": str(PLANS),
        "INCENTIVES_PAY_CRON": "* * * * *",
        "DAGSTER_HOME": str(settings.dagster),
    }
    words = [sys.executable, "-m", "dagster._daemon", "run", "-m", "orchestration.definitions"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def wait(
    condition: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, pause: float = 1
) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")[-5000:]
        time.sleep(pause)


def _kill_the_first_run(settings: Settings, process: subprocess.Popen[bytes], log: Path) -> None:
    """As soon as it holds the warehouse."""
    holder = settings.home / "warehouse.holder.json"
    wait(lambda: "pid" in read_state(holder), process, log, pause=0.1)
    os.kill(read_state(holder)["pid"], signal.SIGKILL)


def started_by(instance: DagsterInstance, tag: str, name: str) -> list[DagsterRunStatus]:
    return [run.status for run in instance.get_runs(RunsFilter(tags={tag: name}))]


def test_the_daemon_lands_the_inbox_and_pays_by_the_clock(tmp_path: Path) -> None:
    settings, log = mini_settings(tmp_path / "home"), tmp_path / "daemon.log"
    deliver(
        settings, "2026-01", "D1,C1,E1,100.00,CNY,2026-01-05,signed", "D2,C1,E1,sixty,CNY,2026-01-06,signed"
    )
    deliver(settings, "not deals")
    (settings.inbox / "not deals" / "notes.docx").write_bytes(b"x")
    done = DagsterRunStatus.SUCCESS
    with open_instance(settings) as instance, daemon(settings, log) as process:
        _kill_the_first_run(settings, process, log)
        wait(lambda: done in started_by(instance, "dagster/retry_number", "1"), process, log)
        wait(lambda: done in started_by(instance, "dagster/sensor_name", "delivery_landed"), process, log)
        assert sorted(path.name for path in (settings.inbox / "landed").iterdir()) == ["2026-01"]
        assert "not deals.json" in {path.name for path in (settings.inbox / "rejected").iterdir()}
        wait(lambda: done in started_by(instance, "dagster/schedule_name", "monthly_pay"), process, log)
    with duckdb.connect(str(settings.snapshot), read_only=True) as published:
        assert published.execute("select deal_id, amount from marts.fct_signed").fetchall() == [
            ("D1", Decimal("100.00"))
        ]
