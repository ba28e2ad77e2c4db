"""A clock that is wound by hand, a sender that keeps what it is given, and marts with alerts.

Here belongs what the tests of alerts stand on. Not here: assertions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from serving.alerts import Channel, Clock, Outside, parse_channels
from serving.alerts.model import Message
from serving.alerts.sending.attempt import Attempt, Result

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """Time that passes only by waiting."""

    at: datetime = START
    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.pass_by(seconds)

    def seconds(self) -> float:
        return self.at.timestamp()

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Inbox:
    """Takes messages, unless it is told to answer otherwise."""

    clock: HandClock = field(default_factory=HandClock)
    taken: list[tuple[str, Message]] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    answers: list[Attempt] = field(default_factory=list)
    down: bool = False

    def send(self, channel: Channel, message: Message, before_bytes: Callable[[], None]) -> Attempt:
        if self.down:
            return Attempt(Result.REFUSED, "cannot be reached")
        before_bytes()
        self.times.append(self.clock.at)
        answer = self.answers.pop(0) if self.answers else Attempt(Result.SENT)
        if answer.result is not Result.REFUSED:
            self.taken.append((channel.name, message))
        return answer

    def outside(self) -> Outside:
        return Outside(send=self.send, clock=self.clock.clock())

    @property
    def titles(self) -> list[str]:
        return [message.title for _, message in self.taken]


@dataclass(frozen=True)
class Check:
    """A check that did not pass."""

    asset: str
    check: str
    about: str = ""


def team(*more: str) -> tuple[Channel, ...]:
    return parse_channels("\n".join(["team=json://127.0.0.1:1", *more]))


ALERT = ("a1", "late", "C1", "D1", "visited", "E1", "2026-10-01", "2026-10-01", "visited late", "open", None)


def marts(path: Path, rows: Sequence[tuple[str | None, ...]]) -> Path:
    """A database with these alerts; written anew each time."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_journey_alerts (alert_id varchar, kind varchar, customer_key varchar, "
            "deal_id varchar, stage varchar, responsible_employee_id varchar, due_at timestamp, raised_at timestamp, "
            "detail varchar, state varchar, closed_at timestamp)"
        )
        if rows:
            connection.executemany(
                "insert into marts.fct_journey_alerts values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
            )
        connection.execute(
            "create table marts.dim_employee as select 'E1' as employee_id, '王海燕' as name, "
            "date '2020-01-01' as valid_from"
        )
        connection.execute(
            "create table marts.dim_customer as select 'C1' as customer_key, '大华集团' as name"
        )
    return path


def alert(number: int, **changes: str | None) -> tuple[str | None, ...]:
    names = ("alert_id", "kind", "customer_key", "deal_id", "stage", "responsible_employee_id", "due_at", "raised_at",
             "detail", "state", "closed_at")  # fmt: skip
    row = dict(zip(names, ALERT, strict=True)) | {"alert_id": f"a{number}"} | changes
    return tuple(row[name] for name in names)


def many(count: int) -> list[tuple[str | None, ...]]:
    return [alert(number) for number in range(count)]
