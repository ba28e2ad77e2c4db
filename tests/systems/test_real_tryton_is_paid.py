"""The pipeline pays what a real Tryton holds, and pays it anew when Tryton changes between two runs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.settings import ROOT
from scripts.services.tryton import Tryton
from tests.conftest import run_incentives
from tests.systems.changed_tryton import change, invoice_of, over_rest, post_invoice, win

pytestmark = pytest.mark.systems

#: rates of the plan: a deal that its seller found himself, another one of the same customer
SELF_SOURCED, REPURCHASE = Decimal("0.05"), Decimal("0.02")
EMPLOYEES = (
    "employee_id,name,email,department,hire_date\n"
    "E1,李四,li@example.com,sales,2020-01-01\nE2,王五,wang@example.com,sales,2020-01-01\n"
)


def _write_plan(folder: Path) -> None:
    """The company's plan for the year of Tryton's documents, paid by invoices."""
    year = dt.datetime.now(dt.UTC).year
    text = (ROOT / "plans" / "marketing_sales_2026.yml").read_text(encoding="utf-8")
    for old, new in (
        ("valid_from: 2026-01-01", f"valid_from: {year}-01-01"),
        ("valid_to: 2027-01-01", f"valid_to: {year + 1}-01-01"),
        ("basis: signed ", "basis: invoiced "),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "marketing_sales_2026.yml").write_text(text, encoding="utf-8")


def _paid(home: Path) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """Employee and deal to basis and amount of the closing commission."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        rows: list[Any] = connection.execute(
            "select employee_id, deal_id, sum(basis_amount), sum(amount) from marts.fct_payout_lines "
            "where component = 'closing' group by all having sum(amount) <> 0"
        ).fetchall()
    return {(employee, deal): (basis, amount) for employee, deal, basis, amount in rows}


def _run(home: Path, delivery: Path, plans: Path) -> None:
    done = run_incentives(home, "run", "--delivery", delivery, "--plans", plans)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_changes_in_tryton_changes_what_is_paid(tryton: Tryton, tmp_path: Path) -> None:
    home, delivery, plans = (tmp_path / name for name in ("home", "delivery", "plans"))
    for folder in (home, delivery, plans):
        folder.mkdir()
    (delivery / "employees.csv").write_text(EMPLOYEES, encoding="utf-8")
    _write_plan(plans)
    over_rest(home, tryton)
    _run(home, delivery, plans)
    first = {("E1", "sale-1"): (Decimal("2237.40"), Decimal("2237.40") * SELF_SOURCED)}
    assert _paid(home) == first, "the other sale is not invoiced yet"

    won_by_li = change(tryton)
    won_by_wang = win(tryton, tryton.seed["opportunities"]["商机三"])  # 李四's until the change
    for sale in (won_by_li, won_by_wang):
        post_invoice(tryton, invoice_of(tryton, sale))
    _run(home, delivery, plans)
    assert _paid(home) == first | {
        ("E2", "sale-2"): (Decimal("339.00"), Decimal("339.00") * SELF_SOURCED),  # invoiced between the runs
        ("E1", f"sale-{won_by_li}"): (Decimal("339.00"), Decimal("339.00") * REPURCHASE),
        ("E2", f"sale-{won_by_wang}"): (Decimal("339.00"), Decimal("339.00") * SELF_SOURCED),
    }
