"""A second run while one is running, and kill -9 in the middle of a run, then a run again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.runtime.json_state import read_state
from tests.conftest import COMMAND, ROOT, Incentives, Small

pytestmark = pytest.mark.slow
PLANS = ("--plans", "plans", "--plans", "demo/plans")


def _start(home: Path, delivery: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"INCENTIVES_HOME": str(home), "NO_COLOR": "1"}
    return subprocess.Popen(
        [COMMAND, "run", "--delivery", str(delivery), *PLANS],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _wait_for(condition: object, process: subprocess.Popen[str], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, "the run did not get that far"
        time.sleep(0.2)


def _marts_begun(home: Path) -> bool:
    """dbt has written into the warehouse: the run is in the middle of the computation."""
    manifest = home / "dbt" / "run_results.json"
    log = home / "reports" / "run.log"
    return manifest.exists() or (log.exists() and "int_" in log.read_text(encoding="utf-8", errors="replace"))


def _payouts(home: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute("select * from marts.fct_payout_lines order by line_id").fetchall()


def test_a_killed_run_leaves_nothing_behind_and_the_next_gives_the_same(
    incentives: Incentives, small_company: Small, tmp_path: Path
) -> None:
    calm, killed, delivery = small_company.kept, tmp_path / "killed", small_company.first
    imported = incentives(killed, "import", small_company.people)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    first = _start(killed, delivery)
    _wait_for(lambda: read_state(killed / "warehouse.holder.json").get("pid") == first.pid, first)

    second = incentives(killed, "run", "--delivery", delivery, *PLANS)
    assert second.returncode == 2, second.stdout
    assert str(first.pid) in second.stderr + second.stdout
    assert "Traceback" not in second.stderr

    _wait_for(lambda: _marts_begun(killed), first)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert not (killed / "published" / "current").exists()

    again = incentives(killed, "run", "--delivery", delivery, *PLANS)
    assert again.returncode == 0, again.stdout + again.stderr
    assert _payouts(killed) == _payouts(calm)
    assert (killed / "published" / "current").readlink() == (calm / "published" / "current").readlink()
