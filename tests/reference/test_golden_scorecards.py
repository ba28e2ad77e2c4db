"""The worked figures of rulebook 9 (97.5 and 4,300) and their neighbours, as CSV cases.

Each case of ``tests/golden/scorecard_*`` is a delivery, plans, a moment and the rows expected, with
the arithmetic in its README. An expected row is compared on the columns its file has.
"""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all

CASES = sorted((Path(__file__).parents[1] / "golden").glob("scorecard_*"))
KEYS = ("employee_id", "period", "plan_id", "kpi_id", "component")


def comparable(value: Any) -> Any:
    """Numbers as numbers, truth as text, nothing as an empty text."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return "" if value is None else str(value)


def matching(rows: list[dict[str, Any]], expected: dict[str, str]) -> list[dict[str, Any]]:
    """Rows with the key columns of an expected row."""
    keys = [key for key in KEYS if key in expected]
    return [row for row in rows if all(str(row.get(key)) == expected[key] for key in keys)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reference_gives_the_worked_figures(case: Path) -> None:
    as_of = (case / "as_of.txt").read_text(encoding="utf-8").strip()
    marts = calculate_all(Company.from_folder(case / "delivery", case / "plans", as_of))
    files = sorted((case / "expected").glob("*.csv"))
    assert files
    for path in files:
        with path.open(encoding="utf-8", newline="") as handle:
            for expected in csv.DictReader(handle):
                (found,) = matching(marts[path.stem], expected)
                shown = {name: comparable(found[name]) for name in expected}
                assert shown == {name: comparable(value or None) for name, value in expected.items()}
