"""KPIs, scorecards, their pay, alerts, boards, suggestions and returns equal the plain-Python reference, row by row.

The companies are those of ``tests.support.scored``: people, customers and deals, and on top of them facts for every
KPI, training, journeys, and scorecards with every setting. A few of them are compared in every test run; a run with
``INCENTIVES_PROPERTIES=ci`` or ``long`` compares more.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings

from connectors.files import DeliverySpec, validate_delivery
from tests.support.cases import reduced
from tests.support.deliveries import write_clean
from tests.support.differences import differences
from tests.support.scored import SCORED_MARTS, ScoredCase, make_scored_case, scored_cases
from tests.support.warehouse import Warehouse

SHARDS = range(2)
#: examples of each shard: the quick ones take about twenty seconds
EXAMPLES = {"quick": 5, "ci": 40, "long": 1500}
PROFILE = os.environ.get("INCENTIVES_PROPERTIES", "quick")
#: cases tried to make a failing one smaller; 0 shows it as it is
TRIES = int(os.environ.get("INCENTIVES_REDUCE", "150"))


@pytest.mark.every_run
@pytest.mark.parametrize("shard", SHARDS)
def test_scorecards_of_a_made_up_company_equal_the_reference(shard: int, warehouse: Warehouse) -> None:
    @settings(max_examples=EXAMPLES[PROFILE])
    @given(scored_cases(shard=300 + shard))
    def check(case: ScoredCase) -> None:
        found = compared(warehouse, case)
        if found:
            pytest.fail(explained(warehouse, case, found), pytrace=False)

    check()


def compared(warehouse: Warehouse, case: ScoredCase) -> dict[str, str]:
    """Differing marts of a case with their first differences."""
    warehouse.compute(case.company, case.plan_set, SCORED_MARTS, case.raw())
    return differences({mart: warehouse.rows(mart) for mart in SCORED_MARTS}, case.reference(), SCORED_MARTS)


def explained(warehouse: Warehouse, case: ScoredCase, found: dict[str, str]) -> str:
    """The first differing mart, of a case as small as possible."""
    mart = next(iter(found))
    smaller = reduced(case, lambda tried: mart in compared(warehouse, tried), TRIES)
    assert isinstance(smaller, ScoredCase)
    text = compared(warehouse, smaller).get(mart, found[mart])
    others = ", ".join(name for name in found if name != mart) or "none"
    earlier = f"\nearlier_customers={smaller.kept_earlier}" if smaller.kept_earlier else ""
    return f"{text}\nother marts that differ: {others}\n\n{smaller.written()}{earlier}"


@pytest.mark.every_run
def test_made_up_facts_pass_the_import(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is compared is what an import would have landed: none of its rows is set aside."""
    for seed in range(2):
        case = make_scored_case(310 * 2**32 + seed)
        folder = tmp_path_factory.mktemp("scored")
        count = write_clean(case.company, folder)
        report = validate_delivery(DeliverySpec(folder))
        assert (report.rows_in, report.accepted, report.quarantine) == (count, count, [])
