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
from tests.reference.months import last_day
from tests.support.cases import Case
from tests.support.companies import Story
from tests.support.people import ALIASES
from tests.support.random_plans import COMPONENT_TYPES, plans
from tests.support.rng import CLOCKS, Rng, local


@dataclass(frozen=True)
class Size:
    """Largest numbers of rows; `facts`: how many times the facts of KPIs of a small company."""

    employees: int = 8
    customers: int = 24
    deals: int = 50
    facts: int = 1


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
    return with_decisions(case, rng, most=max(6, size.deals // 6)) if rng.once_in(2) else case


def with_decisions(case: Case, rng: Rng, most: int) -> Case:
    """The case with decisions on some of its held lines, some of them twice, and on lines that are not held."""
    lines = {line["line_id"]: line for line in case.reference()["fct_payout_lines"]}
    held = sorted(key for key, line in lines.items() if line["status"] == "held")
    kinds = sorted({lines[key]["component"] for key in held})
    chosen = rng.several(held, most=most)
    for kind in kinds:
        chosen += rng.several([key for key in held if lines[key]["component"] == kind], most=4)
    chosen += [*rng.several(chosen, most=2), *rng.several(sorted(lines), most=2)]
    company = case.company
    known = len(company.resolutions) + len(company.quarantined.get("resolutions", []))
    rows = [
        _decision(case, rng, f"RL{number}", lines[line_id]["period"]) | {"subject_id": line_id}
        for number, line_id in enumerate(chosen, start=known)
    ]
    return case.with_rows(resolutions=[*company.resolutions, *rows])


def _decision(case: Case, rng: Rng, resolution_id: str, period: str) -> dict[str, Any]:
    """A decision on a line of a month: around the end of the month or at any time."""
    day = rng.one(rng.anchor(case.company.as_of.year), rng.around(last_day(period)))
    known = [row["employee_id"] for row in case.company.employees]
    return {
        "resolution_id": resolution_id,
        "subject": "payout_line",
        "decision": rng.one("release", "reassign", "reject", "accept"),
        "to_employee_id": rng.one(None, rng.of(ALIASES), rng.of(known)),
        "reason": "checked",
        "decided_by": "hr",
        "decided_at": rng.moment(day),
    }
