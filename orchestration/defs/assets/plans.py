"""The plan tables: one asset for each, replaced as a whole from the plan files.

Belongs here: specs and configuration. Does not belong here: what a plan may say (``compensation``).
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.policies import Writer
from orchestration.defs.resources import Home
from orchestration.runtime.progress_events import emit
from orchestration.steps.landing import land_plan_files, plan_table_names, row_counts
from orchestration.steps.step import step

SOURCE = "plans"
#: plans name courses, so they are loaded after the delivery that may bring them
COURSES = [dg.AssetKey(["files", "courses"])]


class PlanFiles(dg.Config):
    """Where the plans lie.

    Args:
        folders: Files or folders; empty: those of the settings.
    """

    folders: list[str] = []


def build_plans_assets(writer: Writer) -> dg.AssetsDefinition:
    """The assets ``[plans, <table>]``.

    Args:
        writer: Pool and retries of writing steps.
    """
    specs = [
        dg.AssetSpec(key=[SOURCE, table], deps=COURSES, group_name=SOURCE, kinds={"duckdb", "yaml"})
        for table in plan_table_names()
    ]

    @dg.multi_asset(name=SOURCE, specs=specs, pool=writer.pool, retry_policy=writer.retry_policy)
    def plans(config: PlanFiles, home: Home) -> Iterator[dg.MaterializeResult[None]]:
        with step("plans"):
            land_plan_files(home.settings, config.folders)
            counts = row_counts(home.settings.warehouse, "raw_plans", plan_table_names())
            emit("plans", "note", f"{counts['plans']} plans")
        for table, rows in counts.items():
            yield dg.MaterializeResult(asset_key=[SOURCE, table], metadata={"dagster/row_count": rows})

    return plans
