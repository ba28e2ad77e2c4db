"""Keys that PostgreSQL vouches for are not counted; where it does not, the last of those that come twice is taken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
import sqlalchemy as sa

from connectors.sql.postgresql import keys_are_distinct
from tests.support.extracted import Home, write_sources
from tests.support.postgres import postgresql


class Made(NamedTuple):
    """A table of a test: its key, whether the server vouches for it, how many records it holds, how it is made."""

    key: list[str]
    is_vouched_for: bool
    records: int
    statements: list[str]


TABLES = {
    "plain": Made(
        ["id"], True, 2, ["create table plain (id int primary key)", "insert into plain values (1), (2)"]
    ),
    "parts": Made(
        ["id"],
        True,
        2,
        [
            "create table parts (id int primary key) partition by range (id)",
            "create table few partition of parts for values from (0) to (10)",
            "insert into parts values (1), (2)",
        ],
    ),
    "a_text_and_a_number": Made(
        ["a", "b", "c"],
        True,
        2,
        [
            "create table a_text_and_a_number (a text, b int, c uuid, primary key (b, a))",
            "insert into a_text_and_a_number values ('x|1', 1, gen_random_uuid()), ('x', 1, gen_random_uuid())",
        ],
    ),
    "two_texts": Made(
        ["a", "b"],
        False,
        1,
        [
            "create table two_texts (a text, b text, primary key (a, b))",
            "insert into two_texts values ('x|y', 'z'), ('x', 'y|z')",
        ],
    ),
    "a_list": Made(
        ["id"],
        False,
        2,
        ["create table a_list (id text[] primary key)", "insert into a_list values ('{a}'), ('{b}')"],
    ),
    "a_part_of_the_key": Made(
        ["a"],
        False,
        1,
        [
            "create table a_part_of_the_key (a int, b int, primary key (a, b))",
            "insert into a_part_of_the_key values (1, 1), (1, 2)",
        ],
    ),
    "heirs": Made(
        ["id"],
        False,
        1,
        [
            "create table heirs (id int primary key)",
            "create table heir () inherits (heirs)",
            "insert into heirs values (1)",
            "insert into heir values (1)",
        ],
    ),
    "no_key": Made(["id"], False, 1, ["create table no_key (id int)", "insert into no_key values (1), (1)"]),
    "a_view": Made(["id"], False, 1, ["create view a_view as select 1 as id union all select 1"]),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgresql() as made:
        with psycopg.connect(made, autocommit=True) as connection:
            for statement in chain.from_iterable(one.statements for one in TABLES.values()):
                connection.execute(statement.encode())
        yield made


@pytest.mark.parametrize("name", TABLES)
def test_only_a_key_that_the_primary_key_holds_apart_is_vouched_for(url: str, name: str) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    table = sa.Table(name, sa.MetaData(), autoload_with=engine)
    assert keys_are_distinct(engine, table, TABLES[name].key) is TABLES[name].is_vouched_for
    engine.dispose()


def test_what_calls_itself_an_old_postgresql_vouches_for_nothing(url: str) -> None:
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    table = sa.Table("plain", sa.MetaData(), autoload_with=engine)
    engine.dialect.server_version_info = (8, 0, 2)
    assert not keys_are_distinct(engine, table, ["id"])
    engine.dispose()


@pytest.mark.parametrize("number", [1, 2])
def test_every_record_is_one_version_whoever_vouches(url: str, tmp_path: Path, number: int) -> None:
    (tmp_path / "url").write_text(url, encoding="utf-8")
    resources: dict[str, dict[str, Any]] = {name: {"table": name, "key": TABLES[name].key} for name in TABLES}
    resources["a_query"] = {"query": "select id from plain union all select id from plain", "key": "id"}
    columns = {one: {"constant": "1"} for one in ("deal_id", "amount")} | {
        "transaction_id": "id",
        "kind": {"constant": "invoice"},
        "currency": {"constant": "CNY"},
        "occurred_at": {"constant": "2026-03-01"},
    }
    entry = {"name": "erp", "type": "sql", "secrets": {"url": {"file": str(tmp_path / "url")}}}
    mapping = {"transactions": {"from": "plain", "columns": columns}}
    write_sources(tmp_path / "sources.yml", entry | {"resources": resources, "mapping": mapping})
    home = Home(tmp_path)
    for _ in range(number):
        assert home.extract().failures == []
    found = {name: len(home.versions(f"raw_sql.{name}")) for name in resources}
    assert found == {name: one.records for name, one in TABLES.items()} | {"a_query": 2}
