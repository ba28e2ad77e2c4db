"""HTTP to a vendor: retries within bounds, exact JSON, and every failure as one sentence.

Belongs here: the session that dlt's REST client uses. Does not belong here: pages (`extractor`), one vendor.

Retried: 429 and 5xx (Retry-After is honoured up to a bound; beyond it the extraction stops politely), broken
connections, bodies that are no JSON, and what the vendor's own words say to try again, also in an HTTP 200.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.sources.helpers.requests.retry import (
    DEFAULT_RETRY_EXCEPTIONS,
    retry_if_predicate,
    wait_exponential_retry_after,
)
from dlt.sources.helpers.requests.session import Session
from tenacity import Retrying, retry_any, retry_if_exception_type, stop_after_attempt

from connectors.sources.errors import SourceFailed, SourceRefused
from connectors.sources.http.prompt import NO_JSON, PromptAdapter, body_of
from connectors.sources.model import Patience

_SHOWN = 200
_CLOCK = 120  # seconds by which clocks may differ
_TOKENS = re.compile("oauth|token", re.IGNORECASE)  # paths whose answers are never shown


@dataclass(frozen=True)
class Trouble:
    """What a vendor's answer says is wrong.

    Attributes:
        sentence: In words.
        again: Whether the same request may succeed when it is tried again.
        token: Whether the access token was refused, so that a new one may help.
        wait: Whole seconds to wait before it is tried again, where the vendor says so otherwise than by Retry-After.
    """

    sentence: str
    again: bool = False
    token: bool = False
    wait: int = 0


#: tells what is wrong with an answer: status, parsed body (None: no JSON) → Trouble
Judge = Callable[[requests.Response, Any], Trouble | None]


class VendorSession(Session):
    """A session for dlt's REST client that tries again what may succeed, and raises everything else.

    Args:
        judge: What the vendor's answers mean.
        patience: How long a request is tried.
        renew: Gives a request whose token was refused a new one; False when it cannot.
    """

    def __init__(
        self, judge: Judge, patience: Patience, renew: Callable[[requests.PreparedRequest], bool]
    ) -> None:
        super().__init__(timeout=patience.timeout, raise_for_status=False)
        self.judge, self.patience, self.renew = judge, patience, renew
        for scheme in ("http://", "https://"):
            self.mount(scheme, PromptAdapter(patience.longest_answer))

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request until there is an answer without trouble.

        Raises:
            SourceFailed: There is none; a `SourceRefused` when the system has certainly not acted on the request.
        """
        patience, tried = self.patience, _Tried(self)
        retrying = Retrying(
            wait=wait_exponential_retry_after(multiplier=patience.factor, max=patience.longest_wait),
            retry=retry_any(
                retry_if_exception_type(DEFAULT_RETRY_EXCEPTIONS), retry_if_predicate(tried.again)
            ),
            stop=stop_after_attempt(patience.attempts),
            reraise=True,
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        )
        response: requests.Response = retrying(super().send, request, **options)
        if (trouble := self.trouble(response)) is not None:
            raise SourceFailed(f"{trouble.sentence}; tried {patience.attempts} times{_clock_of(response)}")
        return response

    def trouble(self, response: requests.Response) -> Trouble | None:
        """What is wrong with an answer, in the vendor's words or by its status."""
        body = body_of(response)
        if body is NO_JSON:
            return self.judge(response, None) or Trouble(_no_json(response), again=True)
        return self.judge(response, body) or _by_status(response)


class _Tried:
    """What became of one request so far.

    Attributes:
        was_renewed: It got another token already.
        was_seen: The system may have acted on it already.
    """

    def __init__(self, session: VendorSession) -> None:
        self.session = session
        self.was_renewed = self.was_seen = False

    def again(self, response: requests.Response | None, error: BaseException | None) -> bool:
        """Whether it is sent again.

        Raises:
            SourceFailed: It must not be.
        """
        if response is None:
            response = getattr(error, "response", None)
        if response is None:
            self.was_seen = True
        if response is None or (trouble := self.session.trouble(response)) is None:
            return False
        if trouble.token and not self.was_renewed:
            self.was_renewed = True
            if self.session.renew(response.request):
                return True
        if trouble.wait:
            response.headers.setdefault("Retry-After", str(trouble.wait))
        _stop_politely(response, self.session.patience)
        if not trouble.again:
            said = f"{trouble.sentence}{_clock_of(response)}"
            raise (SourceFailed if self.was_seen else SourceRefused)(said)
        self.was_seen = True
        return True


def _clock_of(response: requests.Response) -> str:
    """What to say of this machine's clock where the system's is another: stamps and signatures are refused then."""
    moment = email.utils.parsedate_tz(response.headers.get("Date", ""))
    ahead = 0.0 if moment is None else email.utils.mktime_tz(moment) - dt.datetime.now(dt.UTC).timestamp()
    if abs(ahead) < _CLOCK:
        return ""
    side = "behind" if ahead > 0 else "ahead of"
    return f"; the clock of this machine is {abs(ahead):.0f} seconds {side} the system's"


def _by_status(response: requests.Response) -> Trouble | None:
    if response.status_code < 400:
        return None
    again = response.status_code == 429 or response.status_code >= 500
    return Trouble(f"the answer was HTTP {response.status_code} {response.reason}: {_shown(response)}", again)


def _no_json(response: requests.Response) -> str:
    kind = response.headers.get("Content-Type", "")
    text = response.text.lstrip()
    what = "a web page" if "html" in kind or text.startswith("<") else "no complete JSON"
    return f"the answer is {what} (HTTP {response.status_code}): {_shown(response)}"


def _shown(response: requests.Response) -> str:
    if _TOKENS.search(urlsplit(str(response.request.url)).path):
        return "(not shown, for it may hold a token)"
    return " ".join(response.text.split())[:_SHOWN] or "(empty)"


def _stop_politely(response: requests.Response, patience: Patience) -> None:
    seconds = _retry_after(response)
    if seconds is not None and seconds > patience.longest_wait:
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        raise SourceFailed(
            f"the system asks to wait {seconds:.0f} seconds, until {until:%Y-%m-%d %H:%M} UTC",
            hint="extract again after that; it goes on where it stopped",
        )


def _retry_after(response: requests.Response) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    moment = email.utils.parsedate_tz(text) if text else None
    if moment is None:
        return None
    return email.utils.mktime_tz(moment) - dt.datetime.now(dt.UTC).timestamp()
