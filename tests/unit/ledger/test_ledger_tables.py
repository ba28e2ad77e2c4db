"""Loading the books into a warehouse: what is loaded anew, and what stays as the calculation left it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.common.warehouse import open_warehouse
from ledger.tables import TABLES, arrow_schema, load_books, replace_recalculated


def test_without_entries_every_table_is_there_and_empty(tmp_path: Path) -> None:
    assert load_books(tmp_path / "w.duckdb", tmp_path / "books", ()) == dict.fromkeys(TABLES, 0)


def test_lines_under_old_plans_stay_until_the_next_calculation(tmp_path: Path) -> None:
    """A run with nothing to calculate loads the books, too; an archive made after it has to hold these lines."""
    warehouse = tmp_path / "w.duckdb"
    load_books(warehouse, tmp_path / "books", ())
    row = {"line_id": "a", "period": "2026-03"}
    lines = pa.Table.from_pylist([row], schema=arrow_schema("recalculated_lines"))
    with open_warehouse(warehouse) as connection:
        replace_recalculated(connection, ["2026-03"], lines)
    counts = load_books(warehouse, tmp_path / "books", ())
    assert (counts["recalculated_periods"], counts["recalculated_lines"]) == (1, 1)
    with open_warehouse(warehouse) as connection:
        replace_recalculated(connection, (), None)
    with duckdb.connect(str(warehouse)) as connection:
        assert connection.execute("select count(*) from raw_ledger.recalculated_lines").fetchall() == [(0,)]
