"""Two homes are compared cell by cell: what differs is named, and then the exit status is 1."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from scripts.services.spark.comparison import SNAPSHOT, main

PAYOUTS = "select 'E1' as employee_id, 'CNY' as currency, cast({} as decimal(18, 2)) as payable"


def _home(folder: Path, payouts: str, more: str = "select 1 as period") -> Path:
    (folder / SNAPSHOT).parent.mkdir(parents=True)
    with duckdb.connect(str(folder / SNAPSHOT)) as connection:
        connection.execute(f"create schema marts; create table marts.fct_payouts as {payouts}")
        connection.execute(f"create table marts.dim_period as {more}")
    return folder


@pytest.mark.parametrize(
    ("other", "more", "status", "said"),
    [
        (PAYOUTS.format("10.00"), "select 1 as period", 0, "Both are equal to the fen."),
        (PAYOUTS.format("10.01"), "select 1 as period", 1, "fct_payouts: 1 rows only here, 1 only there"),
        (PAYOUTS.format("10.00"), "select '1' as period", 1, "dim_period: period INTEGER, period VARCHAR"),
        (
            f"{PAYOUTS.format('10.00')} union all {PAYOUTS.format('10.00')}",
            "select 1 as period",
            1,
            "0 rows only here, 1 only there",
        ),
    ],
)
def test_a_cell_a_type_or_a_row_that_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: str, more: str, status: int, said: str
) -> None:
    here = _home(tmp_path / "here", PAYOUTS.format("10.00"))
    assert main(here, _home(tmp_path / "there", other, more)) == status
    told = capsys.readouterr().out
    assert said in told
    assert "2 marts" in told


def test_a_mart_that_only_one_home_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here, there = (_home(tmp_path / name, PAYOUTS.format("1.00")) for name in ("here", "there"))
    with duckdb.connect(str(there / SNAPSHOT)) as connection:
        connection.execute("drop table marts.dim_period")
    assert main(here, there) == 1
    assert "dim_period: only here" in capsys.readouterr().out
