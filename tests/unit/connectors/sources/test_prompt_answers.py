"""The time limit of an answer that runs out as the answer ends."""

from __future__ import annotations

import errno

from urllib3 import HTTPResponse

from connectors.sources.http.prompt import end_read


def test_an_answer_that_has_just_ended_is_no_error() -> None:
    ended: list[int] = []

    def closed(how: int) -> None:
        ended.append(how)
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")

    for connection in (object(), None):  # closed by the other side; given back already
        response = HTTPResponse(b"", sock_shutdown=closed)
        response._connection = connection  # type: ignore[assignment]
        end_read(response)
    response.close()
    end_read(response)
    assert len(ended) == 1
