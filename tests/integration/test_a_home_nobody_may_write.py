"""A home of somebody else: what only reads works, everything else ends with one sentence and exit status 2.

The command line runs as a child without the right of root to write where permissions say no.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.conftest import COMMAND, ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
#: root writes everywhere, unless these rights are taken from it
AS_OTHERS = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--")
FOLDERS = ("alerts", "dagster", "data_docs", "dbt", "dlt", "published", "reports")
DEALS = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\nD1,C1,E1,5,CNY,2026-01-05,signed\n"


@pytest.fixture
def closed(demo_warehouse: Path, tmp_path: Path) -> Iterator[Run]:
    """Runs a command on a home that has figures and that nobody may write."""
    home, delivery = tmp_path / "home", tmp_path / "delivery"
    home.mkdir()
    delivery.mkdir()
    (delivery / "deals.csv").write_text(DEALS, encoding="utf-8")
    (home / "warehouse.duckdb").symlink_to(demo_warehouse)
    (home / "warehouse.lock").touch(mode=0o444)
    for name in FOLDERS:  # the home itself is opened by its owner's commands (0700)
        (home / name).mkdir(mode=0o500)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*(AS_OTHERS if os.geteuid() == 0 else ()), COMMAND, *words],
            cwd=tmp_path,
            env=os.environ | {"INCENTIVES_HOME": str(home), "INCENTIVES_PLANS": str(ROOT / "plans")},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    yield run
    for name in FOLDERS:
        (home / name).chmod(0o700)


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "--delivery", "delivery"),
        ("import", "delivery"),
        ("import", "delivery", "--check"),
        ("report",),
        ("alerts", "send"),
    ],
)
def test_what_writes_says_that_it_may_not(closed: Run, words: tuple[str, ...]) -> None:
    done = closed(*words)
    assert done.returncode == 2, done.stdout + done.stderr
    [said, todo] = [line for line in done.stderr.splitlines() if line.strip()]
    assert "/home" in said
    assert "this may not be written: it is read-only, or belongs to somebody else" in said
    assert "choose another folder (INCENTIVES_HOME)" in todo


def test_what_only_reads_works(closed: Run, demo_warehouse: Path) -> None:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        found = connection.execute(
            "select line_id, employee_id, period from marts.fct_payout_lines order by all limit 1"
        ).fetchone()
    assert found is not None
    line, employee, period = found
    for words in (("explain", line), ("statement", employee, period)):
        done = closed(*words)
        assert done.returncode == 0, done.stdout + done.stderr
