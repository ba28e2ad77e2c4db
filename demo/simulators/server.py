"""The base of all simulators: a small HTTP server on a free port of loopback that answers from its records.

Belongs here: serving, the log of requests, faults on demand. Does not belong here: one vendor's protocol.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Records = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Asked:
    """A request as a simulator sees it.

    Attributes:
        query: Parameters of the address, the last of each name.
        form: Parameters of a form body.
        body: The body as it came.
        repeated: Parameters of the address, all values of each name.
    """

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    repeated: dict[str, list[str]] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, str]:
        """Fields of a form that was sent."""
        return {
            name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()
        }

    @property
    def data(self) -> Any:
        """The JSON that was sent."""
        return json.loads(self.body or b"null")


@dataclass(frozen=True)
class Answer:
    """What a simulator says: status, JSON (or bytes as they are), headers.

    Attributes:
        cut: Bytes of the body after which the connection is reset.
        drip: Seconds between two pieces of the body.
    """

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0.0

    @cached_property
    def content(self) -> bytes:
        """The bytes of the body."""
        return (
            self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        )


_DRIPS = 8  # pieces of a body that drips

#: looks at a request and the answer to it, and gives the answer that is sent
Fault = Callable[[Asked, Answer], Answer]


class Simulator:
    """A server of records; use it as a context manager.

    Args:
        records: Kind of record to its records; may be changed while it serves.

    Attributes:
        asked: The requests so far.
        fault: Changes answers, for tests of what goes wrong.
        ahead: Seconds by which its clock is ahead of this machine's.
    """

    ahead = 0.0

    def __init__(self, records: Records) -> None:
        self.records = records
        self.asked: list[Asked] = []
        self.fault: Fault | None = None
        simulator = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each body waits for the acknowledgement of its head

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                repeated = parse_qs(parts.query, keep_blank_values=True)
                query = {name: values[-1] for name, values in repeated.items()}
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, parts.path, query, headers, self.rfile.read(length), repeated)
                simulator.asked.append(asked)
                answer = simulator.answer(asked)
                if simulator.fault is not None:
                    answer = simulator.fault(asked, answer)
                self.send_response(answer.status)
                sent = {"Content-Type": "application/json;charset=UTF-8", **answer.headers}
                for name, value in ({"Content-Length": str(len(answer.content))} | sent).items():
                    self.send_header(name, value)
                self.end_headers()
                _write(self, answer)
                if int(sent.get("Content-Length", 0)) > len(answer.content):
                    self.close_connection = True

            do_GET = do_POST = _serve  # noqa: N815

            def date_time_string(self, timestamp: float | None = None) -> str:
                return super().date_time_string(timestamp or simulator.now())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Requests are kept in `asked`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def now(self) -> float:
        """Its time, in seconds since 1970."""
        return time.time() + self.ahead

    def answer(self, asked: Asked) -> Answer:
        """The vendor's answer to a request."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _write(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write the body of an answer: in pieces where it drips, and with a reset where it is cut."""
    content = answer.content if answer.cut is None else answer.content[: answer.cut]
    step = max(1, len(content) // _DRIPS) if answer.drip else len(content) or 1
    try:
        for start in range(0, len(content), step):
            handler.wfile.write(content[start : start + step])
            time.sleep(answer.drip)
    except OSError:
        handler.close_connection = True  # the reader has had enough
    if answer.cut is not None:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True
