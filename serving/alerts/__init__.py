"""Alerts: conditions that someone has to deal with, sent once on every channel.

Belongs here: the way from an alert of the marts, or a failed check, to a message: state, outbox, channels, digest. Does
not belong here: what raises an alert (dbt_project), when this runs (orchestration).
"""

from serving.alerts.channels import Channel, ChannelError, Policy, parse_channels
from serving.alerts.deliver import (
    AlertState,
    Outside,
    SenderBusyError,
    alert_state,
    deliver_alerts,
    overview_text,
    send_digest,
)
from serving.alerts.model import Alert, AlertReport, ChannelReport, Checks, Closed, FailedCheck
from serving.alerts.planning import Wording
from serving.alerts.sending.drain import Clock

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
