"""`sql` against a real PostgreSQL: exact values, odd names, history tables, a cursor that is an expression."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from connectors.sources.checking import check
from tests.support.extracted import Home, write_sources
from tests.support.postgres import postgresql
from tests.support.served_company import url_as

OPPORTUNITY = """
create table opportunity (
    id integer primary key, number text, amount numeric(24, 4), probability double precision,
    quotation_validity interval, is_active boolean, create_date timestamptz, write_date timestamptz,
    start_date date, lost_reason text, terms jsonb, big bigint, payload bytea, password_hash text
)"""
ROWS = """
insert into opportunity values
(1, 'A:1 100%', 12345678901234567890.1234, 0.1, '3 days 02:00', true, '2026-03-01 10:00:00.123456+08', null,
 '2026-03-01', null, '{"days": 30}', 9007199254740993, '\\x00ff', 'never'),
(2, null, 0.0100, null, null, false, '2026-03-01 00:00:00+08', '2026-03-05 00:00:00+08', null, null, null, null,
 null, 'never')"""
HISTORY = """
create table opportunity__history (__id serial primary key, id integer, amount numeric(18, 2), write_date timestamp)"""
MONEY = """
create table money as select n as id, amount, amount::numeric(30, 6) as rounded from (values
    (1, 0.1::numeric), (2, 1.50), (3, -0.000000000000000000000000000001), (4, 98765432109876543210.0123456789),
    (5, null), (6, 1e-20), (7, 1e20), (8, 0.00), (9, -1.0)) as given (n, amount)"""
NO_NUMBERS = "insert into money values (10, 'NaN', 'NaN'), (11, 'Infinity', null), (12, '-Infinity', null)"
MOVES = 'create table "account_invoice-account_move_line" (invoice integer, line integer, "Net Amount" numeric(18, 2))'
RESOURCES: dict[str, dict[str, Any]] = {
    "opportunities": {
        "query": "select *, coalesce(write_date, create_date) as updated_at from opportunity where number is null "
        "or number like '%:1 100%' or extract(hour from create_date::time) >= 0",
        "key": "id",
        "cursor": "updated_at",
        "exclude": "password_hash",
    },
    "history": {"table": "opportunity__history", "key": "__id", "cursor": "__id", "sweep": "false"},
    "money": {"table": "money", "key": "id"},
    "money_of_a_query": {"query": "select * from money where id < 10", "key": "id"},
    "payments": {"table": "account_invoice-account_move_line", "key": ["invoice", "line"]},
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def erp(server: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop schema public cascade; create schema public")
        for statement in (OPPORTUNITY, ROWS, HISTORY, MONEY, NO_NUMBERS, MOVES):
            connection.execute(statement)
        yield connection


@pytest.fixture
def home(erp: psycopg.Connection, server: str, tmp_path: Path) -> Home:
    del erp  # it is filled
    (tmp_path / "url").write_text(server, encoding="utf-8")
    entry = {
        "name": "erp",
        "type": "sql",
        "resources": RESOURCES,
        "secrets": {"url": {"file": str(tmp_path / "url")}},
        "mapping": {
            "transactions": {
                "from": "opportunities",
                "columns": {
                    "transaction_id": "id",
                    "deal_id": {"constant": "D1"},
                    "kind": {"constant": "invoice"},
                    "amount": {"column": "amount", "number": {"round": "2"}},
                    "currency": {"constant": "CNY"},
                    "occurred_at": "create_date",
                },
            }
        },
    }
    write_sources(tmp_path / "sources.yml", entry)
    return Home(tmp_path)


def _extract(home: Home) -> dict[str, int]:
    report = home.extract()
    assert report.failures == []
    return {one.resource: one.rows_new for one in report.resources}


def test_values_arrive_exactly_and_nothing_that_is_excluded(home: Home) -> None:
    _extract(home)
    found = home.truth("raw_sql.opportunities")
    assert found["1"] == {
        "id": 1,
        "number": "A:1 100%",
        "amount": "12345678901234567890.1234",
        "probability": 0.1,
        "quotation_validity": "3 days 02:00:00",
        "is_active": True,
        "create_date": "2026-03-01 02:00:00.123456+00",
        "write_date": None,
        "start_date": "2026-03-01",
        "lost_reason": None,
        "terms": '{"days": 30}',
        "big": "9007199254740993",
        "payload": "AP8=",
        "updated_at": "2026-03-01 02:00:00.123456+00",
    }
    assert found["2"]["amount"] == "0.0100"
    kinds = home.rows("select field_types from raw_sql.extractions where resource = 'opportunities'")[0][0]
    assert json.loads(kinds)["quotation_validity"] == "string", "a column keeps its kind where it is empty"


def test_a_row_has_the_hash_it_always_had(home: Home) -> None:
    _extract(home)
    found = dict(home.rows("select record_id, content_hash from raw_sql.opportunities"))
    assert found == {
        "1": "6fdf169816472de43f5292acda92367157a9a0981a52e255583346a306084662",
        "2": "93813653a8e906a05df828318ca20f7ded4456c560468c340fc0fd431177f429",
    }, "another one would make a version of every row of every warehouse"


def test_a_numeric_is_the_text_the_server_writes(home: Home, erp: psycopg.Connection) -> None:
    _extract(home)
    written = erp.execute("select id::text, amount::text, rounded::text from money").fetchall()
    expected = {key: {"id": int(key), "amount": amount, "rounded": other} for key, amount, other in written}
    assert home.truth("raw_sql.money") == expected, "whatever its precision, also where it is no number"
    finite = {key: record for key, record in expected.items() if int(key) < 10}
    assert home.truth("raw_sql.money_of_a_query") == finite, "the driver writes numbers alike"


def test_the_cursor_may_be_an_expression(home: Home, erp: psycopg.Connection) -> None:
    assert _extract(home)["opportunities"] == 2
    assert _extract(home)["opportunities"] == 0
    erp.execute("update opportunity set amount = 7, write_date = '2026-03-06 00:00:00+08' where id = 1")
    erp.execute(
        "insert into opportunity (id, amount, create_date) values (3, 1, '2026-03-04 23:55:00+08')"
    )  # by a clock that is behind
    assert _extract(home)["opportunities"] == 2
    assert home.truth("raw_sql.opportunities")["1"]["amount"] == "7.0000"
    erp.execute("delete from opportunity where id = 2")
    assert _extract(home)["opportunities"] == 1
    assert set(home.truth("raw_sql.opportunities")) == {"1", "3"}


def test_a_history_table_keeps_both_of_its_ids(home: Home, erp: psycopg.Connection) -> None:
    erp.execute("insert into opportunity__history (id, amount) values (7, 1), (7, 2), (8, 3)")
    assert _extract(home)["history"] == 3
    erp.execute("insert into opportunity__history (id) values (7)")  # the tombstone of a deletion
    assert _extract(home)["history"] == 1
    found = home.truth("raw_sql.history")
    assert [(record["__id"], record["id"], record["amount"]) for record in found.values()] == [
        (1, 7, "1.00"),
        (2, 7, "2.00"),
        (3, 8, "3.00"),
        (4, 7, None),
    ]


def test_a_table_with_a_hyphen_and_a_key_of_two_columns(home: Home, erp: psycopg.Connection) -> None:
    erp.execute("""insert into "account_invoice-account_move_line" values (1, 2, 10.50), (1, 3, null)""")
    _extract(home)
    assert home.truth("raw_sql.payments") == {
        "1|2": {"invoice": 1, "line": 2, "Net Amount": "10.50"},
        "1|3": {"invoice": 1, "line": 3, "Net Amount": None},
    }


def test_a_connection_that_is_ended_in_the_middle_is_told_and_the_next_run_completes_it(
    home: Home, erp: psycopg.Connection, server: str
) -> None:
    erp.execute("insert into opportunity__history (id, amount) select n, n from generate_series(1, 5) as n")
    erp.execute(
        "create function ends(id integer) returns integer language plpgsql as $$ begin "
        "if id = 4 then perform pg_terminate_backend(pg_backend_pid()); end if; return id; end $$"
    )
    erp.execute("alter table opportunity__history rename to kept")
    erp.execute(
        "create view opportunity__history as select __id, ends(id) as id, amount, write_date from kept"
    )
    report = home.extract()
    (failure,) = report.failures
    assert failure.startswith("erp.history: ")
    assert "terminating connection due to administrator command" in failure
    assert str(urlsplit(server).password) not in failure
    erp.execute("create or replace view opportunity__history as select * from kept")
    assert home.extract().failures == []
    assert len(home.truth("raw_sql.history")) == len(home.versions("raw_sql.history")) == 5


def test_what_is_missing_is_told(home: Home, erp: psycopg.Connection, server: str) -> None:
    erp.execute("create role reader login password 'no-password'")
    erp.execute("grant usage on schema public to reader; grant select on opportunity to reader")
    (home.folder / "url").write_text(url_as(server, "reader", "no-password"), encoding="utf-8")
    found = {one.what: one for one in check(home.instances()[0])}
    assert found["opportunities"].passed
    assert not found["payments"].passed
    assert "permission denied for table account_invoice-account_move_line" in found["payments"].sentence
    (home.folder / "url").write_text(server.rpartition("/")[0] + "/nowhere", encoding="utf-8")
    (only,) = check(home.instances()[0])
    assert 'database "nowhere" does not exist' in only.sentence
