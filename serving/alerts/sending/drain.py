"""Emptying the outbox of a channel: pace, retries, and what a killed sender left behind.

Belongs here: the order of steps around an attempt; each step is on the disk before the next begins. Does not
belong here: the attempt itself (`transport.py`), what is in the outbox (`planning.py`).

What can be promised. A message is `claimed` on the disk before anything is done with it and `sending` before its first
byte leaves. A sender killed in `claimed` has sent nothing: the next one sends it. A sender killed in `sending`, or an
attempt without an answer, leaves a message of which nobody can know whether it arrived, for no robot can be asked:
with `at_most_once` it is never sent again, a notice and the digest name it (none arrives twice, none is lost in
silence); with `at_least_once` it is sent again under the same idempotency key, and a receiver that knows keys shows it
once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tenacity import RetryCallState, Retrying, retry_if_result

from serving.alerts.channels import Channel, Policy
from serving.alerts.model import ChannelReport, Message, MessageState
from serving.alerts.sending.attempt import Attempt, Result, Send
from serving.alerts.store import Store

_ATTEMPTS = 3
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and waiting; tests have their own."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Patience:
    """How long a delivery may wait in all, for pace and retries.

    Attributes:
        left: Seconds.
    """

    clock: Clock
    left: float

    def wait(self, seconds: float) -> bool:
        """Wait, or say that there is no time for that."""
        if seconds > self.left:
            return False
        if seconds > 0:
            self.left -= seconds
            self.clock.sleep(seconds)
        return True


OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends what waits for one channel.

    Attributes:
        on_step: Told of each step that is on the disk.
    """

    store: Store
    channel: Channel
    send: Send
    clock: Clock
    patience: Patience
    on_step: OnStep

    def recover(self) -> None:
        """Settle what a killed sender left behind."""
        name, now = self.channel.name, self._now()
        for message_id in self.store.caught(name, MessageState.CLAIMED):
            self.store.move(message_id, MessageState.QUEUED, now)
        for message_id in self.store.caught(name, MessageState.SENDING):
            self.store.move(message_id, self._unsure(), now, "the sender was stopped while it sent")

    def flush(self, *, is_urgent: bool = False) -> ChannelReport:
        """Send what waits, in order; stops at the first message that cannot be sent now.

        Args:
            is_urgent: Also when the channel failed a short while ago.
        """
        sent, unconfirmed, error = 0, 0, None
        waiting = self.store.queued(self.channel.name)
        if waiting and not is_urgent and self.store.not_before(self.channel.name) > self._now():
            error = "failed a short while ago and is left alone for now"
            waiting = ()
        for message in waiting:
            attempt = self._deliver(message)
            if attempt is None:
                error = "takes no more messages this minute; the rest is sent later"
                break
            self.store.note_channel(self.channel.name, self._now(), attempt.error or None)
            sent += attempt.result is Result.SENT
            if attempt.result is not Result.SENT:
                error = attempt.error
                unconfirmed += attempt.result is Result.UNKNOWN and self._unsure() is MessageState.UNCONFIRMED
                break  # the others would fare no better; they wait
        left = len(self.store.queued(self.channel.name))
        return ChannelReport(self.channel.name, sent, left, unconfirmed, error)

    def _deliver(self, message: Message) -> Attempt | None:
        """Try up to three times; None when the pace of the channel leaves no time for an attempt."""
        retrying = Retrying(
            retry=retry_if_result(self._is_worth_repeating),
            wait=_pause,
            stop=lambda state: state.attempt_number >= _ATTEMPTS or state.upcoming_sleep > self.patience.left,
            sleep=self._sleep,
            retry_error_callback=_last_result,
        )
        return retrying(self._attempt, message)

    def _sleep(self, seconds: float) -> None:
        self.patience.wait(seconds)

    def _is_worth_repeating(self, attempt: Attempt | None) -> bool:
        if attempt is None or attempt.result is Result.SENT:
            return False
        return attempt.result is Result.REFUSED or self._unsure() is MessageState.QUEUED

    def _attempt(self, message: Message) -> Attempt | None:
        if not self.patience.wait(self._pace()):
            return None
        self._step(message, MessageState.CLAIMED)
        attempt = self.send(self.channel, message, lambda: self._step(message, MessageState.SENDING))
        self.on_step("answered")
        ends = {
            Result.SENT: MessageState.SENT,
            Result.REFUSED: MessageState.QUEUED,
            Result.UNKNOWN: self._unsure(),
        }
        with self.store.transaction():
            has_left = attempt.result is not Result.REFUSED
            end, error = ends[attempt.result], attempt.error or None
            self.store.move(message.message_id, end, self._now(), error, has_left=has_left)
            if attempt.result is Result.SENT:
                self.store.mark_noticed(message.covers, message.message_id)
        self.on_step("recorded")
        return attempt

    def _step(self, message: Message, state: MessageState) -> None:
        with self.store.transaction():
            has_left = state is MessageState.SENDING or None
            self.store.move(message.message_id, state, self._now(), has_left=has_left)
        self.on_step(state)

    def _pace(self) -> float:
        """Seconds until the channel may be written to."""
        allowed = self.channel.limits.per_minute
        if allowed is None:
            return 0.0
        now = self._now()
        recent = self.store.attempts_since(self.channel.name, now - _MINUTE)
        if len(recent) < allowed:
            return 0.0
        return max(recent[-allowed] + _MINUTE - now, 0.0) + 0.1

    def _unsure(self) -> MessageState:
        """What becomes of a message that may or may not have arrived."""
        is_repeated = self.channel.policy is Policy.AT_LEAST_ONCE
        return MessageState.QUEUED if is_repeated else MessageState.UNCONFIRMED

    def _now(self) -> float:
        return self.clock.now().timestamp()


def _pause(state: RetryCallState) -> float:
    """Seconds before the next attempt: 1, 2, 4 …, or what the receiver asks for."""
    attempt = _last_result(state)
    return max(attempt.wait if attempt else 0.0, float(2 ** (state.attempt_number - 1)))


def _last_result(state: RetryCallState) -> Attempt | None:
    result: Attempt | None = state.outcome.result() if state.outcome else None
    return result
