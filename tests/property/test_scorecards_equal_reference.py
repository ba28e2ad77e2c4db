"""KPIs, scorecards, their pay, alerts, boards, suggestions and returns equal the plain-Python reference, row by row.

The companies are those of ``tests.support.scored``: people, customers and deals, and on top of them facts for every
KPI, training, journeys, and scorecards with every setting. All marts are compared. Every run compares the companies of
kind ``scored`` and ``large`` of ``tests.support.chosen``, which are chosen by what they notice; a run with
``INCENTIVES_PROPERTIES=ci`` or ``long`` compares random ones.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings

from connectors.files import DeliverySpec, validate_delivery
from tests.support.chosen import CHOSEN, Chosen, assert_same
from tests.support.deliveries import write_clean
from tests.support.scored import ScoredCase, make_scored_case, scored_cases
from tests.support.warehouse import Warehouse

SHARDS = range(2)
#: examples of each shard
EXAMPLES = {"quick": 5, "ci": 40, "long": 1500}
PROFILE = os.environ.get("INCENTIVES_PROPERTIES", "quick")


@pytest.mark.every_run
@pytest.mark.parametrize(
    "company", [company for company in CHOSEN if company.kind in ("scored", "large")], ids=str
)
def test_a_chosen_company_equals_the_reference(company: Chosen, warehouse: Warehouse) -> None:
    """Chosen by ``python -m tests.mutation.corpus``: each notices changes of models that none before it notices."""
    assert_same(warehouse, company.case())


@pytest.mark.parametrize("shard", SHARDS)
def test_scorecards_of_a_made_up_company_equal_the_reference(shard: int, warehouse: Warehouse) -> None:
    @settings(max_examples=EXAMPLES[PROFILE])
    @given(scored_cases(shard=300 + shard))
    def check(case: ScoredCase) -> None:
        assert_same(warehouse, case)

    check()


@pytest.mark.every_run
def test_made_up_facts_pass_the_import(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is compared is what an import would have landed: none of its rows is set aside."""
    for seed in range(2):
        case = make_scored_case(310 * 2**32 + seed)
        folder = tmp_path_factory.mktemp("scored")
        count = write_clean(case.company, folder)
        report = validate_delivery(DeliverySpec(folder))
        assert (report.rows_in, report.accepted, report.quarantine) == (count, count, [])
