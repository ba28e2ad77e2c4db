"""A search of HubSpot from page to page: by key, because it ends at 10,000 records when paged by `after`.

Belongs here: that. Does not belong here: what is searched for (`source`).
"""

from __future__ import annotations

from typing import Any

from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response

from connectors.sources.errors import RecordsMissing, SourceFailed
from connectors.sources.extraction.json_text import canonical


class ByKey(BasePaginator):
    """Records in the order of their ids; each page begins behind the last id of the one before.

    Args:
        filters: Conditions that all records meet.
        properties: Properties that are wanted.
        size: Records of a page.
    """

    def __init__(self, filters: list[dict[str, Any]], properties: list[str], size: int) -> None:
        super().__init__()
        self.filters, self.properties, self.size = filters, properties, size
        self.last: str | None = None

    def init_request(self, request: Request) -> None:
        """The first search."""
        request.json = self._search()

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """Each answer says how many records there are behind the last id; that has to fit what came.

        Raises:
            RecordsMissing: The page lacks records.
        """
        there, came = total_of(response.json()), data or []
        if len(came) < min(there, self.size):
            raise RecordsMissing(
                f"{len(came)} records came, and the system said there are {there}",
                hint="a page was cut off; extract again",
            )
        self._has_next_page = there > len(came)
        if came:
            self.last = str(came[-1]["id"])

    def update_request(self, request: Request) -> None:
        """The search behind the last id."""
        request.json = self._search()

    def _search(self) -> dict[str, Any]:
        filters = list(self.filters)
        if self.last is not None:
            filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": self.last})
        return {
            "limit": self.size,
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": self.properties,
            "filterGroups": [{"filters": filters}],
        }


class WithHistory(ByKey):
    """A search gives no histories: after each page its records are read again, with the history of a property.

    Args:
        filters: Conditions that all records meet.
        size: Records of a page.
        path: Of the object.
        property_: Whose history is wanted.
    """

    def __init__(self, filters: list[dict[str, Any]], size: int, path: str, property_: str) -> None:
        super().__init__(filters, ["hs_object_id"], size)
        self.path, self.property = path, property_
        self.ids: list[str] = []
        self._has_further = False

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """After a search comes a read, after a read the next search."""
        if self.ids:
            self.ids = []
            self._has_next_page = self._has_further
            return
        super().update_state(response, data)
        self._has_further = self._has_next_page
        self.ids = [str(one["id"]) for one in data or ()]
        self._has_next_page = bool(self.ids)

    def update_request(self, request: Request) -> None:
        """The read of what a search found, or the next search."""
        base = str(request.url).partition(self.path)[0]
        if not self.ids:
            request.url = f"{base}{self.path}/search"
            request.json = self._search()
            return
        request.url = f"{base}{self.path}/batch/read"
        request.json = {
            "inputs": [{"id": one} for one in self.ids],
            "properties": ["hs_object_id"],
            "propertiesWithHistory": [self.property],
        }


def total_of(body: Any) -> int:
    """How many records a search finds.

    Raises:
        SourceFailed: The answer is that of no search.
    """
    if not isinstance(body, dict) or not isinstance(body.get("total"), int):
        raise SourceFailed(f"the answer has no 'total': {canonical(body)[:200]}")
    return int(body["total"])
