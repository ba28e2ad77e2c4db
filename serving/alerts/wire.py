"""What happens on the wire while a message is sent: whether its first byte has left, and what was answered.

The libraries below apprise tell only yes or no. Whoever must not send twice has to know more: "no" with no byte sent
may be tried again, "no" after bytes were sent may be a message that arrived. So the two places where bytes leave are
watched, `http.client.HTTPConnection.send` and `smtplib.SMTP.data`, in the sending thread only and only while it
sends; nothing is changed. Here belongs the watching. Not here: the judgement (`transport.py`).
"""

import http.client
import smtplib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

_watching: ContextVar["Exchange | None"] = ContextVar("watching", default=None)
_installing = threading.Lock()
_originals: dict[str, Any] = {}


@dataclass(slots=True)
class Answer:
    """What an HTTP server said.

    Attributes:
        status: HTTP status.
        body: The beginning of its text.
    """

    status: int
    body: str = ""


@dataclass(slots=True)
class Exchange:
    """One sending.

    Attributes:
        before_bytes: Called once, right before the first byte leaves.
        requests: Messages begun on the wire.
        answers: What came back.
    """

    before_bytes: Callable[[], None]
    requests: int = 0
    answers: list[Answer] = field(default_factory=list)
    _has_begun: bool = False

    def begin(self) -> None:
        """A byte is about to leave."""
        if not self._has_begun:
            self._has_begun = True
            self.before_bytes()

    @property
    def has_left(self) -> bool:
        """Whether a byte of the message has left."""
        return self._has_begun


@contextmanager
def watched(exchange: Exchange) -> Iterator[None]:
    """Watch what this thread sends while the block runs.

    Args:
        exchange: Takes what is seen.
    """
    _install()
    token = _watching.set(exchange)
    try:
        yield
    finally:
        _watching.reset(token)


def _install() -> None:
    with _installing:
        if _originals:
            return
        import requests

        _originals["http"] = http.client.HTTPConnection.send
        _originals["smtp"] = smtplib.SMTP.data
        _originals["requests"] = requests.Session.send
        http.client.HTTPConnection.send = _http_send  # type: ignore[method-assign]
        smtplib.SMTP.data = _smtp_data  # type: ignore[method-assign]
        requests.Session.send = _session_send  # type: ignore[method-assign]


def _http_send(self: http.client.HTTPConnection, data: Any) -> None:
    exchange = _watching.get()
    if exchange is not None:
        if self.sock is None and self.auto_open:
            self.connect()  # a server that cannot be reached has got nothing
        exchange.begin()
    _originals["http"](self, data)


def _smtp_data(self: smtplib.SMTP, msg: Any) -> Any:
    exchange = _watching.get()
    if exchange is None:
        return _originals["smtp"](self, msg)
    exchange.requests += 1
    exchange.begin()
    code, text = _originals["smtp"](self, msg)
    exchange.answers.append(Answer(200 if code == 250 else 500, str(text)))
    return code, text


def _session_send(self: Any, request: Any, **kwargs: Any) -> Any:
    exchange = _watching.get()
    if exchange is None or request.method in {"GET", "HEAD"}:
        return _originals["requests"](self, request, **kwargs)
    exchange.requests += 1
    response = _originals["requests"](self, request, **kwargs)
    exchange.answers.append(Answer(response.status_code, response.text[:2000]))
    return response
