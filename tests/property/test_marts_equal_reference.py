"""Every mart of credit and pay as SQL computes it equals the plain-Python reference, row by row.

The cases are companies of a few people with dozens of deals and plans with every setting; see
``tests.support.companies``. A failing case is made smaller before it is shown.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings

from tests.support.cases import Case, reduced
from tests.support.differences import KEYS, differences
from tests.support.factories import Size, cases
from tests.support.warehouse import Warehouse

SHARDS = range(4)
#: companies of each shard, and tiny ones: the quick ones together have hundreds of deals, leads, splits and refunds
EXAMPLES = {"quick": 5, "ci": 60, "long": 2000}
TINY_EXAMPLES = {"quick": 2, "ci": 30, "long": 1000}
PROFILE = os.environ.get("INCENTIVES_PROPERTIES", "quick")
#: cases tried to make a failing one smaller; 0 shows it as it is
TRIES = int(os.environ.get("INCENTIVES_REDUCE", "150"))
pytestmark = pytest.mark.every_run


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


def assert_same(warehouse: Warehouse, case: Case) -> None:
    """Fail with the first differing rows of the first differing mart, of a case as small as possible."""
    found = compared(warehouse, case)
    if not found:
        return
    mart = next(iter(found))
    smaller = reduced(case, lambda tried: mart in compared(warehouse, tried), TRIES)
    text = compared(warehouse, smaller).get(mart, found[mart])
    others = ", ".join(name for name in found if name != mart) or "none"
    pytest.fail(f"{text}\nother marts that differ: {others}\n\n{smaller.written()}", pytrace=False)


def compared(warehouse: Warehouse, case: Case) -> dict[str, str]:
    """Differing marts of a case with their first differences."""
    warehouse.compute(case.company, case.plan_set, KEYS)
    return differences({mart: warehouse.rows(mart) for mart in KEYS}, case.reference(), KEYS)
