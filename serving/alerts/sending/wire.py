"""HTTP requests with one deadline, which record whether a byte of the message has left.

A message must not be sent twice. A request that failed before its first byte left may be repeated; one that failed
later may have arrived. Redirects are not followed: a login page would be taken for the receiver.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

BeforeBytes = Callable[[], None]
_BODY_BYTES = 65_536


class NotSentError(Exception):
    """The receiver was not reached; no byte of the message has left."""


class NoAnswerError(Exception):
    """Bytes of the message have left and no answer came."""


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    Attributes:
        url: Address of the receiver; a secret.
        content: Body.
        headers: Headers besides those that every request has.
        params: Query parameters that are added to the address.
        auth: User and password, or None.
        method: HTTP method.
        is_verified: Whether the certificate of the receiver is verified.
    """

    url: str
    content: bytes
    headers: Mapping[str, str]
    params: Mapping[str, str] | None = None
    auth: tuple[str, str] | None = None
    method: str = "POST"
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of an HTTP server.

    Attributes:
        status: HTTP status.
        body: Text, at most 64 KiB; incomplete when the deadline passed.
    """

    status: int
    body: str = ""


class Deadline:
    """One deadline for a whole exchange: when it passes, the socket is shut down, so that no read goes on."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._socket: Callable[[], socket.socket | None] = lambda: None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    @property
    def left(self) -> float:
        """Seconds left; never 0, which libraries take for no limit."""
        return max(self._end - time.monotonic(), 0.001)

    def watch(self, socket_of: Callable[[], socket.socket | None]) -> None:
        """Shut down the socket that a function returns when the deadline passes; at once when it has passed."""
        self._socket = socket_of
        if time.monotonic() >= self._end:
            self._cut()

    def _cut(self) -> None:
        connected = self._socket()
        if connected is not None:
            with contextlib.suppress(OSError):
                # not the method of a TLS socket: it would change the object that another thread reads from
                socket.socket.shutdown(connected, socket.SHUT_RDWR)


def exchange(request: Request, before_bytes: BeforeBytes, *, connect: float, seconds: float) -> Answer:
    """Send a request and read its answer.

    Args:
        request: The request.
        before_bytes: Called before the first byte of the message leaves.
        connect: Seconds for the connection.
        seconds: Seconds for the whole exchange.

    Raises:
        NotSentError: The receiver was not reached.
        NoAnswerError: Bytes have left and no answer came.
    """
    import httpx

    has_left = False

    with Deadline(seconds) as deadline:

        def trace(event: str, info: Mapping[str, Any]) -> None:
            nonlocal has_left
            if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
                stream = info["return_value"]
                deadline.watch(lambda: stream.get_extra_info("socket"))
            elif event == "http11.send_request_headers.started" and not has_left:
                has_left = True
                before_bytes()

        timeout = httpx.Timeout(deadline.left, connect=min(connect, deadline.left))
        try:
            with (
                httpx.Client(verify=request.is_verified, timeout=timeout, follow_redirects=False) as client,
                client.stream(
                    request.method,
                    request.url,
                    content=request.content,
                    headers={"User-Agent": "incentives", **request.headers},
                    params=request.params,
                    auth=request.auth,
                    extensions={"trace": trace},
                ) as response,
            ):
                return Answer(response.status_code, _body(response))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            kind = NoAnswerError if has_left else NotSentError
            raise kind(type(error).__name__) from error


def _body(response: Any) -> str:
    """The text that arrives before the deadline."""
    import httpx

    read = bytearray()
    with contextlib.suppress(httpx.HTTPError, OSError, ValueError):
        for chunk in response.iter_bytes():
            read += chunk
            if len(read) >= _BODY_BYTES:
                break
    return bytes(read[:_BODY_BYTES]).decode("utf-8", errors="replace")
