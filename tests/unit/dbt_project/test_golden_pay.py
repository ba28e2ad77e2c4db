"""The golden cases of credit and pay (``tests/golden``) computed by the SQL of the pipeline.

The same files and the same comparison as for the reference: what was worked out by hand comes out of both.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from compensation.loader import load_plans
from tests.reference.golden import cases, company_of, differences, expected_of
from tests.support.pipeline import warehouse


@pytest.mark.parametrize("case", cases("credit_", "pay_"), ids=lambda case: str(case.name))
def test_the_pipeline_gives_the_worked_figures(case: Path) -> None:
    expected = expected_of(case)
    warehouse().compute(company_of(case), load_plans([case / "plans"]), expected)
    report = {mart: differences(mart, warehouse().rows(mart), rows) for mart, rows in expected.items()}
    assert {mart: found for mart, found in report.items() if found} == {}
