"""Made-up companies that every run compares: kinds of them, and what of each is compared.

Belongs here: how a company of a kind is made and compared. Does not belong here: how the companies were chosen
(``tests.mutation.corpus``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.reference.templates import TEMPLATES
from tests.support.cases import Case, reduced
from tests.support.differences import GRAINS, KEYS, differences
from tests.support.factories import Size, make_case, with_decisions
from tests.support.quarantined import without_a_row
from tests.support.rng import Rng
from tests.support.scored import ScoredCase, make_scored_case
from tests.support.warehouse import Warehouse

#: cases tried to make a failing one smaller; 0 shows it as it is
TRIES = int(os.environ.get("INCENTIVES_REDUCE", "150"))
#: sizes by kind, with the largest number of rows in quarantine
KINDS = {
    "pay": (Size(employees=11, customers=30, deals=120), 0),
    "scored": (Size(employees=8, customers=16, deals=40, facts=2), 0),
    "large": (Size(employees=11, customers=40, deals=150, facts=4), 0),
    "unread": (Size(employees=11, customers=40, deals=150, facts=3), 8),
}


@dataclass(frozen=True)
class Chosen:
    """A made-up company.

    Attributes:
        kind: a name of ``KINDS``.
        seed: what its rows and plans follow from.
    """

    kind: str
    seed: int

    def __str__(self) -> str:
        """Names the company in the id of a test."""
        return f"{self.kind}-{self.seed}"

    def case(self) -> Case:
        """The company with its plans."""
        size, most = KINDS[self.kind]
        case = make_case(self.seed, size) if self.kind == "pay" else make_scored_case(self.seed, size)
        return _partly_unread(case, Rng(self.seed + 2), most) if most else case


#: chosen by ``python -m tests.mutation.corpus``, see decision 0235: each notices changes that none before it notices
CHOSEN = [
    Chosen(kind, seed)
    for kind, seeds in {
        "pay": [103, 107, 111, 119, 127, 131, 147],
        "scored": [102, 106, 110, 126, 130, 138, 142],
        "large": [101, 105, 113, 117, 121, 137, 141, 145],
        "unread": [100, 104, 108, 124],
    }.items()
    for seed in seeds
]


def _partly_unread(case: Case, rng: Rng, most: int) -> Case:
    """The case without some rows, which are in quarantine, decisions on what they hold, and some of those unread."""
    for _ in range(rng.between(1, most)):
        case = _without_a_row(case, rng, TEMPLATES)
    case = with_decisions(case, rng, most=6)
    for _ in range(rng.upto(2)):
        case = _without_a_row(case, rng, ["resolutions"])
    return case


def _without_a_row(case: Case, rng: Rng, templates: Iterable[str]) -> Case:
    unread = without_a_row(case, rng, templates)
    return unread.case if unread else case


def compared(warehouse: Warehouse, case: Case) -> dict[str, str]:
    """Differing marts of a case with their first differences; all marts there are of a case with scorecards."""
    marts, raw = (GRAINS, case.raw()) if isinstance(case, ScoredCase) else (KEYS, None)
    warehouse.compute(case.company, case.plan_set, marts, raw)
    return differences({mart: warehouse.rows(mart) for mart in marts}, case.reference(), marts)


def assert_same(warehouse: Warehouse, case: Case) -> None:
    """Fail with the first differing rows of the first differing mart, of a case as small as possible."""
    found = compared(warehouse, case)
    if not found:
        return
    mart = next(iter(found))
    smaller = reduced(case, lambda tried: mart in compared(warehouse, tried), TRIES)
    text = compared(warehouse, smaller).get(mart, found[mart])
    others = ", ".join(name for name in found if name != mart) or "none"
    earlier = f"\nearlier_customers={smaller.kept_earlier}" if isinstance(smaller, ScoredCase) else ""
    pytest.fail(f"{text}\nother marts that differ: {others}\n\n{smaller.written()}{earlier}", pytrace=False)
