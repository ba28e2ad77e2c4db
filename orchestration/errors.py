"""What can go wrong, in the kinds a caller has to tell apart.

Belongs here: the exit statuses, the errors of this package, and whether a retry can help.
Does not belong here: printing them (``cli.errors``), the errors of other packages.
"""

from __future__ import annotations

from enum import StrEnum

from connectors.common.errors import UserError

DONE, GATE_FAILED, BAD_INPUT = 0, 1, 2

_TRANSIENT_PHRASES = ("conflicting lock", "resource temporarily unavailable", "connection reset")


class FailureKind(StrEnum):
    """Why a step stopped."""

    BAD_INPUT = "bad_input"
    GATE = "gate"
    FAULT = "fault"


class InputError(UserError):
    """Bad input or usage."""

    exit_code = BAD_INPUT


class GateError(UserError):
    """A gate or a check failed."""

    exit_code = GATE_FAILED


def is_transient(error: BaseException) -> bool:
    """Whether the same step may succeed when tried again: a lock held by another, a broken connection.

    Bad rows and bad SQL fail the second time as they did the first.
    """
    if isinstance(error, (ConnectionError, TimeoutError, InterruptedError)):
        return True
    text = str(error).lower()
    return any(phrase in text for phrase in _TRANSIENT_PHRASES)


def exit_code_of(error: BaseException) -> int:
    """The exit status of an error: its own, or 1 for a fault of the program."""
    return error.exit_code if isinstance(error, UserError) else GATE_FAILED


def kind_of(error: BaseException) -> FailureKind:
    """The kind of an error."""
    if not isinstance(error, UserError):
        return FailureKind.FAULT
    return FailureKind.BAD_INPUT if error.exit_code == BAD_INPUT else FailureKind.GATE
