"""Plan tables are replaced as a whole or not at all; the archive of plan texts only grows."""

from __future__ import annotations

import duckdb
import pytest

from compensation import land_plans
from compensation.tables import landing
from compensation.tables.schema import TABLES

BODY = "components:\n  - {{type: commission, pool: closing, rates: {{marketing: {rate}}}}}\n"


def read(warehouse, query):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def warehouse(tmp_path):
    return tmp_path / "home" / "warehouse.duckdb"


@pytest.fixture
def land(write_plan, load_folder, warehouse):
    def land_rate(rate, comment=""):
        write_plan(comment + BODY.format(rate=rate))
        return land_plans(load_folder(), warehouse)

    return land_rate


def test_every_table_is_made_with_its_types(land, warehouse):
    counts = land("0.02")
    assert set(counts) == set(TABLES)
    assert (counts["plans"], counts["commission_rates"], counts["draws"]) == (1, 1, 0)
    types = dict(
        read(warehouse, "select column_name, column_type from (describe raw_plans.commission_rates)")
    )
    assert types["rate"] == "DECIMAL(18,12)"
    assert types["valid_to"] == "DATE"
    assert read(warehouse, "select rate, valid_to from raw_plans.commission_rates where rate = 0.02 ") != []


def test_a_second_run_changes_nothing(land, warehouse):
    query = "select * from raw_plans.plan_files"
    first = land("0.02")
    rows = read(warehouse, query)
    assert land("0.02") == first
    assert read(warehouse, query) == rows


def test_rates_are_replaced_and_texts_kept(land, warehouse):
    land("0.02")
    land("0.03")
    assert read(warehouse, "select count(*), max(rate)::varchar from raw_plans.commission_rates") == [
        (1, "0.030000000000")
    ]
    texts = read(warehouse, "select content from raw_plans.plan_files order by content")
    assert [("0.02" in text, "0.03" in text) for (text,) in texts] == [(True, False), (False, True)]


def test_a_comment_makes_no_new_version(land, warehouse):
    land("0.02")
    land("0.02", comment="# reviewed\n")
    assert read(warehouse, "select count(*) from raw_plans.plan_files") == [(1,)]


def test_a_failure_leaves_what_was_there(land, warehouse, monkeypatch):
    land("0.02")

    def fail(connection, table):
        raise RuntimeError(table)

    monkeypatch.setattr(landing, "_count", fail)
    with pytest.raises(RuntimeError):
        land("0.03")
    assert read(warehouse, "select rate::varchar from raw_plans.commission_rates") == [("0.020000000000",)]
    assert read(warehouse, "select count(*) from raw_plans.plan_files") == [(1,)]


def test_a_table_that_is_no_longer_ours_goes_away(land, warehouse):
    land("0.02")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create table raw_plans.old_rules as select 1 as one")
        connection.execute("create schema other")
        connection.execute("create table other.kept as select 1 as one")
    land("0.02")
    tables = read(warehouse, "select table_name from duckdb_tables() where schema_name = 'raw_plans'")
    assert {name for (name,) in tables} == set(TABLES)
    assert read(warehouse, "select one from other.kept") == [(1,)]
