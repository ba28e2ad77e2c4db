"""What starts a run when something arrives, and what happens when a run fails.

Belongs here: the sensor on the inbox, the sensor and the hook on failures.
Does not belong here: when a folder is complete (``steps.inbox``), what an alert says (``steps.alerting``).
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.settings import Settings
from orchestration.steps.alerting import alert_failure
from orchestration.steps.inbox import InboxDelivery, complete_deliveries, delivery_key

if TYPE_CHECKING:
    from orchestration.defs.jobs import Jobs


def request_for(deliveries: Sequence[InboxDelivery]) -> dg.RunRequest:
    """The run that lands what lies in the inbox, configured like any other run.

    Args:
        deliveries: The complete ones; the same names and contents are never requested twice.
    """
    keys = "\n".join(delivery_key(one) for one in deliveries)
    return dg.RunRequest(
        run_key=hashlib.sha256(keys.encode()).hexdigest(),
        tags={"incentives/deliveries": ", ".join(one.name for one in deliveries)},
    )


def build_sensors(jobs: "Jobs", settings: Settings) -> list[dg.SensorDefinition]:
    """The sensor on ``HOME/inbox``, and the one on failed runs."""

    @dg.sensor(
        name="delivery_landed",
        job=jobs["pay"],
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs pay when a complete delivery folder lies in the inbox.",
    )
    def delivery_landed(_context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        deliveries = complete_deliveries(settings, time.time())
        if deliveries:
            yield request_for(deliveries)
        else:
            yield dg.SkipReason(f"no complete delivery lies in {settings.inbox}")

    @dg.run_failure_sensor(
        name="run_failed",
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Sends an alert for every failed run, also of one whose process was killed.",
    )
    def run_failed(context: dg.RunFailureSensorContext) -> None:
        alert_failure(settings, context.instance, context.dagster_run.run_id)

    return [delivery_landed, run_failed]


@dg.failure_hook(name="alert_of_failure", required_resource_keys={"home"})
def alert_of_failure(context: dg.HookContext) -> None:
    """Send an alert as soon as a step fails: the command line has no sensors."""
    alert_failure(context.resources.home.settings, context.instance, context.run_id)
