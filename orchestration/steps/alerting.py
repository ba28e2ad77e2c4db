"""Alerts with the settings of this place: after a run, and for the command line.

Here belongs what is taken from settings and from a run's outcome. Not here: the delivery (``serving.alerts``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.settings import Settings

if TYPE_CHECKING:
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
