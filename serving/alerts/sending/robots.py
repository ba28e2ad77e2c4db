"""Chat robots (WeCom, DingTalk, Feishu, Lark) and JSON webhooks: their documents, and what their answers mean.

apprise reads the address of a channel; the request is made here, because apprise only says yes or no.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from serving.alerts.model import Message
from serving.alerts.sending.attempt import Attempt, Result
from serving.alerts.sending.wire import Answer, BeforeBytes, NoAnswerError, NotSentError, Request, exchange
from serving.alerts.texts import cut

MARKDOWN_BYTES = 4_096
IDEMPOTENCY_HEADER = "Idempotency-Key"
_BUSY_CODES = {45009, 45033, 130101, 11232}  # WeCom frequency and concurrency, DingTalk, Feishu
_BUSY_SECONDS = 60.0
_CODES = {
    "wecombot": ("errcode",),
    "dingtalk": ("errcode",),
    "feishu": ("code", "StatusCode"),
    "lark": ("code", "StatusCode"),
}
"""Keys under which a robot says in an HTTP 200 whether it took the message; 0 is yes."""


def send_http(plugin: Any, scheme: str, message: Message, before_bytes: BeforeBytes) -> Attempt:
    """Send a message to a robot or a JSON webhook.

    Args:
        plugin: The address of the channel as apprise read it.
        scheme: Kind of channel, a key of `REQUESTS`.
        message: The message.
        before_bytes: Called before the first byte of the message leaves.
    """
    seconds = plugin.socket_connect_timeout + plugin.socket_read_timeout
    request = REQUESTS[scheme](plugin, message)
    try:
        answer = exchange(request, before_bytes, connect=plugin.socket_connect_timeout, seconds=seconds)
    except NotSentError:
        return Attempt(Result.REFUSED, "cannot be reached")
    except NoAnswerError:
        return Attempt(Result.UNKNOWN, "was sent, but the answer is missing")
    return attempt_of(answer, scheme)


def attempt_of(answer: Answer, scheme: str) -> Attempt:
    """The meaning of an answer: a 5xx says nothing about the message, a redirect is no receiver."""
    if answer.status == 429:
        return Attempt(Result.REFUSED, "HTTP 429, too many messages", _BUSY_SECONDS)
    if 300 <= answer.status < 400:
        return Attempt(Result.REFUSED, f"HTTP {answer.status}, a redirect; correct the address")
    if answer.status >= 500:
        return Attempt(
            Result.UNKNOWN, f"HTTP {answer.status}, which does not say whether the message arrived"
        )
    if answer.status >= 400:
        return Attempt(Result.REFUSED, f"HTTP {answer.status}")
    if scheme not in _CODES:
        return Attempt(Result.SENT)
    code = _robot_code(answer.body, _CODES[scheme])
    if code is None:
        return Attempt(Result.UNKNOWN, "the answer is not that of a robot")
    if code == 0:
        return Attempt(Result.SENT)
    return Attempt(
        Result.REFUSED,
        f"the robot answers with error {code}",
        _BUSY_SECONDS if code in _BUSY_CODES else 0.0,
    )


def _robot_code(body: str, keys: tuple[str, ...]) -> int | None:
    try:
        document: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    codes = [document[key] for key in keys if type(document.get(key)) is int]
    return codes[0] if codes else None


def _plain(text: str) -> str:
    """A text that a robot reads neither as a tag nor as a link."""
    return text.replace("<", "＜").replace("[", "［")


def _text(message: Message) -> str:
    return f"{message.title}\n{message.body}" if message.title else message.body


def _json(
    url: str, document: Mapping[str, Any], plugin: Any, params: Mapping[str, str] | None = None
) -> Request:
    return Request(
        url=url,
        content=json.dumps(document, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
        params=params,
        is_verified=plugin.verify_certificate,
    )


def _wecom(plugin: Any, message: Message) -> Request:
    return _json(plugin.api_url, markdown(message.title, message.body), plugin)


def _dingtalk(plugin: Any, message: Message) -> Request:
    document = {
        "msgtype": "text",
        "at": {"atMobiles": plugin.targets, "isAtAll": False},
        "text": {"content": _text(message)},
    }
    params = _signature(plugin.secret, round(time.time() * 1000)) if plugin.secret else None
    return _json(plugin.notify_url.format(token=plugin.token), document, plugin, params)


def _signature(secret: str, timestamp: int) -> dict[str, str]:
    """Query parameters that sign a request to a DingTalk robot."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": str(timestamp), "sign": base64.b64encode(digest).decode()}


def _feishu(plugin: Any, message: Message) -> Request:
    return _json(plugin.notify_url.format(token=plugin.token), _feishu_document(message), plugin)


def _lark(plugin: Any, message: Message) -> Request:
    return _json(plugin.webhook_url, _feishu_document(message), plugin)


def _feishu_document(message: Message) -> dict[str, Any]:
    """Feishu reads ``<at user_id="all">`` in a text as a mention."""
    return {"msg_type": "text", "content": {"text": _plain(_text(message))}}


def _webhook(plugin: Any, message: Message) -> Request:
    """The document that apprise sends to a JSON webhook, with the idempotency key in a header."""
    document: dict[str, Any] = {
        "version": plugin.json_version,
        "title": message.title,
        "message": message.body,
        "attachments": [],
        "type": "info",
    }
    for key, value in plugin.payload_extras.items():
        if key not in document:
            document[key] = value
        elif content := document.pop(key, None):
            document.update({value: content} if value else {})
    port = f":{plugin.port}" if plugin.port else ""
    return Request(
        url=f"{'https' if plugin.secure else 'http'}://{plugin.host}{port}{plugin.fullpath}",
        content=json.dumps(document, ensure_ascii=False).encode(),
        headers={
            "Content-Type": "application/json",
            **plugin.headers,
            IDEMPOTENCY_HEADER: message.message_id,
        },
        params=plugin.params or None,
        auth=(plugin.user, plugin.password or "") if plugin.user else None,
        method=plugin.method,
        is_verified=plugin.verify_certificate,
    )


REQUESTS: dict[str, Callable[[Any, Message], Request]] = {
    "wecombot": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "lark": _lark,
    "json": _webhook,
    "jsons": _webhook,
}


def markdown(title: str, body: str) -> dict[str, Any]:
    """The document that a WeCom robot takes; the first line is bold, no text is read as a link or a mention.

    Args:
        title: May be empty: then the first line of the body is the title.
        body: Lines of plain text.
    """
    first, _, rest = (f"{title}\n{body}" if title else body).partition("\n")
    safe_first, safe_rest = (_plain(text) for text in (first, rest))
    content = cut(f"**{safe_first}**\n{safe_rest}", MARKDOWN_BYTES)
    return {"msgtype": "markdown", "markdown": {"content": content}}
