"""A staging view over some records has the rows of the view that meet the condition, and no others.

The company arrives in loads with late, corrected, deleted and returning rows: a record may have met the condition with
a version that is no longer in force.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files import TEMPLATES
from connectors.plans.tables import plan_tables
from orchestration.changes import PEOPLE
from orchestration.record_views import CONDITION, GROWING, lay_out_record_views
from tests.support.dice import Dice
from tests.support.following import make_views
from tests.support.made_up import Size, make_case
from tests.support.raw_rows import empty_tables
from tests.support.several_loads import in_several_loads
from tests.support.warehouse import Warehouse

pytestmark = pytest.mark.every_run
#: columns by which records are looked up, besides their keys; staging leaves these as they are delivered
OTHERS = {
    "customers": ("phone", "name"),
    "deals": ("customer_id",),
    "journey_events": ("lead_id", "customer_id"),
    "leads": ("customer_id", "phone", "company_name"),
    "transactions": ("deal_id",),
}


def conditions(entity: str, dice: Dice) -> Iterator[str]:
    """Conditions on the key and on other columns that some of the delivered values meet."""
    keys = [column for column in TEMPLATES[entity].key if column != "employee_id"]
    for column in (*keys, *OTHERS.get(entity, ())):
        yield f"{column} in (select {column} from raw_files.{entity} where hash({column}) % 3 = {dice.one(0, 1, 2)})"


def test_a_view_over_records_is_the_view_with_a_condition(warehouse: Warehouse) -> None:
    compared: set[str] = set()

    @given(st.integers(0, 2**32 - 1))
    def check(seed: int) -> None:
        dice = Dice(seed)
        case = make_case(219 * 2**32 + seed, Size())
        plans = {f"raw_plans.{name}": table for name, table in plan_tables(case.plan_set).items()}
        warehouse.land(empty_tables() | dict(in_several_loads(case.company, dice, PEOPLE).last) | plans)
        make_views(warehouse, [f"stg_{entity}" for entity in GROWING], case.company.as_of.isoformat(sep=" "))
        warehouse.connection.execute("drop schema if exists changes cascade; create schema changes")
        lay_out_record_views(warehouse.connection)
        found = dict(warehouse.query("select name, query from changes.record_views"))
        for entity in GROWING:
            for condition in conditions(entity, dice):
                records = found[f"stg_{entity}"].replace(CONDITION, condition)
                view = f"(select * from staging.stg_{entity} where {condition})"
                assert (
                    warehouse.query(
                        f"(from {records} except all from {view}) union all (from {view} except all from {records})"
                    )
                    == []
                )
                if warehouse.query(f"from {view} limit 1"):
                    compared.add(entity)

    check()
    assert compared == set(GROWING)
