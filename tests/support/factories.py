"""Made-up cases: a company with its plans, from a number that Hypothesis draws.

Belongs here: putting a case together. Does not belong here: its rows (``companies``, ``people``) and
plans (``random_plans``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.reference.company import Company
from tests.support.cases import Case
from tests.support.companies import Story
from tests.support.people import ALIASES
from tests.support.random_plans import COMPONENT_TYPES, plans
from tests.support.rng import CLOCKS, Rng, local


@dataclass(frozen=True)
class Size:
    """Largest numbers of rows."""

    employees: int = 8
    customers: int = 24
    deals: int = 50


def cases(
    size: Size | None = None, kinds: Iterable[str] = COMPONENT_TYPES, shard: int = 0
) -> st.SearchStrategy[Case]:
    """Companies with their plans.

    Args:
        size: largest numbers of rows.
        kinds: component types the plans choose from.
        shard: tests with different shards get different cases.
    """
    wanted, allowed = size or Size(), tuple(kinds)
    seeds = st.integers(0, 2**32 - 1)
    return seeds.map(lambda number: make_case(shard * 2**32 + number, wanted, allowed))


def make_case(seed: int, size: Size, kinds: Iterable[str] = COMPONENT_TYPES) -> Case:
    """The case of a seed."""
    rng = Rng(seed)
    year = rng.one(2024, 2026)
    story = Story(rng, year, rng.between(2, size.employees))
    story.customers(rng.between(1, size.customers))
    while len(story.rows["deals"]) < size.deals and not rng.once_in(40):
        story.customer_story()
    story.money_matters()
    as_of = rng.one(
        local(date(year, 12, 31)),
        local(date(year, 7, 1), CLOCKS[3]),
        local(date(year, 6, 30), CLOCKS[4]),
        local(date(year + 1, 2, 10)),
    )
    rows: dict[str, Any] = {name: rng.shuffled(found) for name, found in story.rows.items()}
    case = Case(Company(as_of=as_of, **rows), plans(rng, year, kinds))
    return _with_decisions(case, rng) if rng.once_in(2) else case


def _with_decisions(case: Case, rng: Rng) -> Case:
    """The case with decisions on some of its held lines."""
    held = [line["line_id"] for line in case.reference()["fct_payout_lines"] if line["status"] == "held"]
    known = [row["employee_id"] for row in case.company.employees]
    rows = [
        {
            "resolution_id": f"RL{number}",
            "subject": "payout_line",
            "subject_id": line_id,
            "decision": rng.one("release", "reassign", "reject", "accept"),
            "to_employee_id": rng.one(None, rng.of(ALIASES), rng.of(known)),
            "reason": "checked",
            "decided_by": "hr",
            "decided_at": rng.moment(rng.anchor(case.company.as_of.year)),
        }
        for number, line_id in enumerate(rng.several(sorted(held), most=6))
    ]
    return case.with_rows(resolutions=[*case.company.resolutions, *rows])
