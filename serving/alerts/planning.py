"""Messages of a channel: one for each new alert, or one for all of them when there are many."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from serving.alerts.channels import Channel
from serving.alerts.model import Alert, Closed, Message, MessageKind
from serving.alerts.store import Store
from serving.alerts.texts import Texts, cut, one_line, parts_of

_TITLE_BYTES = 200
_ROOM = 64  # for the number of the part, the number of the message and what a channel makes bold


@dataclass(frozen=True, slots=True)
class Wording:
    """How alerts are told.

    Attributes:
        language: `zh` or `en`, unless a channel has its own.
        timezone: Of the times in messages.
        closed: What is sent when an alert is closed.
        max_messages: With more new alerts than this a channel gets one summary instead.
    """

    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    closed: Closed = Closed.SILENT
    max_messages: int = 20

    def texts(self, channel: Channel) -> Texts:
        """The words for a channel."""
        return Texts(channel.language or self.language, self.timezone)


def plan_channel(store: Store, channel: Channel, wording: Wording, now: datetime) -> None:
    """Queue what the channel has not been told yet.

    Messages that wait and of which nothing has left are planned anew each time: what was closed meanwhile is not sent
    any more, and what has become too much is told in one summary.

    Args:
        store: Inside a transaction.
        channel: For whom.
        wording: How.
        now: Time of the messages.
    """
    plan = _Plan(store, channel, wording.texts(channel), now)
    is_new = not store.is_known(channel.name)
    store.withdraw_unsent(channel.name)
    untold = store.untold(channel.name)
    if len(untold) > wording.max_messages:
        plan.many(MessageKind.SUMMARY, untold)
    else:
        plan.one_by_one(MessageKind.ALERT, untold)
    if wording.closed is Closed.MESSAGE and not is_new:
        closed = store.closed(channel.name)
        if len(closed) > wording.max_messages:
            plan.many(MessageKind.CLOSED_SUMMARY, closed)
        else:
            plan.one_by_one(MessageKind.CLOSED, closed)


def plan_notice(store: Store, channel: Channel, wording: Wording, now: datetime) -> None:
    """Queue one message about those of which nobody knows whether they arrived."""
    waiting = {covered for message in store.queued(channel.name) for covered in message.covers}
    unsure = [row for row in store.unnoticed(channel.name) if row[0] not in waiting]
    if unsure:
        plan = _Plan(store, channel, wording.texts(channel), now)
        title = plan.texts.word("notice", count=len(unsure))
        covers = [message_id for message_id, _ in unsure]
        plan.queue(MessageKind.NOTICE, title, plan.unsure_lines(unsure), keys=covers, covers=covers)


def plan_digest(store: Store, channel: Channel, wording: Wording, now: datetime) -> bool:
    """Queue the digest of the day.

    Returns:
        False when this channel has had the digest of this day.
    """
    store.is_known(channel.name)
    plan = _Plan(store, channel, wording.texts(channel), now)
    alerts, unsure = store.alerts(), store.unnoticed(channel.name)
    day = now.astimezone(ZoneInfo(wording.timezone)).date().isoformat()
    lines = plan.texts.overview(alerts) if alerts else [plan.texts.word("nothing")]
    lines += plan.unsure_lines(unsure) if unsure else []
    title = plan.texts.word("digest", day=day, count=len(alerts))
    covers = [message_id for message_id, _ in unsure]
    return plan.queue(MessageKind.DIGEST, title, lines, keys=[day], covers=covers)


def short_id(message_id: str) -> str:
    """As many characters of an id as a person wants to compare."""
    return message_id[:8]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Puts messages of one channel into the outbox."""

    store: Store
    channel: Channel
    texts: Texts
    now: datetime

    def one_by_one(self, kind: MessageKind, alerts: Sequence[Alert]) -> None:
        word = self.texts.word("alert" if kind is MessageKind.ALERT else "closed") + self.texts.word("colon")
        for alert in alerts:
            self.queue(kind, word + self.texts.heading(alert), self.texts.lines_of(alert), alerts=[alert])

    def many(self, kind: MessageKind, alerts: Sequence[Alert]) -> None:
        self.queue(kind, self.texts.word(kind, count=len(alerts)), self.texts.overview(alerts), alerts=alerts)

    def unsure_lines(self, unsure: Iterable[tuple[str, str]]) -> list[str]:
        return [self.texts.word("notice_body"), *(f"- #{short_id(one)} {title}" for one, title in unsure)]

    def queue(
        self,
        kind: MessageKind,
        title: str,
        lines: Sequence[str],
        *,
        alerts: Sequence[Alert] = (),
        keys: Sequence[str] = (),
        covers: Sequence[str] = (),
    ) -> bool:
        """Queue a text, in as many parts as it needs; False when it was queued before."""
        title = cut(one_line(title), _TITLE_BYTES)
        bodies = parts_of(map(one_line, lines), self.channel.limits.bytes - _ROOM - len(title.encode()))
        told = [(alert.alert_id, alert.occurrence) for alert in alerts]
        identity = [*keys, *(f"{alert_id}|{occurrence}" for alert_id, occurrence in told)]
        ids = [_message_id(self.channel.name, kind, str(part), *identity) for part in range(len(bodies))]
        is_new = False
        for part, (message_id, body) in enumerate(zip(ids, bodies, strict=True)):
            message = Message(
                message_id=message_id,
                channel=self.channel.name,
                kind=kind,
                title=title + (f" ({part + 1}/{len(bodies)})" if len(bodies) > 1 else ""),
                body=f"{body}\n#{short_id(message_id)}",
                first_part=ids[0],
                alerts=() if part else told,
                covers=() if part else covers,
            )
            is_new |= self.store.queue(message, self.now.timestamp())
        return is_new


def _message_id(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:32]
