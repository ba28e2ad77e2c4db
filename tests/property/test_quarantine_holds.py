"""Any single row of a company in quarantine: no line rises, what depends on it is held, and bringing it well ends that.

Reading 41. The companies are made up; which row is drawn as well. Reference and SQL hold the same lines.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files.raw_layer.tables import arrow_schema
from connectors.files.templates import TEMPLATES
from tests.reference.calculate import Marts, calculate
from tests.reference.lines import PAID, UNREAD
from tests.support.cases import Case
from tests.support.differences import KEYS, differences
from tests.support.factories import Size, make_case
from tests.support.quarantined import Unread, without_a_row
from tests.support.raw_rows import delivered_tables, landed_rows, load_id
from tests.support.rng import Rng
from tests.support.scored import SCORED_MARTS, ScoredCase, make_scored_case
from tests.support.warehouse import Warehouse

#: rows tried per company; companies by profile
ROWS = 4
EXAMPLES = {"quick": 12, "ci": 150, "long": 3000}
PIPELINE_EXAMPLES = {"quick": 3, "ci": 40, "long": 500}
SCORED_EXAMPLES = {"quick": 4, "ci": 60, "long": 1500}
PROFILE = os.environ.get("INCENTIVES_PROPERTIES", "quick")
SIZE = Size(employees=6, customers=10, deals=25)
pytestmark = pytest.mark.every_run

numbers = st.integers(0, 2**32 - 1)


def _unread(seed: int, shard: int) -> tuple[Case, list[Unread]]:
    case = make_case(shard * 2**32 + seed, SIZE)
    rng = Rng(seed)
    found = (without_a_row(case, rng) for _ in range(ROWS))
    return case, [unread for unread in found if unread is not None]


def _lines(marts: Marts) -> dict[str, dict[str, Any]]:
    return {str(line["line_id"]): line for line in marts["fct_payout_lines"]}


def _risen(good: Marts, bad: Marts) -> list[dict[str, Any]]:
    """Lines that pay more than they would; a cap takes less where there is less to take from."""
    paid = {key: line["amount"] for key, line in _lines(good).items() if line["status"] in PAID}
    return [
        line
        for key, line in _lines(bad).items()
        if line["status"] in PAID
        and line["amount"] > paid.get(key, 0)
        and not (line["component"] == "cap" and line["amount"] <= 0)
        and line["component"] != "draw"
    ]


def test_no_line_rises_because_a_row_could_not_be_read() -> None:
    @settings(max_examples=EXAMPLES[PROFILE])
    @given(numbers)
    def check(seed: int) -> None:
        case, unread = _unread(seed, 900)
        good = case.reference()
        for one in unread:
            risen = _risen(good, calculate(one.case.reference_company))
            assert not risen, f"{risen[0]}\n{one.written()}"

    check()


def test_no_line_paid_by_kpis_rises_and_the_pipeline_agrees(warehouse: Warehouse) -> None:
    @settings(max_examples=SCORED_EXAMPLES[PROFILE])
    @given(numbers)
    def check(seed: int) -> None:
        case = make_scored_case(904 * 2**32 + seed)
        one = without_a_row(case, Rng(seed))
        if one is None:
            return
        assert isinstance(one.case, ScoredCase)
        bad = one.case.reference()
        risen = _risen(case.reference(), bad)
        assert not risen, f"{risen[0]}\n{one.written()}"
        warehouse.compute(one.company, one.case.plan_set, SCORED_MARTS, one.case.raw())
        text = differences({mart: warehouse.rows(mart) for mart in SCORED_MARTS}, bad, SCORED_MARTS)
        assert not text, f"{next(iter(text.values()))}\n{one.written()}"

    check()


def test_the_lines_of_the_deal_are_held_with_the_reason() -> None:
    @settings(max_examples=EXAMPLES[PROFILE])
    @given(numbers)
    def check(seed: int) -> None:
        case = make_case(901 * 2**32 + seed, SIZE)
        one = without_a_row(case, Rng(seed), ["deal_splits", "transactions"])
        if one is None:
            return
        marts = calculate(one.case.reference_company)
        lines = [line for line in marts["fct_payout_lines"] if line["deal_id"] == one.row["deal_id"]]
        assert all(line["status"] == "held" for line in lines), one.written()
        assert all(UNREAD in line["reason"].split(";") for line in lines), one.written()

    check()


def test_the_pipeline_holds_what_the_reference_holds(warehouse: Warehouse) -> None:
    @settings(max_examples=PIPELINE_EXAMPLES[PROFILE])
    @given(numbers)
    def check(seed: int) -> None:
        _, unread = _unread(seed, 902)
        for one in unread[:2]:
            warehouse.compute(one.company, one.case.plan_set, KEYS)
            found = {mart: warehouse.rows(mart) for mart in KEYS}
            text = differences(found, one.case.reference(), KEYS)
            assert not text, f"{next(iter(text.values()))}\n{one.written()}"

    check()


def test_a_later_delivery_of_the_row_ends_the_hold(warehouse: Warehouse) -> None:
    @settings(max_examples=PIPELINE_EXAMPLES[PROFILE])
    @given(numbers)
    def check(seed: int) -> None:
        case, unread = _unread(seed, 903)
        for one in unread[:1]:
            warehouse.compute(one.company, one.case.plan_set, KEYS, _with_a_second_load(one))
            text = differences({mart: warehouse.rows(mart) for mart in KEYS}, case.reference(), KEYS)
            assert not text, f"{next(iter(text.values()))}\n{one.written()}"

    check()


def _with_a_second_load(one: Unread) -> dict[str, Any]:
    """The company with its row in quarantine, and a second load that brings the row well."""
    import pyarrow as pa

    tables = delivered_tables(one.company)
    second = landed_rows(one.template, [one.good], 2)
    row = {"load_id": load_id(2), "load_seq": 2, "delivery_hash": "1" * 64, "landed_at": one.company.as_of}
    tables["raw_files.loads"] = pa.concat_tables(
        [tables["raw_files.loads"], pa.Table.from_pylist([row], schema=arrow_schema("loads"))]
    )
    name = f"raw_files.{one.template}"
    assert one.template in TEMPLATES
    tables[name] = pa.concat_tables(
        [tables[name], pa.Table.from_pylist(second, schema=arrow_schema(one.template))]
    )
    return tables
