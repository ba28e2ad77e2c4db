"""The golden cases of credit and pay against the reference (rulebook 3 to 7, 10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reference.calculate import calculate
from tests.reference.golden import cases, company_of, differences, expected_of


@pytest.mark.parametrize("case", cases("credit_", "pay_"), ids=lambda case: str(case.name))
def test_the_reference_gives_the_worked_figures(case: Path) -> None:
    marts = calculate(company_of(case))
    expected = expected_of(case)
    assert expected
    report = {mart: differences(mart, marts[mart], rows) for mart, rows in expected.items()}
    assert {mart: found for mart, found in report.items() if found} == {}
