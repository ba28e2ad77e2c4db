"""Answers: a time limit for a whole one, where requests knows one for the next byte only; JSON without lost digits.

Belongs here: that. Does not belong here: what is tried again (`session`).
"""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import cached_property
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter

from connectors.sources.extraction.json_text import parsed

#: stands for the body of an answer that is no JSON
NO_JSON: Final = object()


class ExactResponse(requests.Response):
    """An answer whose JSON is read once, and exactly."""

    @cached_property
    def body(self) -> Any:
        """The JSON; `NO_JSON` where there is none."""
        try:
            return parsed(self.content.decode("utf-8-sig"))
        except ValueError:
            return NO_JSON

    def json(self, **_: Any) -> Any:
        """The JSON; None where there is none."""
        return None if self.body is NO_JSON else self.body


def body_of(response: requests.Response) -> Any:
    """The JSON of an answer; `NO_JSON` where there is none."""
    return response.body if isinstance(response, ExactResponse) else NO_JSON


def end_read(raw: Any) -> None:
    """End a read that waits for bytes; it may have ended by itself just now."""
    with suppress(OSError, RuntimeError, ValueError):
        raw.shutdown()


class PromptAdapter(HTTPAdapter):
    """Reads the whole body of an answer, within a time.

    Args:
        seconds: From the first byte of the body to its last.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(pool_maxsize=50)
        self.seconds = seconds

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """The answer, as one that reads its JSON exactly."""
        made = ExactResponse()
        vars(made).update(vars(super().build_response(req, resp)))
        return made

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send a request, and read the answer.

        Raises:
            requests.exceptions.ReadTimeout: It took too long.
        """
        response = super().send(request, *args, **options)
        is_late = threading.Event()

        def end() -> None:
            is_late.set()
            end_read(response.raw)

        timer = threading.Timer(self.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            response.content  # noqa: B018  reads it, and keeps it
        except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
            if not is_late.is_set():
                raise
        finally:
            timer.cancel()
        if is_late.is_set():
            raise requests.exceptions.ReadTimeout(f"the answer took more than {self.seconds} seconds")
        return response
