"""Alerts with the settings of this home: of a run's checks, of a failure, and for the command line.

Belongs here: what is taken from settings and from a run's events. Does not belong here: sending (``serving.alerts``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterEvent, DagsterInstance

    from serving.alerts import AlertReport, Channel, Checks, Wording

SECONDS_IN_A_RUN = 10.0


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """The channels of ``INCENTIVES_ALERT_CHANNELS``.

    Raises:
        serving.alerts.ChannelError: The setting cannot be taken.
    """
    from serving.alerts import parse_channels

    return parse_channels(settings.alert_channels.get_secret_value())


def wording_of(settings: Settings) -> Wording:
    """How alerts are told here."""
    from serving.alerts import Closed, Wording

    return Wording(
        settings.alert_language, settings.timezone, Closed(settings.alert_closed), settings.alert_max_messages
    )


def send_alerts(
    settings: Settings,
    database: Path | None,
    *,
    checks: Checks | None = None,
    patience: float = SECONDS_IN_A_RUN,
    is_urgent: bool = False,
) -> AlertReport:
    """Take in the present alerts and send what the channels do not know yet.

    Args:
        settings: Home, channels, language.
        database: Warehouse or snapshot; None after a run that published nothing.
        checks: The checks of a run; None when there was no run.
        patience: Seconds this may wait for pace and retries.
        is_urgent: Also try channels that failed a short while ago.

    Raises:
        serving.alerts.ChannelError: The channels cannot be read.
        serving.alerts.SenderBusyError: Another process is sending.
    """
    from serving.alerts import deliver_alerts

    return deliver_alerts(
        database,
        settings.home,
        channels_of(settings),
        checks=checks,
        wording=wording_of(settings),
        patience=patience,
        is_urgent=is_urgent,
    )


@dataclass(frozen=True)
class NotPassed:
    """A check that did not pass, or a step that failed, as an alert describes it."""

    asset: str
    check: str
    about: str


def checks_of_run(instance: DagsterInstance, dagster_run: str) -> list[NotPassed]:
    """The checks of a run that did not pass, and the steps that failed for another reason than a check.

    Args:
        instance: Where Dagster keeps its events.
        dagster_run: The run.
    """
    from dagster import DagsterEventType

    wanted = {DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.STEP_FAILURE}
    found: list[NotPassed] = []
    faults: list[NotPassed] = []
    for entry in instance.all_logs(dagster_run, of_type=wanted):
        event = entry.dagster_event
        if event is None:
            continue
        if event.event_type is DagsterEventType.ASSET_CHECK_EVALUATION:
            one = event.asset_check_evaluation_data
            if not one.passed:
                key = "/".join(one.asset_key.path)
                found.append(NotPassed(key, one.check_name, one.description or ""))
        else:
            faults.append(NotPassed("run", str(event.step_key), _reason_of(event)))
    return found or faults


def has_checked_marts(instance: DagsterInstance, dagster_run: str) -> bool:
    """Whether a run has checked any mart; a run that has not knows nothing of the failed checks of before."""
    from dagster import DagsterEventType

    entries = instance.all_logs(dagster_run, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
    events = (entry.dagster_event for entry in entries)
    return any(event and event.asset_check_evaluation_data.asset_key.path[0] == "marts" for event in events)


def _reason_of(event: DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return data.user_failure_data.description
    return data.error.message.strip() if data.error else "the step failed"


def alert_failure(settings: Settings, instance: DagsterInstance, dagster_run: str) -> AlertReport:
    """Send what a failed run left: its checks that did not pass, else its failed steps.

    Args:
        settings: Home, channels, language.
        instance: Where Dagster keeps its events.
        dagster_run: The run.
    """
    from serving.alerts import Checks

    failed = checks_of_run(instance, dagster_run)
    failed = failed or [NotPassed("run", "run", "the run ended before it was done")]
    return send_alerts(settings, None, checks=Checks(failed, are_all=False))
