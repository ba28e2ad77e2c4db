"""A newer version of a fact in quarantine holds what the accepted one names, and what the newer one names.

The accepted one still counts, though it may be no longer so (reading 41; decision 0168).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.property.test_quarantine_raises_nothing import Both, bonus, company
from tests.reference.builders import at
from tests.reference.kpis_company import calculate_all
from tests.reference.lines import UNREAD
from tests.support.pipeline import pipeline_all

pytestmark = pytest.mark.every_run


@pytest.fixture(params=[calculate_all, pipeline_all], ids=["reference", "pipeline"])
def both(request: pytest.FixtureRequest) -> Both:
    """Either side."""
    found: Callable[..., Any] = request.param
    return found


def _held(marts: Any, employee: str) -> str:
    found = bonus(marts, employee)
    return " ".join(month for month, (_, reason) in sorted(found.items()) if UNREAD in (reason or ""))


def test_a_rating_that_moves_to_another_person_and_month(both: Both) -> None:
    b = company("service_rating", "9")
    row = {"rating_id": "R1", "employee_id": "S1", "rated_at": at("2026-03-10"), "rating": Decimal(10)}
    b.company.service_ratings.append(row)
    for number, (who, day) in enumerate((("S1", "2026-02-10"), ("S2", "2026-04-10"), ("S2", "2026-05-10"))):
        other = {"rating_id": f"R{number + 2}", "employee_id": who, "rated_at": at(day), "rating": Decimal(9)}
        b.company.service_ratings.append(other)
    newer = row | {"employee_id": "S2", "rated_at": at("2026-04-20"), "rating": None}
    bad = both(replace(b.company, quarantined={"service_ratings": [newer]}))
    assert _held(bad, "S1") == "03", "the month of the accepted version only"
    assert _held(bad, "S2") == "04 05", "the month of the newer version, and what its quarter looks back at"


def test_a_violation_whose_newer_version_says_nothing_of_whom(both: Both) -> None:
    """The violation of May was rectified, which pays; the newer version cannot be read."""
    b = company("rectification_rate", "1")
    row = {
        "violation_id": "V1",
        "employee_id": "S1",
        "kind": "late",
        "occurred_on": date(2026, 5, 5),
        "rectified_on": date(2026, 5, 6),
    }
    b.company.policy_violations.append(row)
    newer = row | {"employee_id": None, "occurred_on": date(2026, 6, 5)}
    bad = both(replace(b.company, quarantined={"policy_violations": [newer]}))
    assert "05" in _held(bad, "S1").split()
