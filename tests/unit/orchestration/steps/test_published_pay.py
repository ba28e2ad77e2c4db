"""Which months facts arrived of since the last publication, and what the comparison reads from both sides."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from connectors.common.contract import sql_type
from connectors.files.raw_layer.tables import raw_tables
from orchestration.steps.published_pay import months_of_new_facts


@pytest.fixture
def raw(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "w.duckdb"))
    connection.execute("create schema raw_files")
    for table, columns in raw_tables().items():
        written = ", ".join(f"{name} {sql_type(kind)}" for name, kind in columns.items())
        connection.execute(f"create table raw_files.{table} ({written})")
    for number in (1, 2):
        connection.execute(
            "insert into raw_files.loads by name select ? as load_id, ? as load_seq",
            [f"load{number}", number],
        )
    return connection


def _add(raw: duckdb.DuckDBPyConnection, table: str, load: int, content: str, **values: object) -> None:
    row = {**values, "_load_id": f"load{load}", "_load_seq": load, "_content_hash": content}
    named = ", ".join(f"? as {name}" for name in row)
    raw.execute(f"insert into raw_files.{table} by name select {named}", list(row.values()))


def _deal(raw: duckdb.DuckDBPyConnection, deal_id: str, load: int, content: str, signed_at: datetime) -> None:
    _add(raw, "deals", load, content, deal_id=deal_id, signed_at=signed_at)


def test_new_and_corrected_records_count_for_the_months_of_all_their_versions(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    march, april, may = (datetime(2026, month, 15) for month in (3, 4, 5))  # noqa: DTZ001  naive UTC, as in the raw layer
    _deal(raw, "same", 1, "a", may)
    _deal(raw, "same", 2, "a", may)
    _deal(raw, "moved", 1, "b", march)
    _deal(raw, "moved", 2, "c", april)
    assert months_of_new_facts(raw, "load1") == {"2026-03", "2026-04"}
    assert months_of_new_facts(raw, "load2") == set()


def test_a_record_without_a_date_counts_for_the_months_of_its_deal(raw: duckdb.DuckDBPyConnection) -> None:
    _deal(raw, "D1", 1, "a", datetime(2026, 3, 15))  # noqa: DTZ001
    _add(raw, "deal_splits", 2, "b", deal_id="D1", employee_id="E1", pool="closing")
    assert months_of_new_facts(raw, "load1") == {"2026-03"}


def test_a_period_counts_for_all_its_months(raw: duckdb.DuckDBPyConnection) -> None:
    _add(raw, "targets", 2, "a", employee_id="E1", kpi_id="k", period="2026-Q2")
    assert months_of_new_facts(raw, "load1") == {"2026-04", "2026-05", "2026-06"}


def test_without_the_load_of_the_publication_nothing_is_known_to_be_new(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    _deal(raw, "D1", 2, "a", datetime(2026, 3, 15))  # noqa: DTZ001
    assert months_of_new_facts(raw, None) == months_of_new_facts(raw, "unknown") == set()
