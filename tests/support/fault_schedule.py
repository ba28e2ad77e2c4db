"""Faults on the way from a simulator, drawn at random from a seed: before any simulator of `systems.SYSTEMS`.

Belongs here: what can go wrong with an answer, a schedule of it, records that change meanwhile. Does not belong here:
what has to hold nevertheless (tests/property/test_faults_on_the_way.py).
"""

from __future__ import annotations

import email.utils
import json
import random
import time
from collections.abc import Callable
from typing import Any

from demo.simulators.server import Answer, Asked, Simulator
from tests.support.systems import System

_HTML = b"<html><body>down for maintenance</body></html>"


class Records:
    """The records of a system, which change with the time; what is true of them.

    Attributes:
        truth: Record id to amount.
        second: The time.
    """

    def __init__(self, system: System, drawn: random.Random, overlap: float) -> None:
        self.system, self.drawn, self.overlap = system, drawn, int(overlap)
        self.truth: dict[str, str] = {}
        self.second = 0
        self.numbers = 0

    def fill(self, count: int) -> None:
        """New records."""
        for _ in range(count):
            self._put(self.numbers)
            self.numbers += 1

    def change(self) -> None:
        """One record is new, changed, or deleted."""
        number = self.drawn.randrange(self.numbers + 1)
        if number == self.numbers:
            self.fill(1)
        elif (
            self.drawn.random() < 0.3 and self.system.record_id(number) in self.truth and len(self.truth) > 4
        ):
            self.system.delete(number, self._now())
            del self.truth[self.system.record_id(number)]
        else:
            self._put(number)

    def _put(self, number: int) -> None:
        amount = f"{self.drawn.randrange(1, 10**6)}.{self.drawn.choice(('00', '50', '25'))}"
        self.system.put(number, amount, self._now())
        self.truth[self.system.record_id(number)] = amount

    def _now(self) -> int:
        """The time, by a clock that may be behind as far as the type allows for."""
        self.second += self.drawn.randrange(1, 1500)
        behind = self.drawn.randrange(self.overlap) if self.overlap and self.drawn.random() < 0.3 else 0
        return max(0, self.second - behind)


class Schedule:
    """Faults of the answers to come; it is the `fault` of a simulator.

    Attributes:
        done: Faults so far.
        is_disturbed: Whether records changed since `begin`.
    """

    def __init__(self, simulator: Simulator, records: Records, drawn: random.Random) -> None:
        self.simulator, self.records, self.drawn = simulator, records, drawn
        self.rate = drawn.choice((0.1, 0.3, 0.6))
        self.done: list[str] = []
        self.begin()

    def begin(self) -> None:
        """An extraction begins."""
        self.is_disturbed = False
        self._last_page: Answer | None = None

    def __call__(self, asked: Asked, answer: Answer) -> Answer:
        """The answer, or what becomes of it on the way."""
        if self.records.system.spares(asked):
            return answer
        if self.drawn.random() >= self.rate:
            return self._remembered(answer)
        name = self.drawn.choice(list(FAULTS))
        self.done.append(name)
        return FAULTS[name](self, asked, answer)

    def _remembered(self, answer: Answer) -> Answer:
        if answer.status == 200 and b"access_token" not in answer.content:
            self._last_page = answer
        return answer

    def retry_after(self) -> str:
        """Seconds, too many seconds, or a moment by a clock that is off."""
        skew = self.drawn.choice((-7200, 0))
        moment = email.utils.formatdate(time.time() + skew, usegmt=True)
        return self.drawn.choice(("0", "7200", moment))

    def part(self, answer: Answer) -> int:
        """Some bytes of an answer, not all."""
        return self.drawn.randrange(max(1, len(answer.content)))

    def expired(self, asked: Asked, answer: Answer) -> Answer:
        """All tokens are refused from now on."""
        tokens = getattr(self.simulator, "tokens", None)
        if not tokens:
            return answer
        tokens.clear()
        return self.simulator.answer(asked)

    def repeated(self, _asked: Asked, answer: Answer) -> Answer:
        """The page before comes instead."""
        return self._remembered(answer) if self._last_page is None else self._last_page

    def changed(self, _asked: Asked, answer: Answer) -> Answer:
        """Records change while they are read, so that later pages shift."""
        self.is_disturbed = True
        self.records.change()
        return self._remembered(answer)

    def lacking(self, _asked: Asked, answer: Answer) -> Answer:
        """A page lacks a record."""
        body: Any = json.loads(answer.content)
        rows = self.records.system.records_of(body)
        if rows:
            rows.pop(self.drawn.randrange(len(rows)))
        return self._remembered(Answer(body, answer.status, answer.headers))


#: what becomes of an answer
FAULTS: dict[str, Callable[[Schedule, Asked, Answer], Answer]] = {
    "429 with Retry-After": lambda own, _, __: Answer(b"{}", 429, {"Retry-After": own.retry_after()}),
    "429 without Retry-After": lambda *_: Answer(b"{}", 429),
    "500": lambda *_: Answer(b"oops", 500),
    "502": lambda *_: Answer(_HTML, 502, {"Content-Type": "text/html"}),
    "reset in the middle of a body": lambda own, _, answer: Answer(
        answer.body, answer.status, answer.headers, cut=own.part(answer)
    ),
    "truncated JSON": lambda own, _, answer: Answer(answer.content[: own.part(answer)], answer.status),
    "HTML instead of JSON": lambda *_: Answer(_HTML, 200, {"Content-Type": "text/html"}),
    "error in a 200": lambda own, _, __: Answer(own.records.system.error_in_a_200()),
    "expired token": Schedule.expired,
    "repeated page": Schedule.repeated,
    "records that change while paging": Schedule.changed,
    "page that shrinks": Schedule.lacking,
    "slow drip": lambda own, _, answer: Answer(
        answer.body, answer.status, answer.headers, drip=own.drawn.choice((0.002, 0.04))
    ),
}
