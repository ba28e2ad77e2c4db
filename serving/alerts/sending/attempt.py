"""The result of one attempt to send one message."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from serving.alerts.channels import Channel
from serving.alerts.model import Message


class Result(StrEnum):
    """What is known after an attempt."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt.

    Attributes:
        result: `refused` means that the receiver certainly did not take the message.
        error: The reason, without the address of the channel.
        wait: Seconds until the receiver accepts messages again; 0 when it did not say.
    """

    result: Result
    error: str = ""
    wait: float = 0.0


Send = Callable[[Channel, Message, Callable[[], None]], Attempt]
