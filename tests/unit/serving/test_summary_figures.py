"""The summary of a run adds up what the marts say."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from serving import NotComputedError, run_summary


def test_months_show_people_deals_credits_and_money(computed: Path) -> None:
    october, november = run_summary(computed).months
    assert (october.period, october.employees_paid, october.deals, october.credits) == ("2026-10", 1, 2, 2)
    assert october.signed == {"CNY": Decimal(1000), "USD": Decimal(70)}
    assert october.credited == {"CNY": Decimal(30)}
    assert (october.earned, october.held, october.net) == (
        {"CNY": Decimal(20)},
        {"CNY": Decimal(30)},
        {"CNY": Decimal(20)},
    )
    assert november.earned == {"CNY": Decimal(-5)}
    assert november.net == {"CNY": Decimal(0)}


def test_totals_and_what_belongs_to_no_month(computed: Path) -> None:
    summary = run_summary(computed)
    assert (summary.employees, summary.employees_paid, summary.lines) == (2, 1, 3)
    assert summary.total("earned") == {"CNY": Decimal(15)}
    assert summary.rows_quarantined == 2
    assert [(one.reason, one.currency, one.lines, one.amount) for one in summary.held] == [
        ("unresolved", "CNY", 1, Decimal(30))
    ]
    assert [(count.source_table, count.reason, count.rows) for count in summary.quarantined] == [
        ("deals", "wrong_type", 2)
    ]


def test_a_database_without_marts_is_refused(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(NotComputedError):
        run_summary(tmp_path / "empty.duckdb")


def test_importing_the_package_loads_no_database_driver() -> None:
    code = "import sys, serving; sys.exit('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
