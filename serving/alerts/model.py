"""Plain data of alerts: an alert, a message about alerts, its states and results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

FAILED_CHECK = "failed_check"
KINDS = (
    "late",
    "skipped",
    "out_of_order",
    "abnormal_transfer",
    "relabelled",
    "internal_circulation",
    "held_payout",
    FAILED_CHECK,
)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person has to look at; times are UTC.

    Attributes:
        alert_id: Survives recalculation: the same cause has the same id.
        responsible: Employee id; empty for nobody in particular.
        is_open: Whether it still has to be dealt with.
        is_lapsed: Closed because nobody mended it for so long that it is without effect; not kept in the state.
        occurrence: 1 for the first time, 2 when it came back after it was closed.
    """

    alert_id: str
    kind: str
    raised_at: datetime
    detail: str = ""
    customer_key: str = ""
    customer_name: str = ""
    deal_id: str = ""
    stage: str = ""
    responsible: str = ""
    responsible_name: str = ""
    due_at: datetime | None = None
    is_open: bool = True
    closed_at: datetime | None = None
    occurrence: int = 1
    is_lapsed: bool = False

    @property
    def since(self) -> datetime:
        """What its age is counted from."""
        return self.due_at or self.raised_at


class FailedCheck(Protocol):
    """A check that did not pass, as whoever ran it describes it."""

    @property
    def asset(self) -> str:
        """The asset that was validated."""

    @property
    def check(self) -> str:
        """The name of the check."""

    @property
    def about(self) -> str:
        """What it found."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of a run.

    Attributes:
        failed: Those that did not pass.
        are_all: All checks were run, so that an earlier failure that is not among these is closed.
    """

    failed: Sequence[FailedCheck] = ()
    are_all: bool = True


class Closed(StrEnum):
    """What is sent when an alert is closed."""

    SILENT = "silent"
    MESSAGE = "message"


class MessageState(StrEnum):
    """The way of a message.

    `claimed` is recorded before anything is done with it, `sending` before its first byte leaves; `unconfirmed`
    means that nobody knows whether it arrived.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    WITHDRAWN = "withdrawn"


class MessageKind(StrEnum):
    """What a message is about."""

    ALERT = "alert"
    CLOSED = "closed"
    SUMMARY = "summary"
    CLOSED_SUMMARY = "closed_summary"
    DIGEST = "digest"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one channel.

    Attributes:
        message_id: The idempotency key; the same message has the same id however often it is sent.
        first_part: Id of the first part of a text that needs several messages; its own id otherwise.
        alerts: (alert_id, occurrence) of what it tells.
        covers: Ids of the unconfirmed messages a notice speaks of.
    """

    message_id: str
    channel: str
    kind: MessageKind
    title: str
    body: str
    first_part: str
    alerts: Sequence[tuple[str, int]] = ()
    covers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ChannelReport:
    """What happened on one channel.

    Attributes:
        sent: Messages that arrived.
        waiting: Messages kept for later.
        unconfirmed: Messages that may or may not have arrived.
        error: Why something waits, or None.
    """

    channel: str
    sent: int = 0
    waiting: int = 0
    unconfirmed: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the alerts since the last delivery.

    Attributes:
        raised: Alerts that are new or came back.
        closed: Alerts that were closed, those that lapsed among them.
        lapsed: Alerts that lapsed: nobody mended them in time.
    """

    raised: int = 0
    closed: int = 0
    lapsed: int = 0


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What a delivery of alerts did.

    Attributes:
        open: Open alerts now.
        raised: Alerts that are new or came back.
        closed: Alerts that were closed, those that lapsed among them.
        lapsed: Alerts that lapsed.
    """

    open: int
    raised: int
    closed: int
    lapsed: int
    channels: Sequence[ChannelReport] = field(default_factory=tuple)

    @property
    def sent(self) -> int:
        """Messages that arrived, on all channels."""
        return sum(one.sent for one in self.channels)

    @property
    def waiting(self) -> int:
        """Messages kept for later, on all channels."""
        return sum(one.waiting for one in self.channels)

    @property
    def errors(self) -> tuple[str, ...]:
        """What went wrong, in sentences."""
        return tuple(f"{one.channel}: {one.error}" for one in self.channels if one.error)
