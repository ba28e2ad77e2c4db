"""The landed files: one asset for each raw table, all landed together.

Belongs here: specs and configuration of the landing. Does not belong here: reading files (``connectors.files``).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from connectors.files import DeliverySpec
from orchestration.defs.outputs import untouched
from orchestration.defs.policies import POOL
from orchestration.defs.resources import HomeResource
from orchestration.steps.landing.deliveries import Landed, land, raw_table_names, row_counts
from orchestration.steps.step import step
from orchestration.steps.zones import delivery_timezone

SOURCE = "files"
ACCEPTED = dg.AssetCheckSpec(
    "deliveries_accepted",
    asset=[SOURCE, "loads"],
    description="Every complete delivery of the inbox was taken; a refused one lies in inbox/rejected with its report.",
)


class DeliveryConfig(dg.Config):
    """What to land. Without a folder: every complete folder of the inbox that has not been landed.

    Args:
        folder: The delivery folder.
        mapping: A mapping file, for exports in another shape.
        snapshot: The delivery is complete: rows it lacks are deleted.
        allow_shrink: Accept far fewer rows than the last delivery had.
        encoding: Of the text files; none: found out.
    """

    folder: str | None = None
    mapping: str | None = None
    snapshot: bool = False
    allow_shrink: bool = False
    encoding: str | None = None

    def spec(self, timezone: str) -> DeliverySpec | None:
        """The delivery to land, None for the inbox.

        Args:
            timezone: Of timestamps without an offset.
        """
        if self.folder is None:
            return None
        mapping = Path(self.mapping) if self.mapping else None
        return DeliverySpec(
            Path(self.folder), mapping, self.snapshot, self.allow_shrink, timezone, self.encoding
        )


def build_files_assets(extracted: Iterable[dg.AssetKey] = ()) -> dg.AssetsDefinition:
    """The assets ``[files, <table>]``.

    Args:
        extracted: Records of connected systems, which are landed here too.
    """
    deps = list(extracted)
    specs = [
        dg.AssetSpec(
            key=[SOURCE, table], deps=deps, group_name=SOURCE, kinds={"duckdb", "file"}, skippable=True
        )
        for table in raw_table_names()
    ]

    @dg.multi_asset(
        name=SOURCE,
        specs=specs,
        check_specs=[ACCEPTED],
        can_subset=True,
        pool=POOL,
    )
    def files(context: dg.AssetExecutionContext, config: DeliveryConfig, home: HomeResource) -> Iterator[Any]:
        with step("land", config.folder or "inbox"):
            landed = land(home.settings, config.spec(delivery_timezone(home.settings)))
            counts = row_counts(home.settings.warehouse, "raw_files", raw_table_names())
        arrived = {dg.AssetKey([SOURCE, table]) for table in landed.tables}
        for key in sorted(arrived & context.selected_asset_keys):
            yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": counts[key.path[-1]]})
        yield from untouched(context, context.selected_asset_keys - arrived)
        if ACCEPTED.key in context.selected_asset_check_keys:
            yield accepted_result(landed)

    return files


def accepted_result(landed: Landed) -> dg.AssetCheckResult:
    """Whether every delivery was taken; names those that were not and those that were skipped."""
    return dg.AssetCheckResult(
        asset_key=ACCEPTED.asset_key,
        check_name=ACCEPTED.name,
        passed=not landed.rejected,
        severity=dg.AssetCheckSeverity.ERROR,
        description="\n".join(f"rejected: {name}: {why}" for name, why in landed.rejected) or None,
        metadata={
            "landed": [report.load_id or "" for report in landed.reports],
            "rejected": [list(one) for one in landed.rejected],
            "skipped": [list(one) for one in landed.skipped],
        },
    )
