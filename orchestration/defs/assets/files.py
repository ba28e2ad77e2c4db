"""The landed files: one asset for each raw table, all landed together from one delivery folder.

Belongs here: specs and configuration of the landing. Does not belong here: reading files (``connectors.files``).
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from connectors.files import DeliverySpec
from orchestration.defs.policies import Writer
from orchestration.defs.resources import Home
from orchestration.steps.landing import land, raw_table_names, reading_zone, row_counts
from orchestration.steps.step import step

SOURCE = "files"


class DeliveryConfig(dg.Config):
    """What to land. Without a folder: every complete folder in the inbox that has not been landed.

    Args:
        folder: The delivery folder.
        mapping: A mapping file, for exports in another shape.
        snapshot: The delivery is complete: rows it lacks are deleted.
        allow_shrink: Accept far fewer rows than the last delivery had.
        timezone: Of timestamps without an offset.
    """

    folder: str | None = None
    mapping: str | None = None
    snapshot: bool = False
    allow_shrink: bool = False
    timezone: str | None = None

    def spec(self, timezone: str) -> DeliverySpec | None:
        """The delivery to land, None for the inbox.

        Args:
            timezone: Of timestamps without an offset, when the configuration names none.
        """
        if self.folder is None:
            return None
        mapping = Path(self.mapping) if self.mapping else None
        return DeliverySpec(
            Path(self.folder), mapping, self.snapshot, self.allow_shrink, self.timezone or timezone
        )


def build_files_assets(writer: Writer) -> dg.AssetsDefinition:
    """The assets ``[files, <table>]``.

    Args:
        writer: Pool and retries of writing steps.
    """
    specs = [
        dg.AssetSpec(key=[SOURCE, table], group_name=SOURCE, kinds={"duckdb", "file"})
        for table in raw_table_names()
    ]

    @dg.multi_asset(name=SOURCE, specs=specs, pool=writer.pool, retry_policy=writer.retry_policy)
    def files(config: DeliveryConfig, home: Home) -> Iterator[dg.MaterializeResult[None]]:
        with step("land", config.folder or "inbox"):
            land(home.settings, config.spec(reading_zone(home.settings)), config.timezone)
            counts = row_counts(home.settings.warehouse, "raw_files", raw_table_names())
        for table, rows in counts.items():
            yield dg.MaterializeResult(asset_key=[SOURCE, table], metadata={"dagster/row_count": rows})

    return files
