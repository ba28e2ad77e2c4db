"""One attempt to send one message through apprise, and the honest judgement of it.

Here belongs the call of apprise. Not here: when to try again (`sending.py`).
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from serving.alerts.channels import Channel
from serving.alerts.model import Message
from serving.alerts.wire import Answer, Exchange, watched

IDEMPOTENCY_HEADER = "Idempotency-Key"
_BUSY_CODES = {45009, 45033, 130101, 11232}  # WeCom frequency and concurrency, DingTalk, Feishu
_BUSY_SECONDS = 60.0
_ROBOTS = frozenset({"wecombot", "dingtalk", "feishu", "lark"})
_WEBHOOKS = frozenset({"json", "jsons", "form", "forms", "xml", "xmls"})
_GATEWAY = {502, 504}  # a gateway that does not know what became of it


class Result(StrEnum):
    """What is known after an attempt."""

    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt.

    Attributes:
        result: `refused` means that certainly nothing was taken.
        error: Why, without the address.
        wait: Seconds the receiver wants to be left alone; 0 when it did not say.
    """

    result: Result
    error: str = ""
    wait: float = 0.0


Send = Callable[[Channel, Message, Callable[[], None]], Attempt]


def send(channel: Channel, message: Message, before_bytes: Callable[[], None]) -> Attempt:
    """Send a message.

    Args:
        channel: Where to.
        message: What; its id goes along as idempotency key where the channel has a place for it.
        before_bytes: Called before the first byte leaves; called at once for services that cannot be watched.
    """
    import apprise

    from serving.alerts.robots import register

    register()
    # no deadline, no worker thread: a sending given up by apprise would go on behind our back; sockets have their own
    asset = apprise.AppriseAsset(app_id="incentives", async_mode=False, service_timeout=0)
    plugin = apprise.Apprise.instantiate(channel.url, asset=asset)
    if plugin is None:
        return Attempt(Result.REFUSED, "apprise cannot read the address of this channel")
    plugin.retry = 0
    headers = getattr(plugin, "headers", None)
    if channel.scheme in _WEBHOOKS and headers is not None:
        headers[IDEMPOTENCY_HEADER] = message.message_id
    exchange = Exchange(before_bytes)
    if not _can_be_watched(plugin):
        exchange.begin()
    title, body = (
        ("", f"{message.title}\n{message.body}") if channel.merges_title else (message.title, message.body)
    )
    sender = apprise.Apprise(asset=asset)
    sender.add(plugin)
    with watched(exchange):
        is_sent = bool(sender.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT))
    return judge(is_sent, exchange, channel.scheme)


def judge(is_sent: bool, exchange: Exchange, scheme: str) -> Attempt:
    """What an attempt came to.

    Args:
        is_sent: What apprise says; it takes any HTTP 200 of a robot for a success.
        exchange: What was seen on the wire.
        scheme: Kind of channel.
    """
    answers = exchange.answers
    refusals = [refusal for refusal in (_refusal(answer, scheme) for answer in answers) if refusal]
    if is_sent and not refusals:
        return Attempt(Result.SENT)
    if not exchange.has_left:
        return Attempt(Result.REFUSED, "cannot be reached")
    if not answers or len(answers) < exchange.requests or any(one.status in _GATEWAY for one in answers):
        return Attempt(Result.UNKNOWN, "was sent, but the answer is missing")
    if len(answers) > 1 and len(refusals) < len(answers):
        return Attempt(Result.UNKNOWN, "some of its recipients took it, others did not")
    text, wait = refusals[0] if refusals else ("the service refused it", 0.0)
    return Attempt(Result.REFUSED, text, wait)


def _refusal(answer: Answer, scheme: str) -> tuple[str, float] | None:
    """Why the receiver did not take it, and how long it wants to be left alone; None when it took it."""
    if answer.status == 429:
        return "HTTP 429, too many messages", _BUSY_SECONDS
    if not 200 <= answer.status < 300:
        return f"HTTP {answer.status}", 0.0
    code = _robot_code(answer.body) if scheme in _ROBOTS else None
    if code in (None, 0):
        return None
    return f"the robot answers with error {code}", _BUSY_SECONDS if code in _BUSY_CODES else 0.0


def _robot_code(body: str) -> int | None:
    """The error code that robots hide in an HTTP 200: WeCom and DingTalk `errcode`, Feishu `code`."""
    try:
        document: Any = json.loads(body)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    for key in ("errcode", "code", "StatusCode"):
        if isinstance(document.get(key), int):
            return int(document[key])
    return None


def _can_be_watched(plugin: Any) -> bool:
    """Whether the service sends through `requests` or `smtplib`."""
    module = sys.modules.get(type(plugin).__module__)
    package = sys.modules.get(type(plugin).__module__.rpartition(".")[0])
    return any(hasattr(one, name) for one in (module, package) for name in ("requests", "smtplib"))
