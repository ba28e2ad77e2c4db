"""The two jobs: ``land`` extracts, ``pay`` does everything from landing to publication.

Belongs here: the selection of each job. Does not belong here: when they run (``defs.schedules``, ``sensors``).
"""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.assets.publication import PERIODS
from orchestration.defs.policies import Writer
from orchestration.defs.sensors import alert_of_failure

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    Jobs = dict[str, UnresolvedAssetJobDefinition]


def build_jobs(writer: Writer) -> "Jobs":
    """The jobs by name; both stop at a failing blocking check.

    Args:
        writer: The retries that hold for every step of a job.
    """
    landed, every = dg.AssetSelection.groups("files"), dg.AssetSelection.all()
    return {
        "land": dg.define_asset_job(
            "land",
            selection=landed,
            op_retry_policy=writer.retry_policy,
            hooks={alert_of_failure},
            description="Extraction only: land deliveries in the raw layer and validate them at the first gate.",
        ),
        "pay": dg.define_asset_job(
            "pay",
            # a single month is published by hand only; the publication of a run writes all of them
            selection=every - dg.AssetSelection.assets(PERIODS) | dg.AssetSelection.all_asset_checks(),
            op_retry_policy=writer.retry_policy,
            hooks={alert_of_failure},
            description="Everything: land, load plans, compute, test, validate, publish, report, alert.",
        ),
    }
