"""The jobs: ``land`` extracts, ``pay`` computes and publishes, ``publish`` only that, ``close_month`` also a payroll.

Belongs here: the selection of each job. Does not belong here: when they run (``defs.schedules``, ``sensors``).
"""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.assets.payroll import PAYROLL, SCORECARDS
from orchestration.defs.assets.publication import ALERTS, DATABASE, MONTHS, PERIODS, REPORTS, SNAPSHOT
from orchestration.defs.assets.sources import BACKFILL
from orchestration.defs.sensors import alert_of_failure

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

    Jobs = dict[str, UnresolvedAssetJobDefinition]


def build_jobs() -> "Jobs":
    """The jobs by name; all stop at a failing blocking check."""
    landed = dg.AssetSelection.groups("files", "sources")
    months = dg.AssetSelection.assets(PAYROLL, SCORECARDS)
    of_months = dg.AssetSelection.checks_for_assets(PAYROLL, SCORECARDS)
    # a month is published, and days of a report are read again, by hand only; a run does all of them
    by_hand = dg.AssetSelection.assets(PERIODS) | dg.AssetSelection.groups(BACKFILL)
    every = dg.AssetSelection.all() - by_hand | dg.AssetSelection.all_asset_checks()
    return {
        "land": dg.define_asset_job(
            "land",
            selection=landed,
            hooks={alert_of_failure},
            description="Extraction only: land deliveries in the raw layer and validate them at the first gate.",
        ),
        "pay": dg.define_asset_job(
            "pay",
            selection=every - months - of_months,
            hooks={alert_of_failure},
            description="Everything: land, load plans, compute, test, validate, publish, report, alert.",
        ),
        "publish": dg.define_asset_job(
            "publish",
            selection=dg.AssetSelection.assets(SNAPSHOT, DATABASE, REPORTS, ALERTS),
            hooks={alert_of_failure},
            description="The marts of the last calculation, when they have passed every gate: publish, report, alert.",
        ),
        "close_month": dg.define_asset_job(
            "close_month",
            selection=every,
            partitions_def=MONTHS,
            hooks={alert_of_failure},
            description="Everything of pay, then a month of payroll and scorecards: notes the calculation in the "
            "ledger and says what hinders the approval. Nothing is approved or locked.",
        ),
    }
