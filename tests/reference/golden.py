"""Golden cases: a delivery, plans, a moment and the rows expected of some marts.

A case is a folder of ``tests/golden`` with ``delivery/*.csv``, ``plans/*.yml``, ``as_of.txt``,
``expected/<mart>.csv`` and a README that holds the arithmetic.

Belongs here: reading a case and comparing rows on the columns its files have. Does not belong here:
computing.
"""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from tests.reference.company import Company
from tests.reference.templates import Row

GOLDEN = Path(__file__).parents[1] / "golden"

# Marts whose files show every row; of the others a file shows the rows that matter.
COMPLETE = (
    "fct_attribution",
    "fct_credits",
    "fct_deal_sources",
    "fct_lead_validity",
    "fct_payout_lines",
    "fct_points",
    "fct_task_results",
    "fct_transfers",
)


def cases(*prefixes: str) -> list[Path]:
    """Case folders whose name begins with one of the prefixes."""
    return sorted(path for path in GOLDEN.iterdir() if path.name.startswith(prefixes))


def company_of(case: Path) -> Company:
    """The company of a case."""
    as_of = (case / "as_of.txt").read_text(encoding="utf-8").strip()
    return Company.from_folder(case / "delivery", case / "plans", as_of)


def expected_of(case: Path) -> dict[str, list[dict[str, str]]]:
    """Expected rows by mart, as text."""
    found = {}
    for path in sorted((case / "expected").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            found[path.stem] = list(csv.DictReader(handle))
    return found


def comparable(value: Any) -> str:
    """A value as text in which equal values are equal: numbers without needless zeros, NULL empty."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return format(Decimal(str(value)).normalize() + 0, "f")
    except InvalidOperation:
        return str(value)


def differences(mart: str, found: list[Row], expected: list[dict[str, str]]) -> dict[str, list[str]]:
    """Expected rows that are missing and, of a complete mart, found rows that were not expected."""
    columns = list(expected[0])
    wanted = Counter(" | ".join(comparable(row[name]) for name in columns) for row in expected)
    given = Counter(" | ".join(comparable(row.get(name)) for name in columns) for row in found)
    report = {"missing": sorted((wanted - given).elements())}
    if mart in COMPLETE:
        report["unexpected"] = sorted((given - wanted).elements())
    return {name: rows for name, rows in report.items() if rows}
