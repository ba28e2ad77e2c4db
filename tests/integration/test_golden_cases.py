"""The golden cases of scorecards, scores of 97.5 and bonuses of 4,300 among them, computed by the SQL of the pipeline.

The same files and the same comparison as for the reference (``tests/reference``): what was worked out by hand has to
come out of both. Those of credit and pay: ``tests/unit/dbt_project/test_golden_pay.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from compensation.loader import load_plans
from tests.reference.golden import cases, company_of, differences, expected_of
from tests.support.warehouse import Warehouse


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    found = Warehouse()
    yield found
    found.connection.close()


@pytest.mark.parametrize("case", cases("scorecard_"), ids=lambda case: case.name)
def test_the_pipeline_gives_the_worked_figures(case: Path, warehouse: Warehouse) -> None:
    expected = expected_of(case)
    warehouse.compute(company_of(case), load_plans([case / "plans"]), expected)
    found = {mart: differences(mart, warehouse.rows(mart), rows) for mart, rows in expected.items()}
    missing = {mart: report["missing"] for mart, report in found.items() if "missing" in report}
    assert missing == {}  # the files show the rows that matter, not every month


def test_the_figures_of_the_rulebook_are_among_them() -> None:
    items = expected_of(next(iter(cases("scorecard_training_bonus"))))["fct_scorecard_items"]
    lines = expected_of(next(iter(cases("scorecard_bonus_lines"))))["fct_payout_lines"]
    assert any(float(row["score"]) == 97.5 for row in items)
    amounts = [float(row["amount"]) for row in lines if row["component"].startswith("bonus_")]
    assert {2700.0, 1600.0} <= set(amounts)
