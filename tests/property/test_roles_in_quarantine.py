"""A role that cannot be read holds the growth of the team that it names (reading 41; decision 0167)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.property.test_quarantine_raises_nothing import Both, bonus
from tests.reference.builders import CLOSING, Builder, plan
from tests.reference.kpis_company import calculate_all
from tests.reference.lines import UNREAD
from tests.support.pipeline import pipeline_all

pytestmark = pytest.mark.every_run


@pytest.fixture(params=[calculate_all, pipeline_all], ids=["reference", "pipeline"])
def both(request: pytest.FixtureRequest) -> Both:
    """Either side."""
    found: Callable[..., Any] = request.param
    return found


@pytest.mark.parametrize("template", ["employees", "employee_assignments"])
@pytest.mark.parametrize("team", ["T", None])
def test_a_role_that_cannot_be_read_counts_for_the_team_it_names(
    both: Both, template: str, team: str | None
) -> None:
    """S2 sold 10,000 in January: with S2 in the team it shrinks in February, without it grows."""
    growth = {"type": "team_growth", "baseline_months": 1, "threshold": "0.1", "rate": "0.05"}
    b = Builder(plan(CLOSING, growth), as_of="2026-03-31T23:00")
    b.employee("S1", team_id="T")
    b.employee("S2", team_id=None if template == "employee_assignments" else "T")
    if template == "employee_assignments":
        role = {
            "department": "sales",
            "position": None,
            "manager_id": None,
            "bonus_base": None,
            "valid_to": None,
        }
        b.company.employee_assignments.append(
            role | {"employee_id": "S2", "team_id": "T", "valid_from": date(2024, 1, 1)}
        )
    for amount, day in (("1000", "2026-01-10"), ("2000", "2026-02-10"), ("1000", "2026-03-10")):
        b.deal("S1", amount, day)
    b.deal("S2", "10000", "2026-01-11")
    row = b.company.rows(template)[-1]
    row["team_id"] = "T"
    good = bonus(both(b.company), "S1", "team_growth")
    left: dict[str, Any] = {
        template: [other for other in b.company.rows(template) if other is not row],
        "quarantined": {template: [row | {"team_id": team}]},
    }
    bad = bonus(both(replace(b.company, **left)), "S1", "team_growth")
    assert "02" not in good
    assert UNREAD in str(bad["02"][1]), bad
    other = replace(b.company, **left | {"quarantined": {template: [row | {"team_id": "U"}]}})
    assert bonus(both(other), "S1", "team_growth")["02"][1] is None, "another team says nothing of this one"
