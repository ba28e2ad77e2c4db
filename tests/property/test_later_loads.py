"""Incremental equals full refresh (rulebook 16, number 5): what was computed before leaves no trace.

A company arrives in three loads with late, corrected, deleted and returning rows and is computed after the first
and after the last of them in one warehouse; the same rows in one load are computed in a fresh one. Every cell of
every mart is compared. What may know about loads is treated apart: `fct_provenance` says which load brought a
record and is checked against that; the history of customer records (`as known then`) has one version more for
each load, so customers come whole where KPIs of archives are compared; of two spellings of one employee in
targets and observations the later load counts (docs/decisions/0071), so these come whole there too; the
quarantine belongs to the import and has no row here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import Case
from tests.support.differences import KEYS, difference
from tests.support.factories import Size, make_case
from tests.support.rng import Rng
from tests.support.scored import SCORED_MARTS, make_scored_case
from tests.support.several_loads import Loads, in_several_loads
from tests.support.warehouse import Warehouse

Row = dict[str, Any]
SEEDS = st.integers(0, 2**32 - 1)
#: of these a later load is no mere repetition; see above
KNOW_LOADS = ("customers", "targets", "kpi_observations")
SAYS_WHERE_FROM = ("line_id", "source", "source_table", "record_id", "content_hash")
pytestmark = pytest.mark.every_run


def test_5_incremental_equals_full_refresh_of_pay(warehouse: Warehouse) -> None:
    @given(SEEDS)
    def check(seed: int) -> None:
        case = make_case(205 * 2**32 + seed, Size())
        loads = in_several_loads(case.company, Rng(seed))
        fresh = _compared(warehouse, case, loads, [*KEYS, "fct_provenance"])
        found = warehouse.rows("fct_provenance")
        assert _where_from(found) == _where_from(fresh.rows("fct_provenance"))
        brought_by = {(entity, _record_id(key)): load for (entity, key), load in loads.brought_by.items()}
        assert [
            row for row in found if row["load_id"] != brought_by[row["source_table"], row["record_id"]]
        ] == []

    check()


def test_5_incremental_equals_full_refresh_of_scorecards(warehouse: Warehouse) -> None:
    @given(SEEDS)
    def check(seed: int) -> None:
        case = make_scored_case(211 * 2**32 + seed)
        _compared(warehouse, case, in_several_loads(case.company, Rng(seed), KNOW_LOADS), SCORED_MARTS)

    check()


def _compared(warehouse: Warehouse, case: Case, loads: Loads, marts: Iterable[str]) -> Warehouse:
    """Compute a case after its first and its last load and all at once; the warehouse of the latter."""
    marts = list(marts)
    warehouse.compute(case.company, case.plan_set, marts, loads.first)
    warehouse.compute(case.company, case.plan_set, marts, loads.last)
    fresh = Warehouse()
    fresh.compute(case.company, case.plan_set, marts)
    found = [
        difference(mart, warehouse.rows(mart), fresh.rows(mart)) for mart in marts if mart != "fct_provenance"
    ]
    assert "\n".join(text for text in found if text) == ""
    return fresh


def _where_from(rows: list[Row]) -> list[tuple[str, ...]]:
    return sorted(tuple(row[column] for column in SAYS_WHERE_FROM) for row in rows)


def _record_id(key: tuple[Any, ...]) -> str:
    """A key as provenance names the record; a course taken without a number is the first attempt."""
    return "|".join("1" if part is None else str(part) for part in key)
