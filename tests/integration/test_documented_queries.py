"""The example queries of docs/marts.md run on the demo company, and give rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from scripts.make_docs import questions

#: nobody of the demo company is far above target for months
EMPTY = {"rpt_talent_signals"}


@pytest.mark.slow
def test_an_example_query_gives_rows(demo_warehouse: Path) -> None:
    with duckdb.connect(str(demo_warehouse), read_only=True) as connection:
        rows = {mart: len(connection.execute(one["query"]).fetchall()) for mart, one in questions().items()}
    assert {mart for mart, count in rows.items() if not count} == EMPTY
