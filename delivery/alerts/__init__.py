"""Alerts: what has to be looked at, told once on every channel.

Here belongs the way from an alert in the marts, or a failed check, to a message on a phone: state, outbox, channels,
digest. Not here: what raises an alert (dbt_project), when this runs (orchestration).
"""

from delivery.alerts.channels import Channel, ChannelError, Policy, parse_channels
from delivery.alerts.deliver import (
    AlertState,
    Outside,
    SenderBusyError,
    alert_state,
    deliver_alerts,
    overview_text,
    send_digest,
)
from delivery.alerts.model import Alert, AlertReport, ChannelReport, Checks, Closed, FailedCheck
from delivery.alerts.planning import Wording
from delivery.alerts.sending import Clock

__all__ = [
    "Alert",
    "AlertReport",
    "AlertState",
    "Channel",
    "ChannelError",
    "ChannelReport",
    "Checks",
    "Clock",
    "Closed",
    "FailedCheck",
    "Outside",
    "Policy",
    "SenderBusyError",
    "Wording",
    "alert_state",
    "deliver_alerts",
    "overview_text",
    "parse_channels",
    "send_digest",
]
