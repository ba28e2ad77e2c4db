"""The golden case of a closed month: what arrives late becomes true-ups of the open month, to the fen, each with cause.

The case is worked by hand in ``tests/golden/books_month_closed/README.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from compensation.loader import load_plans
from tests.reference.company import Company
from tests.reference.golden import GOLDEN, comparable
from tests.support.booked import WANTED, delivered, locked
from tests.support.warehouse import Warehouse

CASE = GOLDEN / "books_month_closed"
MARCH, APRIL = "2026-03", "2026-04"
Rows = list[dict[str, Any]]


def company(folder: str, as_of: str) -> Company:
    return Company.from_folder(CASE / folder, CASE / "plans", as_of)


CLOSED = company("closed", "2026-03-31T15:59:59+00:00")
LATE = company("late", "2026-04-02T01:00:00+00:00")


@pytest.fixture(scope="module")
def books() -> Iterator[tuple[Rows, dict[str, Rows], dict[str, Rows]]]:
    """Lines of March before its lock; all marts after the late delivery; the same once April is locked, too."""
    warehouse = Warehouse()
    plans = load_plans([CASE / "plans"])
    warehouse.compute(CLOSED, plans, WANTED, delivered(CLOSED))
    before = warehouse.rows("fct_payout_lines")
    books = locked(warehouse, MARCH)
    warehouse.compute(LATE, plans, WANTED, delivered(CLOSED, LATE) | books)
    after = {mart: warehouse.rows(mart) for mart in WANTED}
    books = locked(warehouse, APRIL)
    warehouse.compute(LATE, plans, WANTED, delivered(CLOSED, LATE) | books)
    later = {mart: warehouse.rows(mart) for mart in WANTED}
    yield before, after, later
    warehouse.connection.close()


def expected(mart: str) -> list[dict[str, str]]:
    with Path(CASE / "expected" / f"{mart}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("mart", ["fct_payout_lines", "fct_payouts", "fct_true_up_causes"])
def test_the_worked_figures_come_out(books: Any, mart: str) -> None:
    wanted = expected(mart)
    found = [{name: comparable(row[name]) for name in wanted[0]} for row in books[1][mart]]
    assert sorted(found, key=str) == sorted(
        [{name: comparable(value) for name, value in row.items()} for row in wanted], key=str
    )


def test_no_line_of_the_locked_month_has_changed(books: Any) -> None:
    before, after, _ = books
    now = {row["line_id"]: row for row in after["fct_payout_lines"] if row["period"] == MARCH}
    assert {row["line_id"]: row | {"is_locked": True} for row in before} == now


def test_locked_lines_and_true_ups_are_what_is_calculated_now(books: Any) -> None:
    """Without a lock the late delivery gives these sums of March: 170 + 105 − 90 for S1, 10 for S2."""
    sums: dict[str, Decimal] = {}
    for row in books[1]["fct_payout_lines"]:
        of_march = row["origin_period"] == MARCH and (row["period"] == MARCH or row["component"] == "true_up")
        if of_march and row["status"] != "held":
            sums[row["employee_id"]] = sums.get(row["employee_id"], Decimal(0)) + row["amount"]
    assert sums == {"S1": Decimal("180.00"), "S2": Decimal("10.00")}


def test_a_true_up_that_is_locked_is_not_posted_again(books: Any) -> None:
    _, after, later = books
    posted = [row["line_id"] for row in after["fct_payout_lines"] if row["component"] == "true_up"]
    again = [row for row in later["fct_payout_lines"] if row["component"] == "true_up"]
    assert sorted(row["line_id"] for row in again) == sorted(posted)
    assert all(row["is_locked"] for row in again)
    assert later["fct_true_up_causes"] != []


def test_every_line_leads_to_records_and_a_true_up_to_its_new_ones(books: Any) -> None:
    lines = {row["line_id"]: row for row in books[1]["fct_payout_lines"]}
    records: dict[str, set[str]] = {}
    for row in books[1]["fct_provenance"]:
        records.setdefault(row["line_id"], set()).add(f"{row['source_table']} {row['record_id']}")
    assert set(records) == set(lines)
    refund = next(
        row for row in lines.values() if row["component"] == "true_up" and row["transaction_id"] == "T1"
    )
    assert "transactions T1" in records[refund["line_id"]]
