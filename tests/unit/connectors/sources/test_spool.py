"""Records on their way lie in files: in their order, whatever columns their batches have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from duckdb import DuckDBPyConnection

from connectors.common.warehouse import in_memory
from connectors.sources.extraction.spool import Batch, Spool


@pytest.fixture
def connection() -> Iterator[DuckDBPyConnection]:
    with in_memory() as made:
        yield made


@pytest.fixture
def spool(connection: DuckDBPyConnection, tmp_path: Path) -> Spool:
    return Spool(connection, tmp_path, "incoming_orders")


def _rows(connection: DuckDBPyConnection) -> list[tuple[object, ...]]:
    return connection.execute("select * from incoming_orders order by position").fetchall()


def test_batches_keep_their_order_when_columns_change(connection: DuckDBPyConnection, spool: Spool) -> None:
    plain = Batch(
        pa.table({"record_id": ["A"], "record": ["{}"], "is_deleted": [True], "cursor_value": ["1"]})
    )
    made = Batch(
        pa.table({"c0": [7, 8], "c1": [None, "x"]}),
        record_id="CAST(c0 AS VARCHAR)",
        record="CAST(json_object('id', c0, 'word', c1) AS VARCHAR)",
        is_deleted="false",
        cursor_value="CAST(NULL AS VARCHAR)",
    )
    for batch in (plain, made, plain):
        spool.add(batch)
    spool.close()
    assert spool.rows == 4
    assert _rows(connection) == [
        (0, "A", "{}", True, "1"),
        (1, "7", '{"id":7,"word":null}', False, None),
        (2, "8", '{"id":8,"word":"x"}', False, None),
        (3, "A", "{}", True, "1"),
    ]


def test_rows_lie_in_files_of_a_bounded_size(
    connection: DuckDBPyConnection, spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sources.extraction.spool._FILE", 1000)
    for number in range(20):
        text = [f"{number}" * 200]
        spool.add(
            Batch(pa.table({"record_id": text, "record": text, "is_deleted": [False], "cursor_value": text}))
        )
    spool.close()
    assert len(list(tmp_path.iterdir())) > 3
    assert [row[0] for row in _rows(connection)] == list(range(20))


def test_no_batch_is_no_row(connection: DuckDBPyConnection, spool: Spool) -> None:
    spool.close()
    assert _rows(connection) == []


def test_a_batch_without_rows_is_none(connection: DuckDBPyConnection, spool: Spool) -> None:
    spool.add(Batch(pa.table({"record_id": [], "record": [], "is_deleted": [], "cursor_value": []})))
    spool.close()
    assert _rows(connection) == []
