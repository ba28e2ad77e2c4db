"""Following changes equals computing everything (rulebook 16, number 5), for every table and not only the marts.

A company arrives in loads with late, corrected, deleted and returning rows. All models are computed after the first
load, up to an earlier time, and then brought up to date with the changes of the second and of the third; every cell of
every table is compared with computing all of it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.plans.tables import plan_tables
from orchestration.changes import PEOPLE
from tests.support.dice import Dice
from tests.support.following import (
    compute_everything,
    follow,
    keep_tables,
    rows_without_group,
    tables_that_differ,
)
from tests.support.made_up import Size, make_case
from tests.support.raw_rows import empty_tables
from tests.support.scored import make_scored_case
from tests.support.several_loads import in_several_loads
from tests.support.warehouse import Warehouse

SEEDS = st.integers(0, 2**32 - 1)
pytestmark = pytest.mark.every_run


def until(tables: Mapping[str, pa.Table], load: int) -> dict[str, pa.Table]:
    """The raw tables as they were after a load."""
    found = {}
    for relation, table in tables.items():
        number = "load_seq" if relation.endswith(".loads") else "_load_seq"
        found[relation] = table.filter(pc.less_equal(table[number], load))
    return found


@pytest.mark.parametrize("kind", ["pay", "scorecards"])
def test_5_following_changes_equals_computing_everything(kind: str, warehouse: Warehouse) -> None:
    scoped: set[str] = set()

    @given(SEEDS)
    def check(seed: int) -> None:
        dice = Dice(seed)
        case = (
            make_case(213 * 2**32 + seed, Size()) if kind == "pay" else make_scored_case(217 * 2**32 + seed)
        )
        loads = in_several_loads(case.company, dice, PEOPLE)
        plans = {f"raw_plans.{name}": table for name, table in plan_tables(case.plan_set).items()}
        now = case.company.as_of
        earlier = now - timedelta(days=dice.one(0, 1, 5, 40))
        warehouse.connection.execute("drop schema if exists changes cascade")
        warehouse.land(empty_tables() | dict(loads.first) | plans)
        compute_everything(warehouse, earlier.isoformat(sep=" "))
        middle = now - timedelta(days=dice.one(0, 1, 3))
        for landed, as_of in ((until(loads.last, 2), max(earlier, middle)), (loads.last, now)):
            ways = follow(warehouse, landed, as_of.isoformat(sep=" "))
            scoped.update(name for name, way in ways.items() if way == "scoped")
        names = keep_tables(warehouse)
        compute_everything(warehouse, now.isoformat(sep=" "))
        assert tables_that_differ(warehouse, names) == {}
        assert rows_without_group(warehouse) == {}

    check()
    assert len(scoped) > 30  # groups were computed, not only whole tables
