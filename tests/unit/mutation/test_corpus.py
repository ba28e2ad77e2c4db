"""The choice of companies by what they notice.

Belongs here: choosing, on outcomes made up. Does not belong here: making and judging companies.
"""

from __future__ import annotations

from tests.mutation.corpus import UNIT, Noticed, chosen
from tests.support.chosen import CHOSEN, KINDS, Chosen

PAY, SCORED, LARGE = Chosen("pay", 1), Chosen("scored", 2), Chosen("large", 3)


def test_each_chosen_company_notices_what_none_before_it_notices() -> None:
    found = [
        Noticed("a", (str(SCORED), str(PAY))),
        Noticed("b", (str(SCORED),)),
        Noticed("c", (str(LARGE),)),
        Noticed("by a unit test", (UNIT,)),
        Noticed("by nothing", ()),
    ]
    assert list(chosen(found, [PAY, SCORED, LARGE])) == [(str(SCORED), 2), (str(LARGE), 1)]


def test_chosen_companies_are_of_every_kind_and_none_twice() -> None:
    assert {company.kind for company in CHOSEN} == set(KINDS)
    assert len(set(CHOSEN)) == len(CHOSEN)
