"""Delivery of alerts: take in, plan, send, report. A channel that fails never stops a run; it is in the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from serving.alerts.channels import Channel
from serving.alerts.marts import check_alerts, read_alerts
from serving.alerts.model import Alert, AlertReport, Changes, ChannelReport, Checks
from serving.alerts.planning import Wording, plan_channel, plan_digest, plan_notice
from serving.alerts.sending.attempt import Send
from serving.alerts.sending.drain import Clock, OnStep, Patience, Sender
from serving.alerts.sending.transport import send
from serving.alerts.store import Store, open_store
from serving.errors import ServingError

_LOCK_SECONDS = 60.0


class SenderBusyError(ServingError):
    """Another process is sending alerts."""

    exit_code = 1

    def __init__(self, path: Path) -> None:
        super().__init__(f"another process is sending alerts (it holds {path})", "Wait for it and try again.")


@dataclass(frozen=True, slots=True)
class Outside:
    """What a delivery touches besides its files; tests have their own.

    Attributes:
        send: Sends one message.
        clock: Time and waiting.
        on_step: Told of each step that is on the disk.
    """

    send: Send = send
    clock: Clock = field(default_factory=Clock)
    on_step: OnStep = lambda _: None


def deliver_alerts(
    database: Path | None,
    home: Path,
    channels: Sequence[Channel],
    *,
    checks: Checks | None = None,
    wording: Wording | None = None,
    patience: float = 10.0,
    is_urgent: bool = False,
    outside: Outside | None = None,
) -> AlertReport:
    """Take in the present alerts and send what the channels do not know yet; each is told once per channel.

    Args:
        database: Warehouse or published snapshot; None leaves alerts of the marts as they are.
        home: Home directory; the state lies in `home/alerts`.
        channels: Where to; none only keeps the state.
        checks: The checks of a run; None leaves failed checks of before as they are.
        wording: How alerts are told.
        patience: Seconds this may wait in all for pace and retries; what is left is sent the next time.
        is_urgent: Also try channels that failed a short while ago.
        outside: Other sender and clock.

    Raises:
        DatabaseMissingError: the database does not exist.
        SenderBusyError: another process has been sending for a minute.
    """
    parts, words = outside or Outside(), wording or Wording()
    now = parts.clock.now()
    alerts = [
        *(read_alerts(database) if database else ()),
        *check_alerts(checks.failed if checks else (), now),
    ]
    known = {"marts_known": database is not None, "checks_known": checks is not None and checks.are_all}

    def plan(store: Store, senders: Sequence[Sender]) -> Changes:
        with store.transaction():
            changes = store.sync(alerts, **known, now=now)
            for sender in senders:
                sender.recover()
                plan_channel(store, sender.channel, words, now)
                plan_notice(store, sender.channel, words, now)
        return changes

    return _deliver(home, channels, parts, patience, is_urgent, plan)


def send_digest(
    home: Path,
    channels: Sequence[Channel],
    *,
    wording: Wording | None = None,
    patience: float = 60.0,
    outside: Outside | None = None,
) -> AlertReport:
    """Send each channel the digest of the day, once a day, and what still waits.

    Args:
        home: Home directory.
        channels: Where to.
        wording: How alerts are told.
        patience: Seconds this may wait in all.
        outside: Other sender and clock.

    Raises:
        SenderBusyError: another process has been sending for a minute.
    """
    parts, words = outside or Outside(), wording or Wording()
    now = parts.clock.now()

    def plan(store: Store, senders: Sequence[Sender]) -> Changes:
        with store.transaction():
            for sender in senders:
                sender.recover()
                plan_digest(store, sender.channel, words, now)
        return Changes()

    return _deliver(home, channels, parts, patience, True, plan)


def _deliver(
    home: Path,
    channels: Sequence[Channel],
    parts: Outside,
    patience: float,
    is_urgent: bool,
    plan: Callable[[Store, Sequence[Sender]], Changes],
) -> AlertReport:
    from filelock import FileLock, Timeout

    folder = home / "alerts"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "sender.lock", timeout=_LOCK_SECONDS)
    try:
        with lock, open_store(folder / "state.sqlite") as store:
            left = Patience(parts.clock, patience)
            senders = [Sender(store, one, parts.send, parts.clock, left, parts.on_step) for one in channels]
            changes = plan(store, senders)
            parts.on_step("planned")
            reports = tuple(sender.flush(is_urgent=is_urgent) for sender in senders)
            return AlertReport(len(store.alerts()), changes.raised, changes.closed, changes.lapsed, reports)
    except Timeout as error:
        raise SenderBusyError(folder / "sender.lock") from error


@dataclass(frozen=True, slots=True)
class AlertState:
    """What is known at this moment.

    Attributes:
        alerts: Open alerts, oldest first.
        channels: Counts of each channel: those that are configured, and former ones.
    """

    alerts: Sequence[Alert]
    channels: Sequence[ChannelReport]


def alert_state(home: Path, channels: Sequence[Channel] = (), database: Path | None = None) -> AlertState:
    """The open alerts and what waits, without sending anything.

    Args:
        home: Home directory.
        channels: Those that are configured.
        database: Take its alerts instead of those known since the last delivery; failed checks are kept.
    """
    path = home / "alerts" / "state.sqlite"
    if not path.exists():
        fresh = [alert for alert in read_alerts(database) if alert.is_open] if database else []
        return AlertState(fresh, [ChannelReport(one.name) for one in channels])
    with open_store(path) as store:
        alerts: Sequence[Alert] = store.alerts()
        if database:
            checks = [alert for alert in alerts if alert.kind == "failed_check"]
            fresh = [alert for alert in read_alerts(database) if alert.is_open]
            alerts = sorted([*checks, *fresh], key=lambda alert: (alert.since, alert.alert_id))
        counts, troubles = store.counts(), store.troubles()
    names = list(dict.fromkeys([*(one.name for one in channels), *counts]))
    reports = [_standing(name, counts.get(name, {}), troubles.get(name)) for name in names]
    return AlertState(alerts, reports)


def _standing(name: str, counts: dict[str, int], error: str | None) -> ChannelReport:
    waiting = sum(counts.get(state, 0) for state in ("queued", "claimed", "sending"))
    return ChannelReport(name, counts.get("sent", 0), waiting, counts.get("unconfirmed", 0), error)


def overview_text(alerts: Sequence[Alert], wording: Wording, now: datetime) -> str:
    """The digest as text for a terminal.

    Args:
        alerts: Open alerts, oldest first.
        wording: Language and time zone.
        now: Gives the day.
    """
    from serving.alerts.texts import Texts

    texts = Texts(wording.language, wording.timezone)
    day = texts.time(now)[:10]
    lines = texts.overview(alerts) if alerts else [texts.word("nothing")]
    return "\n".join([texts.word("digest", day=day, count=len(alerts)), *lines])
