"""What starts a run when something arrives, and what happens when a run fails.

Belongs here: the sensor on the inbox, the sensor and the hook on failures.
Does not belong here: when a folder is complete (``steps.landing.inbox``), what an alert says (``steps.alerting``).
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.policies import STARTED_AGAIN
from orchestration.settings import Settings
from orchestration.steps.alerting import alert_failure
from orchestration.steps.landing.inbox import InboxDelivery, complete_deliveries, delivery_key

if TYPE_CHECKING:
    from orchestration.defs.jobs import Jobs

#: runs that may fail on the same content of the inbox before a person has to look
ATTEMPTS = 3
CONTENT_TAG = "incentives/inbox_content"


def request_for(deliveries: Sequence[InboxDelivery], failed: Callable[[str], int]) -> dg.RunRequest | None:
    """The run that lands what lies in the inbox, configured like any other run.

    The same names and contents are requested once; again when that run failed and left them in the inbox.

    Args:
        deliveries: The complete ones.
        failed: How many runs of the same content (a hash) have failed.

    Returns:
        None when so many runs failed that a person has to look at them.
    """
    keys = "\n".join(delivery_key(one) for one in deliveries)
    content = hashlib.sha256(keys.encode()).hexdigest()
    attempt = failed(content)
    if attempt >= ATTEMPTS:
        return None
    return dg.RunRequest(
        run_key=f"{content}-{attempt}",
        tags={
            "incentives/deliveries": ", ".join(one.name for one in deliveries),
            CONTENT_TAG: content,
            **STARTED_AGAIN,
        },
    )


def _failed_runs(instance: dg.DagsterInstance, content: str) -> int:
    failed = dg.RunsFilter(tags={CONTENT_TAG: content}, statuses=[dg.DagsterRunStatus.FAILURE])
    # Dagster itself starts those again whose process died
    return sum(run.tags.get("dagster/will_retry") != "true" for run in instance.get_runs(failed))


def build_sensors(jobs: "Jobs", settings: Settings) -> list[dg.SensorDefinition]:
    """The sensor on ``HOME/inbox``, and the one on failed runs."""

    @dg.sensor(
        name="delivery_landed",
        job=jobs["pay"],
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Runs pay when a complete delivery folder lies in the inbox.",
    )
    def delivery_landed(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        deliveries = complete_deliveries(settings, time.time())
        if not deliveries:
            yield dg.SkipReason(f"no complete delivery lies in {settings.inbox}")
            return
        request = request_for(deliveries, partial(_failed_runs, context.instance))
        yield request or dg.SkipReason(
            f"{ATTEMPTS} runs of {', '.join(one.name for one in deliveries)} failed: see why in their logs, then "
            "`incentives run`, or give the folder another name"
        )

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
