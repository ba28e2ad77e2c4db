"""The books as the computation reads them: one asset for each table of ``raw_ledger``.

Belongs here: specs. Does not belong here: entries and archives (``ledger``), loading them (``books.home``).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ledger.tables import TABLES
from orchestration.books.home import load_home_books
from orchestration.defs.outputs import untouched
from orchestration.defs.policies import POOL
from orchestration.defs.resources import HomeResource
from orchestration.runtime.progress_events import emit
from orchestration.steps.step import step

SOURCE = "ledger"
#: the ledger is loaded after the landing, which makes the warehouse
LANDED = [dg.AssetKey(["files", "loads"])]


def build_ledger_assets() -> dg.AssetsDefinition:
    """The assets ``[ledger, <table>]``."""
    specs = [
        dg.AssetSpec(key=[SOURCE, table], deps=LANDED, group_name=SOURCE, kinds={"duckdb"}, skippable=True)
        for table in TABLES
    ]

    @dg.multi_asset(name=SOURCE, specs=specs, can_subset=True, pool=POOL)
    def ledger(context: dg.AssetExecutionContext, home: HomeResource) -> Iterator[Any]:
        with step("books"):
            counts = load_home_books(home.settings)
            if counts["closed_periods"]:
                emit(
                    "books",
                    "note",
                    f"{counts['closed_periods']} closed months, {counts['locked_lines']:,} locked lines",
                )
        filled = {dg.AssetKey([SOURCE, table]) for table, rows in counts.items() if rows}
        for key in sorted(filled & context.selected_asset_keys):
            yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": counts[key.path[-1]]})
        yield from untouched(context, context.selected_asset_keys - filled)

    return ledger
