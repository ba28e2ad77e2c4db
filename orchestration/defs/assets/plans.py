"""The plan tables: one asset for each, replaced as a whole from the plans in force.

Belongs here: specs. Does not belong here: what a plan may say (``compensation``), which are in force
(``plans_in_force``).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.policies import POOL
from orchestration.defs.resources import HomeResource
from orchestration.runtime.progress_events import emit
from orchestration.steps.landing.deliveries import row_counts
from orchestration.steps.landing.plan_files import land_plan_files, plan_table_names
from orchestration.steps.step import step

SOURCE = "plans"
#: plans name courses, so they are loaded after the delivery that may bring them
COURSES = [dg.AssetKey(["files", "courses"])]
GAPS = dg.AssetCheckSpec(
    "no_day_without_a_plan",
    asset=[SOURCE, "plans"],
    description="No department has days without a plan between two plans: lines of such days are held with no_plan.",
)


def build_plans_assets() -> dg.AssetsDefinition:
    """The assets ``[plans, <table>]``."""
    specs = [
        dg.AssetSpec(
            key=[SOURCE, table], deps=COURSES, group_name=SOURCE, kinds={"duckdb", "yaml"}, skippable=True
        )
        for table in plan_table_names()
    ]

    @dg.multi_asset(
        name=SOURCE,
        specs=specs,
        check_specs=[GAPS],
        can_subset=True,
        pool=POOL,
    )
    def plans(context: dg.AssetExecutionContext, home: HomeResource) -> Iterator[Any]:
        with step("plans"):
            warnings = land_plan_files(home.settings).warnings
            counts = row_counts(home.settings.warehouse, "raw_plans", plan_table_names())
            emit("plans", "note", f"{counts['plans']} plans")
        for key in sorted(context.selected_asset_keys):
            yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": counts[key.path[-1]]})
        if GAPS.key in context.selected_asset_check_keys:
            yield gaps_result([str(one) for one in warnings])

    return plans


def gaps_result(warnings: Sequence[str]) -> dg.AssetCheckResult:
    """Whether no day between two plans was forgotten; names those that were (reading 47)."""
    return dg.AssetCheckResult(
        asset_key=GAPS.asset_key,
        check_name=GAPS.name,
        passed=not warnings,
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(warnings) or None,
    )
