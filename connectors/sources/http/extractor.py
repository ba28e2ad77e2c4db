"""The base of every extractor that speaks HTTP: dlt's REST client does the work, a type says how it is configured.

Belongs here: what holds for every REST vendor. Does not belong here: one vendor's paths, pagination, words for errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import requests
from dlt.sources.helpers.rest_client.auth import AuthConfigBase
from dlt.sources.helpers.rest_client.client import RESTClient

from connectors.sources.configuration.secret_values import Secrets
from connectors.sources.errors import RecordsMissing, SourceFailed
from connectors.sources.extraction.days import last_day
from connectors.sources.extraction.json_text import canonical, mark, value_at
from connectors.sources.extraction.sentences import sentence_of
from connectors.sources.http.session import Trouble, VendorSession
from connectors.sources.model import Finding, Instance, Wanted

#: data_selector of an answer that is the list of records itself
ALL = "$"


class RestExtractor:
    """Fetches the resources of one instance over HTTP. A type overrides the methods below `-- what a type says`."""

    def __init__(self, instance: Instance, secrets: Secrets) -> None:
        self.instance = instance
        self.secrets = secrets
        self.session = VendorSession(self.trouble, instance.connection.patience, self._renew)
        self.auth = self.make_auth()

    # -- what a type says ------------------------------------------------------------------------------------------

    def base_url(self) -> str:
        """Where all paths begin."""
        raise NotImplementedError

    def make_auth(self) -> AuthConfigBase | None:
        """A dlt auth class; tokens are asked for with `self.session`."""
        raise NotImplementedError

    def endpoint(self, wanted: Wanted) -> dict[str, Any]:
        """What dlt's client is asked: path, method, params or json, headers, paginator, data_selector."""
        raise NotImplementedError

    def endpoints(self, wanted: Wanted) -> Iterable[dict[str, Any]]:
        """The same, where one read of a resource is several reads of the vendor, one after the other."""
        yield self.endpoint(wanted)

    def records(self, page: list[Any], wanted: Wanted) -> list[dict[str, Any]]:  # noqa: ARG002
        """The records of a page, where the vendor gives something else than a list of objects."""
        return page

    def trouble(self, response: requests.Response, body: Any) -> Trouble | None:  # noqa: ARG002
        """What an answer says is wrong in the vendor's own words; None leaves it to the HTTP status."""
        return None

    def total(self, body: Any) -> int | None:  # noqa: ARG002
        """How many records the answer says there are in all, where the vendor says it."""
        return None

    def says_nothing(self, body: Any) -> bool:  # noqa: ARG002
        """Whether an answer without the list of records means that there are none."""
        return False

    def shaped(self, record: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        """A record as it is kept: as the vendor gave it, with what only the parameters (of `EachOf`) say."""
        return record

    def place(self, body: Any) -> int | None:  # noqa: ARG002
        """How many records there were up to the end of this page, where the answer says it."""
        return None

    def drop_token(self) -> bool:
        """Forget the access token, so that the next request asks for another; False where there is none."""
        if getattr(self.auth, "access_token", None) is None:
            return False
        self.auth.access_token = None  # type: ignore[union-attr]
        return True

    # -- what holds for all ----------------------------------------------------------------------------------------

    def pages(self, wanted: Wanted) -> Iterator[list[dict[str, Any]]]:
        """Pages of records.

        Raises:
            SourceFailed: The vendor refused, gave a page twice, or fewer records than it said there are.
        """
        seen: set[bytes] = set()
        for endpoint in self.endpoints(wanted):
            rows, expected = 0, None
            for page in self._client_pages(endpoint):
                came, asked = list(page), getattr(page.paginator, "answered", {})
                kept = [self.shaped(record, asked) for record in self.records(came, wanted)]
                if came:
                    came_as = mark(kept or came)
                    if came_as in seen:
                        raise SourceFailed("the same page came twice")
                    seen.add(came_as)
                body = page.response.json()
                found, place = self.total(body), self.place(body)
                expected = expected if found is None else found
                rows += len(came)
                if place is not None and place != rows:
                    raise _missing(rows, place)
                yield kept
            if expected is not None and rows < expected:
                raise _missing(rows, expected)

    def checks(self) -> Iterator[Finding]:
        """Tries the address and the credentials, then each resource with its permission."""
        for resource in self.instance.resources:
            wanted = Wanted(resource, self.instance.fields_of(resource), days=last_day(resource))
            try:
                next(self.pages(wanted), None)
            except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence
                said = str(sentence_of(error, self.secrets)).splitlines()[0]
                hint = f"needed: {resource.permission}" if resource.permission else ""
                yield Finding(resource.name, False, f"{resource.name} cannot be read: {said}", hint)
            else:
                yield Finding(resource.name, True, f"{resource.name} can be read")

    def ask(self, path: str, method: Literal["GET", "POST"] = "GET", **options: Any) -> Any:
        """One answer of the vendor, for what has to be known before a resource is read."""
        client = RESTClient(self.base_url(), auth=self.auth, session=self.session)
        return client.request(path, method=method, **options).json()

    def _client_pages(self, endpoint: dict[str, Any]) -> Iterator[Any]:
        """Pages as dlt's client gives them; an answer without the list of records is no empty page."""
        client = RESTClient(self.base_url(), auth=self.auth, session=self.session)
        selector = endpoint.get("data_selector")
        if getattr(endpoint.get("paginator"), "is_empty", False):
            return
        # the session has judged every answer already
        for page in client.paginate(hooks={"response": []}, **endpoint):
            body = page.response.json()
            if selector and not _holds(body, selector) and not self.says_nothing(body):
                what = "is no list" if selector == ALL else f"has no {selector!r}"
                raise SourceFailed(f"the answer {what}: {canonical(body)[:200]}")
            yield page

    def _renew(self, request: requests.PreparedRequest) -> bool:
        if self.auth is None or not self.drop_token():
            return False
        self.auth(request)
        return True


def _holds(body: Any, selector: str) -> bool:
    if selector == ALL:
        return isinstance(body, list)
    return isinstance(body, dict) and value_at(body, selector) is not None


def _missing(rows: int, expected: int) -> RecordsMissing:
    return RecordsMissing(
        f"{rows} records came, and the system said there are {expected}",
        hint="records were removed while they were read, or a page was lost; extract again",
    )
