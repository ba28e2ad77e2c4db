"""What starts a run when something arrives.

Belongs here: the sensor on the inbox. Does not belong here: when a folder is complete (``steps.inbox``).
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.settings import Settings
from orchestration.steps.inbox import complete_deliveries, folder_hash

if TYPE_CHECKING:
    from orchestration.defs.jobs import Jobs


def request_for(folder: Path) -> dg.RunRequest:
    """The run that lands a delivery; the same content is never requested twice."""
    return dg.RunRequest(
        run_key=folder_hash(folder),
        run_config={"ops": {"files": {"config": {"folder": str(folder)}}}},
        tags={"incentives/delivery": folder.name},
    )


def build_sensors(jobs: "Jobs", settings: Settings) -> list[dg.SensorDefinition]:
    """The sensor on ``HOME/inbox``."""

    @dg.sensor(
        name="delivery_landed",
        job=jobs["pay"],
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs pay when a complete delivery folder lies in the inbox.",
    )
    def delivery_landed(_context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
        for folder in complete_deliveries(settings.inbox, time.time()):
            yield request_for(folder)

    return [delivery_landed]
