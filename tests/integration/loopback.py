"""A receiver of messages on loopback: a webhook, and a WeCom robot with its limits.

Here belongs the server. Not here: assertions.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ROBOT_PATH = "/cgi-bin/webhook/send"


@dataclass
class Receiver:
    """What has arrived.

    Args:
        knows_keys: Shows a message whose idempotency key it has seen only once.
        now: Seconds, for the pace of the robot.
    """

    knows_keys: bool = False
    now: Callable[[], float] = lambda: 0.0
    status: int = 200
    drops: int = 0
    shown: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    refused: int = 0
    port: int = 0
    _keys: set[str] = field(default_factory=set)
    _robot_times: list[float] = field(default_factory=list)

    def take(self, path: str, headers: dict[str, str], document: dict[str, Any]) -> tuple[int, str] | None:
        """Take a message; None hangs up without an answer."""
        self.requests.append(headers)
        self.documents.append(document)
        if self.status != 200:
            return self.status, ""
        if path.startswith(ROBOT_PATH):
            return 200, self._robot(document)
        key = headers.get("Idempotency-Key", "")
        if not (self.knows_keys and key in self._keys):
            self.shown.append(document)
        self._keys.add(key)
        if self.drops:
            self.drops -= 1
            return None
        return 200, "ok"

    def _robot(self, document: dict[str, Any]) -> str:
        recent = [at for at in self._robot_times if at > self.now() - 60]
        if len(recent) >= 20:
            self.refused += 1
            return '{"errcode":45009,"errmsg":"api freq out of limit"}'
        if document["msgtype"] != "markdown" or len(document["markdown"]["content"].encode()) > 4_096:
            self.refused += 1
            return '{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}'
        self._robot_times.append(self.now())
        self.shown.append(document)
        return '{"errcode":0,"errmsg":"ok"}'


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """Serve on a free port while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = receiver.take(self.path, dict(self.headers), json.loads(body))
            if answer is None:
                self.connection.close()
                return
            self.send_response(answer[0])
            self.end_headers()
            self.wfile.write(answer[1].encode())

        def log_message(self, *_: Any) -> None:
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (OSError, ValueError):
                self.close_connection = True

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
