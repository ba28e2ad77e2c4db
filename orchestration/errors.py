"""What can go wrong, in the kinds a caller has to tell apart.

Belongs here: the exit statuses, the errors with a message for people, and the judgement whether a retry can help.
Does not belong here: printing them (``cli.errors``), the errors of other packages.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

DONE, GATE_FAILED, BAD_INPUT = 0, 1, 2

_TRANSIENT_PHRASES = ("conflicting lock", "resource temporarily unavailable", "connection reset")


class Kind(StrEnum):
    """Why a step stopped."""

    BAD_INPUT = "bad_input"
    GATE = "gate"
    FAULT = "fault"


class InputError(Exception):
    """Bad input or usage: the message says what, where and what to do."""

    exit_code: ClassVar[int] = BAD_INPUT


class GateError(Exception):
    """A gate or a check failed."""

    exit_code: ClassVar[int] = GATE_FAILED


def is_transient(error: BaseException) -> bool:
    """Whether the same step may succeed when tried again: a lock held by another, a broken connection.

    Bad rows and bad SQL fail the second time as they did the first.
    """
    if isinstance(error, (ConnectionError, TimeoutError, InterruptedError)):
        return True
    text = str(error).lower()
    return any(phrase in text for phrase in _TRANSIENT_PHRASES)


def exit_code_of(error: BaseException) -> int:
    """The exit status of an error: what it asks for itself, 2 for the bad input of other packages, else 1."""
    if isinstance(error, _bad_input()):
        return BAD_INPUT
    code = getattr(error, "exit_code", GATE_FAILED)
    return code if isinstance(code, int) and code != DONE else GATE_FAILED


def is_for_people(error: BaseException) -> bool:
    """Whether the error's own text says what to do; of others the reader needs the trace."""
    from serving import DeliveryError

    return hasattr(error, "exit_code") or isinstance(error, (DeliveryError, *_bad_input()))


def _bad_input() -> tuple[type[BaseException], ...]:
    from compensation.source.errors import PlanErrors
    from serving import AmbiguousLineError, DatabaseMissingError, NotComputedError, UnknownLineError

    return (PlanErrors, AmbiguousLineError, DatabaseMissingError, NotComputedError, UnknownLineError)


def kind_of(error: BaseException) -> Kind:
    """The kind of an error."""
    if not is_for_people(error):
        return Kind.FAULT
    return Kind.BAD_INPUT if exit_code_of(error) == BAD_INPUT else Kind.GATE
