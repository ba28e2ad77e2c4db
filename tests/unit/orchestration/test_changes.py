"""When a calculation may follow changes, and which rows changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.changes import CHANGES, EVERYTHING, complete, forget, last_computed, prepare
from orchestration.run_identity import RunIdentity
from tests.support.raw_rows import empty_tables, landed_rows, load_id

PLANS = "plans"
FIRST = RunIdentity(
    run_id="1" * 16, as_of="2026-03-01 00:00:00", timezone="Asia/Shanghai", code_version="code"
)
LATER = replace(FIRST, run_id="2" * 16, as_of="2026-03-10 00:00:00")


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with all raw tables, one load, and a complete calculation after it."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw_files; create schema raw_plans")
        for relation, table in empty_tables().items():
            connection.register("empty_table", table)
            connection.execute(f"create table {relation} as from empty_table")
        land(connection, 1, deals=[deal("D1"), deal("D2")], leads=[{"lead_id": "L1"}])
        complete(connection, FIRST, PLANS)
        yield connection


def deal(deal_id: str, **values: Any) -> dict[str, Any]:
    """A deal of January."""
    return {"deal_id": deal_id, "customer_id": "C1", "signed_at": "2026-01-15 00:00:00", **values}


def land(connection: duckdb.DuckDBPyConnection, load: int, **rows: list[dict[str, Any]]) -> None:
    """Land rows as one completed load."""
    for entity, found in rows.items():
        for row in landed_rows(entity, found, load):
            given = {name: value for name, value in row.items() if value is not None}
            names = ", ".join(given)
            marks = ", ".join("?" for _ in given)
            connection.execute(
                f"insert into raw_files.{entity} ({names}) values ({marks})", list(given.values())
            )
    connection.execute(
        "insert into raw_files.loads (load_id, load_seq, delivery_hash) values (?, ?, ?)",
        [load_id(load), load, str(load)],
    )


def ids(connection: duckdb.DuckDBPyConnection, entity: str, column: str) -> list[str]:
    """Values of a column in the changed rows of an entity."""
    query = f"select {column} from changes.stg_{entity} order by all"
    return [row[0] for row in connection.execute(query).fetchall()]


def registered(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names in the registry."""
    return {row[0] for row in connection.execute("select name from changes.registry").fetchall()}


def test_the_first_calculation_computes_everything(warehouse: duckdb.DuckDBPyConnection) -> None:
    forget(warehouse)
    assert prepare(warehouse, LATER, PLANS) == EVERYTHING


def test_a_new_load_is_followed(warehouse: duckdb.DuckDBPyConnection) -> None:
    land(warehouse, 2, deals=[deal("D3")])
    assert prepare(warehouse, LATER, PLANS) == CHANGES
    assert registered(warehouse) == {"files.deals", "files.loads", "files.load_files", "files.quarantine"}
    assert ids(warehouse, "deals", "deal_id") == ["D3"]
    assert ids(warehouse, "leads", "lead_id") == []


def test_a_corrected_record_changes_with_all_its_versions(warehouse: duckdb.DuckDBPyConnection) -> None:
    land(warehouse, 2, deals=[deal("D1", customer_id="C2")])
    assert prepare(warehouse, LATER, PLANS) == CHANGES
    assert ids(warehouse, "deals", "customer_id") == ["C1", "C2"]


def test_a_transaction_changes_its_deal_and_the_splits_of_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    split = {"deal_id": "D1", "pool": "closing", "employee_id": "E1"}
    land(warehouse, 2, deal_splits=[split])
    complete(warehouse, FIRST, PLANS)
    land(warehouse, 3, transactions=[{"transaction_id": "T1", "deal_id": "D1", "kind": "refund"}])
    assert prepare(warehouse, LATER, PLANS) == CHANGES
    assert ids(warehouse, "deals", "deal_id") == ["D1"]
    assert ids(warehouse, "deal_splits", "deal_id") == ["D1"]


@pytest.mark.parametrize(
    ("signed_at", "came"),
    [("2026-03-01 00:00:00", False), ("2026-03-01 00:00:01", True), ("2026-03-10 00:00:00", True)],
)
def test_what_the_as_of_time_passed_since_changed(
    warehouse: duckdb.DuckDBPyConnection, signed_at: str, came: bool
) -> None:
    land(warehouse, 2, deals=[deal("D9", signed_at=signed_at)])
    complete(warehouse, FIRST, PLANS)
    assert prepare(warehouse, LATER, PLANS) == CHANGES
    assert (ids(warehouse, "deals", "deal_id") == ["D9"]) == came
    assert ("files.deals" in registered(warehouse)) == came


def test_rows_of_a_load_that_is_not_complete_are_no_change(warehouse: duckdb.DuckDBPyConnection) -> None:
    land(warehouse, 2, deals=[deal("D3")])
    warehouse.execute("delete from raw_files.loads where load_seq = 2")
    assert prepare(warehouse, LATER, PLANS) == CHANGES
    assert registered(warehouse) == set()


@pytest.mark.parametrize(
    ("identity", "plans"),
    [
        (replace(LATER, code_version="other"), PLANS),
        (replace(LATER, timezone="UTC"), PLANS),
        (replace(LATER, as_of="2026-02-28 00:00:00"), PLANS),
        (LATER, "other plans"),
    ],
    ids=["code", "time zone", "an earlier as-of time", "plans"],
)
def test_what_everything_hangs_on_changes_everything(
    warehouse: duckdb.DuckDBPyConnection, identity: RunIdentity, plans: str
) -> None:
    assert prepare(warehouse, identity, plans) == EVERYTHING


@pytest.mark.parametrize("entity", ["employees", "source_users"])
def test_who_is_who_changes_everything(warehouse: duckdb.DuckDBPyConnection, entity: str) -> None:
    key = {"employees": {"employee_id": "E1"}, "source_users": {"source": "crm", "source_user_id": "u1"}}
    land(warehouse, 2, **{entity: [key[entity]]})
    assert prepare(warehouse, LATER, PLANS) == EVERYTHING


def test_a_load_that_is_gone_changes_everything(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("delete from raw_files.loads")
    assert prepare(warehouse, LATER, PLANS) == EVERYTHING


def test_a_calculation_that_broke_off_is_not_followed(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert prepare(warehouse, LATER, PLANS) == CHANGES
    assert prepare(warehouse, LATER, PLANS) == EVERYTHING
    complete(warehouse, LATER, PLANS)
    assert prepare(warehouse, LATER, PLANS) == CHANGES


def test_nothing_but_the_mark_is_left_of_a_complete_calculation(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    land(warehouse, 2, deals=[deal("D3")])
    prepare(warehouse, LATER, PLANS)
    complete(warehouse, LATER, PLANS)
    left = warehouse.execute(
        "select table_name from information_schema.tables where table_schema = 'changes' order by all"
    ).fetchall()
    assert left == [("last_calculation",), ("last_loads",)]


def test_what_was_computed_is_known_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw_files; create table raw_files.loads (load_id varchar)")
        complete(connection, LATER, PLANS, CHANGES)
    assert last_computed(file) == CHANGES
    with duckdb.connect(str(file)) as connection:
        forget(connection)
    assert last_computed(file) == ""
