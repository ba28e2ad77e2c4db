"""A mart is one dataset to every reader of Parquet, whole or by month, with exact decimals and its descriptions."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from serving import MartDocument, publish
from tests.unit.serving import warehouse as tiny

MONTHS = """
    create table marts.dim_period as select * from (values
        ('2026-09', date '2026-09-01'), ('2026-10', date '2026-10-01'), ('2026-11', date '2026-11-01')
    ) as t(period, starts_on)
"""
LINES = "fct_payout_lines"
DOCUMENTS = {
    LINES: MartDocument(
        "Lines, one row each; it's said.",
        {"line_id": "Identifier.", "amount": "Amount in 元."},
        frozenset({"line_id", "amount"}),
        ("line_id",),
    )
}
DECIMAL = pa.decimal128(18, 2)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The folder of a publication with three computed months, of which lines are in two."""
    warehouse = tiny.build(tmp_path / "w.duckdb", MONTHS)
    return publish(warehouse, tmp_path / "published", publication={}, documents=DOCUMENTS).folder


def by_dataset(folder: Path) -> pa.Table:
    return ds.dataset(folder, partitioning="hive").to_table()


def by_pyarrow(folder: Path) -> pa.Table:
    table = pq.read_table(folder)
    return table.set_column(table.column_names.index("period"), "period", table["period"].cast(pa.string()))


def by_duckdb(folder: Path) -> pa.Table:
    return duckdb.sql(f"select * from read_parquet('{folder}/**/*.parquet')").to_arrow_table()


def by_pandas(folder: Path) -> pa.Table:
    frame = pd.read_parquet(folder, dtype_backend="pyarrow")
    return pa.Table.from_pandas(frame.astype({"period": pd.ArrowDtype(pa.string())}), preserve_index=False)


READERS = [by_dataset, by_pyarrow, by_duckdb, by_pandas]


@pytest.mark.parametrize("read", READERS)
def test_every_reader_sees_the_same_rows_and_types(published: Path, read: Callable[[Path], pa.Table]) -> None:
    table = read(published / LINES)
    with duckdb.connect(str(published / "incentives.duckdb"), read_only=True) as snapshot:
        wanted = snapshot.execute(
            f"select * exclude (period), period from marts.{LINES} order by all"
        ).to_arrow_table()
    assert table.column_names == wanted.column_names
    assert table.schema.field("period").type == pa.string()
    assert table.schema.field("amount").type == DECIMAL
    order = [(name, "ascending") for name in wanted.column_names]
    assert table.sort_by(order).to_pylist() == wanted.sort_by(order).to_pylist()
    assert sum(table["amount"].to_pylist()) == Decimal("45.00")


def test_a_month_without_rows_has_a_file_with_the_schema(published: Path) -> None:
    folders = sorted(path.name for path in (published / LINES).iterdir())
    assert folders == ["period=2026-09", "period=2026-10", "period=2026-11"]
    empty = pq.read_table(published / LINES / "period=2026-09" / f"{LINES}.parquet", partitioning=None)
    full = pq.read_table(published / LINES / "period=2026-10" / f"{LINES}.parquet", partitioning=None)
    assert empty.num_rows == 0
    assert empty.schema.equals(full.schema, check_metadata=True)
    assert "period" not in empty.column_names


@pytest.mark.parametrize("read", READERS)
def test_an_empty_mart_is_read_with_its_schema(published: Path, read: Callable[[Path], pa.Table]) -> None:
    table = read(published / "fct_empty")
    assert table.num_rows == 0
    assert table.column_names == ["amount", "period"]


def test_a_mart_with_neither_rows_nor_months_has_one_file(computed: Path, tmp_path: Path) -> None:
    folder = publish(computed, tmp_path / "published", publication={}).folder
    assert (folder / "fct_empty" / "fct_empty.parquet").is_file()
    for read in READERS:
        assert read(folder / "fct_empty").schema.names == ["period", "amount"]


def test_files_carry_the_descriptions_and_the_key(published: Path) -> None:
    schema = ds.dataset(published / LINES, partitioning="hive").schema
    assert schema.metadata == {b"description": b"Lines, one row each; it's said.", b"primary_key": b"line_id"}
    assert schema.field("amount").metadata[b"description"].decode() == "Amount in 元."
    assert schema.field("status").metadata is None


def test_large_marts_give_the_same_bytes_with_any_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = """
        create table marts.fct_many as
        select case when i % 3 = 0 then '2026-10' else '2026-11' end as period, md5(cast(i as varchar)) as id,
            cast(i as decimal(18, 2)) / 7 as amount
        from range(400000) as t(i)
    """
    warehouse = tiny.build(tmp_path / "w.duckdb", many)
    connect, found = duckdb.connect, set()
    for threads in (1, 4):
        monkeypatch.setattr(
            duckdb,
            "connect",
            lambda *path, threads=threads, **options: connect(*path, **options, config={"threads": threads}),
        )
        report = publish(warehouse, tmp_path / f"published{threads}", publication={})
        found.add(report.publication_id)
    path = report.folder / "fct_many/period=2026-11/fct_many.parquet"
    groups = pq.read_metadata(path)
    assert len(found) == 1
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [
        *(122_880, 122_880, 20_906)
    ]
