"""The example queries of docs/marts.md run on the published snapshot of the demo company, and give rows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from scripts.make_docs import questions

#: marts that may be empty in the demo company: nobody is far above target, nothing is above a deal or after the as-of,
#: and no month of it is closed
MAY_BE_EMPTY = {
    "above_deal",
    "fct_true_up_causes",
    "in_the_future",
    "open_quarantine",
    "period_ledger",
    "rpt_talent_signals",
}


@pytest.mark.slow
def test_an_example_query_gives_rows(demo_home: Path) -> None:
    with duckdb.connect(str(demo_home / "published" / "incentives.duckdb"), read_only=True) as connection:
        rows = {mart: len(connection.execute(one["query"]).fetchall()) for mart, one in questions().items()}
    assert {mart for mart, count in rows.items() if not count} <= MAY_BE_EMPTY
