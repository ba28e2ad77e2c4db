"""The outbox: messages of each channel and their transitions.

A message moves queued → claimed → sending → sent. The holder of the sender's lock that finds `claimed` or `sending`
knows that the sender before was killed: nothing has left in `claimed`, perhaps everything in `sending`.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from serving.alerts.model import Message, MessageKind, MessageState

SCHEMA = """
create table if not exists channels (
    channel text primary key, failures integer not null default 0, not_before real not null default 0, error text);
create table if not exists messages (
    seq integer primary key autoincrement, message_id text not null unique, channel text not null, kind text not null,
    title text not null, body text not null, first_part text not null, covers text not null, state text not null,
    has_left integer not null default 0, attempts integer not null default 0, created_at real not null,
    changed_at real not null, error text, noticed_by text);
create index if not exists messages_by_state on messages (channel, state);
create table if not exists told (
    channel text not null, alert_id text not null, occurrence integer not null, event text not null,
    message_id text not null, primary key (channel, alert_id, occurrence, event)) without rowid;
create index if not exists told_by_message on told (message_id);
create table if not exists attempts (channel text not null, at real not null);
"""
_EVENTS = {
    MessageKind.ALERT: "raised",
    MessageKind.SUMMARY: "raised",
    MessageKind.CLOSED: "closed",
    MessageKind.CLOSED_SUMMARY: "closed",
}


class Outbox:
    """Channels and their messages. Only the holder of the sender's lock may write."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def is_known(self, channel: str) -> bool:
        """Whether the channel has been planned for before; from now on it is known."""
        added = self._connection.execute("insert or ignore into channels (channel) values (?)", [channel])
        return added.rowcount == 0

    def not_before(self, channel: str) -> float:
        """Until when (epoch) a channel that failed is left alone."""
        row = self._connection.execute(
            "select not_before from channels where channel = ?", [channel]
        ).fetchone()
        return float(row[0]) if row else 0.0

    def note_channel(self, channel: str, now: float, error: str | None) -> None:
        """Remember that a channel works, or that it does not: 1, 2, 4 … 60 minutes of rest."""
        row = self._connection.execute(
            "select failures from channels where channel = ?", [channel]
        ).fetchone()
        failures = (int(row[0]) if row else 0) + 1 if error else 0
        rest = min(60 * 2 ** min(failures - 1, 6), 3600) if error else 0
        self._connection.execute(
            "insert into channels values (?, ?, ?, ?) on conflict (channel) do update set "
            "failures = excluded.failures, not_before = excluded.not_before, error = excluded.error",
            [channel, failures, now + rest, error],
        )

    def attempts_since(self, channel: str, since: float) -> list[float]:
        """When (epoch) the channel was written to after a moment, oldest first."""
        self._connection.execute("delete from attempts where at < ?", [since - 3600])
        rows = self._connection.execute(
            "select at from attempts where channel = ? and at > ? order by at", [channel, since]
        )
        return [float(at) for (at,) in rows]

    # messages

    def queue(self, message: Message, now: float) -> bool:
        """Put a message into the outbox; False when one with this id has been there before."""
        added = self._connection.execute(
            "insert or ignore into messages (message_id, channel, kind, title, body, first_part, covers, state, "
            "created_at, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [message.message_id, message.channel, message.kind, message.title, message.body, message.first_part,
             json.dumps(list(message.covers)), MessageState.QUEUED, now, now],
        )  # fmt: skip
        if added.rowcount and message.kind in _EVENTS:
            self._connection.executemany(
                "insert or ignore into told values (?, ?, ?, ?, ?)",
                [
                    (message.channel, *key, _EVENTS[message.kind], message.message_id)
                    for key in message.alerts
                ],
            )
        return added.rowcount > 0

    def withdraw_unsent(self, channel: str) -> None:
        """Take back waiting messages about alerts of which no part has left; their alerts count as not told."""
        marks = ", ".join(f"'{kind}'" for kind in _EVENTS)
        mine = (
            "select message_id from messages where channel = ? and kind in ({marks}) and first_part not in "
        )
        gone = "(select first_part from messages where channel = ? and (has_left or state != ?))"
        unsent = mine.format(marks=marks) + gone
        parameters = [channel, channel, MessageState.QUEUED]
        self._connection.execute(f"delete from told where message_id in ({unsent})", parameters)
        self._connection.execute(f"delete from messages where message_id in ({unsent})", parameters)

    def queued(self, channel: str) -> tuple[Message, ...]:
        """Messages that wait, in the order they were written."""
        rows = self._connection.execute(
            "select message_id, channel, kind, title, body, first_part, covers from messages "
            "where channel = ? and state = ? order by seq",
            [channel, MessageState.QUEUED],
        ).fetchall()
        return tuple(self._message(row) for row in rows)

    def _message(self, row: tuple[Any, ...]) -> Message:
        message_id, channel, kind, title, body, first_part, covers = row
        told = self._connection.execute(
            "select alert_id, occurrence from told where message_id = ?", [message_id]
        )
        return Message(
            message_id,
            channel,
            MessageKind(kind),
            title,
            body,
            first_part,
            tuple(told),
            tuple(json.loads(covers)),
        )

    def move(
        self,
        message_id: str,
        state: MessageState,
        now: float,
        error: str | None = None,
        *,
        has_left: bool | None = None,
    ) -> None:
        """Record a step of a message; `claimed` counts as an attempt.

        Args:
            message_id: The message.
            state: The new state.
            now: Time of the step.
            error: What went wrong.
            has_left: Whether some of it may have left; None leaves that as it is.
        """
        is_claimed = state is MessageState.CLAIMED
        if is_claimed:
            self._connection.execute(
                "insert into attempts select channel, ? from messages where message_id = ?", [now, message_id]
            )
        self._connection.execute(
            "update messages set state = ?, changed_at = ?, error = ?, attempts = attempts + ?, "
            "has_left = coalesce(?, has_left) where message_id = ?",
            [state, now, error, is_claimed, has_left, message_id],
        )

    def caught(self, channel: str, state: MessageState) -> tuple[str, ...]:
        """Ids of messages in a state."""
        rows = self._connection.execute(
            "select message_id from messages where channel = ? and state = ? order by seq", [channel, state]
        )
        return tuple(message_id for (message_id,) in rows)

    def unnoticed(self, channel: str) -> tuple[tuple[str, str], ...]:
        """Unconfirmed messages no notice has told of: id and title."""
        rows = self._connection.execute(
            "select message_id, title from messages where channel = ? and state = ? and kind != ? "
            "and noticed_by is null order by seq",
            [channel, MessageState.UNCONFIRMED, MessageKind.NOTICE],
        )
        return tuple(rows)

    def mark_noticed(self, message_ids: Iterable[str], notice: str) -> None:
        """Remember which notice told of unconfirmed messages."""
        self._connection.executemany(
            "update messages set noticed_by = ? where message_id = ?", [(notice, one) for one in message_ids]
        )

    def counts(self) -> dict[str, dict[str, int]]:
        """Messages by channel and state."""
        found: dict[str, dict[str, int]] = {}
        for channel, state, count in self._connection.execute(
            "select channel, state, count(*) from messages group by 1, 2 order by 1, 2"
        ):
            found.setdefault(channel, {})[state] = count
        return found

    def troubles(self) -> dict[str, str]:
        """The last error of each channel that has one."""
        return dict(self._connection.execute("select channel, error from channels where error is not null"))
