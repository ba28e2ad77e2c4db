"""The first reading of a table, when nothing is known of it yet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.extracted import Home, write_sources

RAW = "raw_sql.orders"
TWICE = "select id, amount, gone from orders union all select id, amount + 1, gone from orders where id = 'A'"


def _home(folder: Path, **resource: Any) -> Home:
    with closing(sqlite3.connect(folder / "erp.sqlite", isolation_level=None)) as made:
        made.execute("create table orders (id text primary key, amount integer, gone integer)")
        made.execute("insert into orders values ('A', 1, 0), ('B', 5, 0)")
    (folder / "url").write_text(f"sqlite:///{folder / 'erp.sqlite'}", encoding="utf-8")
    columns = {
        "transaction_id": "id",
        "deal_id": {"constant": "D1"},
        "kind": {"constant": "invoice"},
        "amount": "amount",
        "currency": {"constant": "CNY"},
        "occurred_at": {"constant": "2026-03-01"},
    }
    entry = {"name": "erp", "type": "sql", "secrets": {"url": {"file": str(folder / "url")}}}
    mapping = {"transactions": {"from": "orders", "columns": columns}}
    write_sources(
        folder / "sources.yml",
        entry | {"resources": {"orders": {"key": "id"} | resource}, "mapping": mapping},
    )
    return Home(folder)


def test_a_key_that_comes_twice_is_one_version_the_last(tmp_path: Path) -> None:
    home = _home(tmp_path, query=TWICE)
    assert home.extract().failures == []
    assert {key: record["amount"] for key, record, _ in home.versions(RAW)} == {"A": 2, "B": 5}
    assert len(home.versions(RAW)) == 2


def test_the_same_again_is_no_version(tmp_path: Path) -> None:
    home = _home(tmp_path, query=TWICE)
    for _ in range(2):
        assert home.extract().failures == []
    assert len(home.versions(RAW)) == 2


def test_a_flag_that_is_no_column_is_said_with_those_there_are(tmp_path: Path) -> None:
    report = _home(tmp_path, table="orders", deleted="removed").extract()
    assert report.failures == ["erp.orders: there is no column removed; there are id, amount, gone"]
