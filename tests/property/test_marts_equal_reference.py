"""Every mart of credit and pay as SQL computes it equals the plain-Python reference, row by row.

The cases are companies of a few people with dozens of deals and plans with every setting; see
``tests.support.companies``. Every run compares the companies of kind ``pay`` and ``unread`` (some of whose rows are in
quarantine) of ``tests.support.chosen``, which are chosen by what they notice; ``make test-long`` random ones. A failing
case is made smaller before it is shown.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings

from tests.support.cases import Case
from tests.support.chosen import CHOSEN, Chosen, assert_same
from tests.support.factories import Size, cases
from tests.support.warehouse import Warehouse

SHARDS = range(4)
#: companies of each shard, and tiny ones
EXAMPLES = {"quick": 5, "ci": 60, "long": 2000}
TINY_EXAMPLES = {"quick": 2, "ci": 30, "long": 1000}
PROFILE = os.environ.get("INCENTIVES_PROPERTIES", "quick")


@pytest.mark.every_run
@pytest.mark.parametrize(
    "company", [company for company in CHOSEN if company.kind in ("pay", "unread")], ids=str
)
def test_a_chosen_company_equals_the_reference(company: Chosen, warehouse: Warehouse) -> None:
    """Chosen by ``python -m tests.mutation.corpus``: each notices changes of models that none before it notices."""
    assert_same(warehouse, company.case())


@pytest.mark.parametrize("shard", SHARDS)
def test_pay_of_a_made_up_company_equals_the_reference(shard: int, warehouse: Warehouse) -> None:
    @settings(max_examples=EXAMPLES[PROFILE])
    @given(cases(shard=shard))
    def check(case: Case) -> None:
        assert_same(warehouse, case)

    check()


@pytest.mark.parametrize("shard", SHARDS)
def test_flat_commission_of_a_tiny_company_equals_the_reference(shard: int, warehouse: Warehouse) -> None:
    @settings(max_examples=TINY_EXAMPLES[PROFILE])
    @given(
        cases(
            Size(employees=4, customers=3, deals=8), kinds=["commission", "collaboration"], shard=100 + shard
        )
    )
    def check(case: Case) -> None:
        assert_same(warehouse, case)

    check()
