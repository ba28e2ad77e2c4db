"""The README's section on closing a month, executed line by line as it stands, on the made-up company.

The company is that of ``make run``, from the home that other tests share; the lines run in a copy of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
FENCE = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands() -> str:
    """The fenced lines of the section, in their order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [section] = re.findall(r"^## Close a month\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    blocks = FENCE.findall(section)
    assert len(blocks) == 2
    return "".join(blocks)


def test_a_month_is_closed_disputed_corrected_and_verified_as_the_readme_says(
    demo_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "var"
    leave = shutil.ignore_patterns(
        *("intermediates.duckdb*", "reports", "data_docs"), *("ledger.sqlite*", "serving")
    )
    shutil.copytree(demo_home, home, symlinks=True, ignore=leave)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    environment = os.environ | {"INCENTIVES_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}
    environment.pop("INCENTIVES_PLANS", None)
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", commands()],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for part in (
        "2026-10 is locked: entry 14 by bob",
        "corrects closing of 2026-10",
        "added: transactions T-LATE",
        "dispute_accepted 2026-10 DIS-00017 by bob",
        "adjustment_approved 2026-11 ADJ-00019 by eve",
        "lines calculated again: the same, byte for byte",
        "The books are whole.",
    ):
        assert part in done.stdout, part
    with duckdb.connect(str(home / "published" / "incentives.duckdb"), read_only=True) as connection:
        posted = connection.execute(
            "select component, amount, origin_period from marts.fct_payout_lines "
            "where employee_id = 'E0030' and period = '2026-11' and deal_id is not distinct from "
            "case when component = 'adjustment' then null else 'D02459' end order by 1"
        ).fetchall()
    # 40 % of 10,000.00 at 2 % is taken back
    assert [(component, str(amount)) for component, amount, _ in posted] == [
        ("adjustment", "93.80"),
        ("true_up", "-80.00"),
    ]
