"""Statements of the demo company: every heading and every reason has its text in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from serving.catalogue import LANGUAGES, texts
from serving.statements.statement import PayExplanation, explain_pay


def _tables(found: PayExplanation) -> Iterator[tuple[str, set[str]]]:
    yield from (
        (name, set(row))
        for name, rows in (
            ("roles", found.roles),
            ("payouts", found.payouts),
            ("counterfactuals", found.counterfactuals),
        )
        for row in rows
    )
    for component in found.components:
        for name, rows in component.inputs.items():
            yield from ((name, set(row)) for row in rows)


@pytest.mark.slow
def test_headings_and_reasons_are_in_the_catalogue(demo_warehouse: Path) -> None:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        months = connection.execute(
            "select employee_id, min(period) from marts.fct_payouts where held > 0 group by 1 order by 1"
        ).fetchall()
        reasons = connection.execute(
            "select distinct unnest(string_split(reason, ';')) from marts.fct_payout_lines where status = 'held'"
        ).fetchall()
    wanted = {f"hold.{reason}.meaning" for (reason,) in reasons} | {
        f"reason.{reason}" for (reason,) in reasons
    }
    for employee, period in months:
        for name, columns in _tables(explain_pay(demo_warehouse, employee, period)):
            wanted |= {f"block.{name}", *(f"column.{column}" for column in columns)}
    assert [key for key in sorted(wanted) for language in LANGUAGES if key not in texts(language)] == []
