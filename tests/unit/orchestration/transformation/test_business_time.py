"""The latest business moment is taken over every fact of every template, and not beyond the landing (42, 55)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from connectors.files.raw_layer.tables import arrow_schema, raw_tables
from connectors.files.templates import TEMPLATES
from orchestration.transformation.business_time import Now, end_of_day, read_now
from tests.reference.as_of import SETTINGS, latest_moment
from tests.reference.company import Company
from tests.support.factories import Size, make_case
from tests.support.raw_rows import delivered_tables, landed_rows, load_id
from tests.support.rng import Rng

ZONE = "Asia/Shanghai"
LANDED = datetime(2026, 5, 20, 4, 0)  # noqa: DTZ001  # the warehouse holds naive UTC
DEAL = {
    "deal_id": "D1",
    "customer_id": "C1",
    "owner_employee_id": "E1",
    "amount": Decimal(1),
    "currency": "CNY",
}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema raw_files")
        _land(connection, {f"raw_files.{name}": arrow_schema(name).empty_table() for name in raw_tables()})
        yield connection


def _land(connection: duckdb.DuckDBPyConnection, tables: dict[str, Any]) -> None:
    for name, table in tables.items():
        connection.register("new_rows", table)
        connection.execute(f"create or replace table {name} as from new_rows")
        connection.unregister("new_rows")


def _now(connection: duckdb.DuckDBPyConnection, landed: datetime = LANDED, **rows: Any) -> Now:
    company = Company(as_of=landed, **rows)
    _land(connection, delivered_tables(company))
    found = read_now(connection, ZONE)
    assert (found.latest, found.future) == latest_moment(company, landed)
    return found


def test_no_delivery_says_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_now(warehouse, ZONE) == Now()


def test_a_date_typed_ahead_does_not_move_now_and_is_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    good = DEAL | {"signed_at": datetime(2026, 5, 19, 1, 2, 3, 456_000)}  # noqa: DTZ001
    ahead = DEAL | {"deal_id": "D2", "signed_at": datetime(2126, 5, 20)}  # noqa: DTZ001
    found = _now(warehouse, deals=[good, ahead])
    assert found == Now(good["signed_at"], LANDED, {"deals": 1})


def test_a_day_after_the_landing_is_believed(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = DEAL | {"signed_at": LANDED + timedelta(days=1)}
    assert _now(warehouse, deals=[row]).latest == row["signed_at"]
    row = DEAL | {"signed_at": LANDED + timedelta(days=1, microseconds=1)}
    assert _now(warehouse, deals=[row]) == Now(None, LANDED, {"deals": 1})


def test_a_business_date_counts_to_its_end(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = {"violation_id": "V1", "employee_id": "E1", "kind": "late", "occurred_on": date(2026, 5, 3)}
    end = datetime(2026, 5, 3, 15, 59, 59, 999_999)  # noqa: DTZ001
    assert end_of_day(date(2026, 5, 3), ZONE) == end
    assert _now(warehouse, policy_violations=[row]).latest == end


@pytest.mark.parametrize(
    ("period", "latest", "future"),
    [
        ("2026-04", datetime(2026, 4, 30, 15, 59, 59, 999_999, tzinfo=UTC), {}),
        ("2026-Q1", datetime(2026, 3, 31, 15, 59, 59, 999_999, tzinfo=UTC), {}),
        ("2025", datetime(2025, 12, 31, 15, 59, 59, 999_999, tzinfo=UTC), {}),
        ("2026-05", LANDED.replace(tzinfo=UTC), {}),
        ("2026-Q2", LANDED.replace(tzinfo=UTC), {}),
        ("2026", LANDED.replace(tzinfo=UTC), {}),
        ("2026-06", None, {"kpi_observations": 1}),
    ],
)
def test_an_observed_period_counts_as_its_end_or_as_the_landing_while_it_runs(
    warehouse: duckdb.DuckDBPyConnection, period: str, latest: datetime | None, future: dict[str, int]
) -> None:
    row = {"employee_id": "E1", "kpi_id": "papers", "period": period, "numerator": Decimal(1)}
    wanted = latest.replace(tzinfo=None) if latest else None
    assert _now(warehouse, kpi_observations=[row]) == Now(wanted, LANDED, future)


def test_what_a_later_load_corrected_says_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    first = DEAL | {"signed_at": datetime(2026, 5, 19)}  # noqa: DTZ001
    then = DEAL | {"signed_at": datetime(2026, 5, 9)}  # noqa: DTZ001
    _now(warehouse, deals=[first])
    rows = landed_rows("deals", [first], 1) + landed_rows("deals", [then], 2)
    import pyarrow as pa

    load = {"load_id": load_id(2), "load_seq": 2, "delivery_hash": "", "mapping": None, "landed_at": LANDED}
    _land(warehouse, {"raw_files.deals": pa.Table.from_pylist(rows, schema=arrow_schema("deals"))})
    warehouse.register(
        "load", pa.Table.from_pylist([load | {"timezone": ZONE}], schema=arrow_schema("loads"))
    )
    warehouse.execute("insert into raw_files.loads from load")
    assert read_now(warehouse, ZONE).latest == then["signed_at"]


@pytest.mark.parametrize("seed", range(3))
def test_a_made_up_company_has_the_now_of_the_reference(
    warehouse: duckdb.DuckDBPyConnection, seed: int
) -> None:
    company = make_case(seed, Size(4, 6, 10)).company
    landed = Rng(seed).one(company.as_of, datetime(2025, 3, 3, 7), datetime(2024, 6, 30, 15, 59, 59))  # noqa: DTZ001
    rows = {name: company.rows(name) for name in TEMPLATES}
    _now(warehouse, landed, **rows)


def test_only_settings_have_no_time() -> None:
    without = {entity for entity, template in TEMPLATES.items() if not template.fact_times}
    assert without == {*SETTINGS, "deal_splits"}
