"""Every mart of credit and pay equals the independent reference, on random companies under random plans."""

from __future__ import annotations

from hypothesis import given, note
from hypothesis import strategies as st

from tests.support.companies import Size, make_case
from tests.support.differences import KEYS, differences
from tests.support.warehouse import Warehouse

SIZE = Size()


@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_every_mart_equals_the_reference(warehouse: Warehouse, seed: int) -> None:
    case = make_case(seed, SIZE)
    wanted = [mart for mart in KEYS if mart in warehouse.project.names]
    warehouse.compute(case.company, case.plan_set, wanted)
    found = differences({mart: warehouse.rows(mart) for mart in wanted}, case.reference(), wanted)
    for mart, text in found.items():
        note(f"{mart}: {text}")
    assert not found
