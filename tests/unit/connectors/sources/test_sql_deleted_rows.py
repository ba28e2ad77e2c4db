"""A database that marks its deleted rows: the column `deleted` names them, as a type of any kind."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.extracted import Home, write_sources

RAW = "raw_sql.orders"
LANDED = "select transaction_id, _is_deleted from raw_files.transactions order by transaction_id, _load_seq"
_TABLE = "create table orders (id text primary key, amount decimal(18, 2), changed_at timestamp, gone {kind})"
_AT = "2026-03-01 00:00:{:02d}"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "erp.sqlite", isolation_level=None)) as made:
        made.execute(
            "create table orders (id text primary key, amount decimal(18, 2), changed_at timestamp, gone any)"
        )
        yield made


@pytest.fixture
def home(database: sqlite3.Connection, empty_home: Path, tmp_path: Path) -> Home:
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    (tmp_path / "url").write_text(f"sqlite:///{tmp_path / 'erp.sqlite'}", encoding="utf-8")
    columns: dict[str, Any] = {
        "transaction_id": "id",
        "deal_id": {"constant": "D1"},
        "kind": {"constant": "invoice"},
        "amount": "amount",
        "currency": {"constant": "CNY"},
        "occurred_at": "changed_at",
    }
    resource = {"table": "orders", "key": "id", "cursor": "changed_at", "deleted": "gone", "sweep": "false"}
    entry = {"name": "erp", "type": "sql", "secrets": {"url": {"file": str(tmp_path / "url")}}}
    mapping = {"transactions": {"from": "orders", "columns": columns}}
    write_sources(tmp_path / "sources.yml", entry | {"resources": {"orders": resource}, "mapping": mapping})
    return Home(tmp_path)


def _put(database: sqlite3.Connection, number: str, second: int, gone: Any) -> None:
    row = [number, "10.00", _AT.format(second), gone]
    database.execute("insert or replace into orders values (?, ?, ?, ?)", row)


def _taken(home: Home) -> None:
    assert home.extract().failures == []
    home.deliver()


@pytest.mark.parametrize(
    ("kind", "live", "gone"),
    [
        ("integer", 0, 1),
        ("boolean", 0, 1),
        ("numeric(1, 0)", 0, 1),
        ("text", "f", "t"),
        ("text", "no", "Yes"),
        ("text", None, "TRUE"),
        ("text", "", "y"),
    ],
)
def test_a_marked_row_is_deleted_and_comes_back(
    database: sqlite3.Connection, home: Home, kind: str, live: Any, gone: Any
) -> None:
    database.execute("drop table orders")
    database.execute(_TABLE.format(kind=kind))
    for number in ("A", "B"):
        _put(database, number, 1, live)
    _taken(home)
    assert set(home.truth(RAW)) == {"A", "B"}
    _put(database, "A", 2, gone)
    _taken(home)
    assert [(key, deleted) for key, _, deleted in home.versions(RAW)] == [
        ("A", False),
        ("B", False),
        ("A", True),
    ]
    assert home.rows(LANDED) == [("A", False), ("A", True), ("B", False)]
    _put(database, "A", 3, live)
    _taken(home)
    assert set(home.truth(RAW)) == {"A", "B"}
    assert home.rows(LANDED) == [("A", False), ("A", True), ("A", False), ("B", False)]


def test_a_row_that_was_deleted_before_the_first_extraction_is_never_taken_on(
    database: sqlite3.Connection, home: Home
) -> None:
    _put(database, "A", 1, 0)
    _put(database, "B", 1, 1)
    _taken(home)
    assert set(home.truth(RAW)) == {"A"}
    assert home.rows(LANDED) == [("A", False)]


def test_without_a_sweep_a_row_that_is_simply_gone_stays(database: sqlite3.Connection, home: Home) -> None:
    _put(database, "A", 1, 0)
    _taken(home)
    database.execute("delete from orders")
    _taken(home)
    assert set(home.truth(RAW)) == {"A"}, "README says so: give `sweep`, or mark deleted rows"
