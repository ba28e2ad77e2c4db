"""What readers get, as assets: the Parquet files per period and the read-only database.

Belongs here: specs, and that they stand behind every public mart and its gates.
Does not belong here: writing them (``serving``).
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from orchestration.defs.policies import Writer
from orchestration.defs.resources import Home
from orchestration.steps.publishing import publish_marts
from orchestration.steps.step import step

SOURCE = "published"
PARTS = {
    "periods": "Parquet files of every public mart, one folder a period.",
    "snapshot": "A DuckDB file with all public marts, replaced as a whole; open it read-only.",
}


def build_publication_assets(marts: Sequence[dg.AssetKey], writer: Writer) -> dg.AssetsDefinition:
    """The assets ``[published, periods]`` and ``[published, snapshot]``.

    Args:
        marts: Every public mart; a failing blocking check of one of them stops the publication.
        writer: Pool and retries of writing steps.
    """
    specs = [
        dg.AssetSpec(key=[SOURCE, part], group_name="publication", description=about, deps=list(marts))
        for part, about in PARTS.items()
    ]

    @dg.multi_asset(name=SOURCE, specs=specs, pool=writer.pool, retry_policy=writer.retry_policy)
    def published(home: Home) -> Iterator[dg.MaterializeResult[None]]:
        with step("publish"):
            made = publish_marts(home.settings)
        for part in PARTS:
            yield dg.MaterializeResult(asset_key=[SOURCE, part], metadata=made)

    return published
