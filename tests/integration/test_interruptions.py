"""A second run while one is running, and kill -9 in the middle of a run, then a run again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest

from demo.company import write_company
from tests.conftest import COMMAND, ROOT, Incentives

PLANS = ("--plans", "plans", "--plans", "demo/plans")


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small_company")
    write_company(folder, months=8, first_month="2025-05", employees=40)
    return folder


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
    incentives: Incentives, delivery: Path, tmp_path: Path
) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    first = _start(killed, delivery)
    _wait_for((killed / "warehouse.duckdb").exists, first)

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
    undisturbed = incentives(calm, "run", "--delivery", delivery, *PLANS)
    assert undisturbed.returncode == 0, undisturbed.stdout + undisturbed.stderr
    assert _payouts(killed) == _payouts(calm)
    assert (killed / "published" / "current").readlink() == (calm / "published" / "current").readlink()
