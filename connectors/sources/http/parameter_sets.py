"""A paginator for what has to be asked several times: accounts, spans of days, pairs of course and user.

Belongs here: one request after the other, all pages of each, the vendor's counts. Does not belong here: one vendor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from dlt.sources.helpers.rest_client.paginators import BasePaginator
from requests import Request, Response

from connectors.sources.errors import RecordsMissing
from connectors.sources.extraction.json_text import value_at


class EachOf(BasePaginator):
    """Asks with one set of parameters after the other; where the answer counts pages, for all pages of each.

    Args:
        sets: The sets; they are made when their turn comes, so that one may depend on an earlier answer.
        place: Where parameters stand: in the query (`params`), or in the form (`data`).
        page: Parameter of the page, counted from 1; none: each set has one answer.
        pages_at: Path in the answer of the number of pages.
        total_at: Path in the answer of the number of records.

    Attributes:
        answered: The set that the last answer is about.
    """

    def __init__(
        self,
        sets: Iterable[Mapping[str, Any]],
        *,
        place: Literal["params", "data"] = "params",
        page: str | None = None,
        pages_at: str = "",
        total_at: str = "",
    ) -> None:
        super().__init__()
        self._sets = iter(sets)
        self._place, self._page = place, page
        self._pages_at, self._total_at = pages_at, total_at
        self._base: dict[str, Any] = {}
        self._total: int | None = None
        self.answered: dict[str, Any] = {}
        self._next_set()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask."""
        return self._current is None

    def init_request(self, request: Request) -> None:
        """The first page of the first set."""
        self._base = dict(getattr(request, self._place) or {})
        self.update_request(request)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        """On to the next page, or the next set.

        Raises:
            RecordsMissing: The vendor's counts say that records are missing.
        """
        body = response.json()
        self.answered = dict(self._current or {})
        self._rows += len(data or ())
        total, pages = self._count(body, self._total_at), self._count(body, self._pages_at)
        if total is not None and self._total not in (None, total):
            raise RecordsMissing(
                f"the system said there are {self._total} records, then {total}: they changed while they were read",
                hint="extract again",
            )
        self._total = total
        if data and self._page is not None and pages is not None and self._number < pages:
            self._number += 1
            return
        if total is not None and self._rows != total:
            raise RecordsMissing(
                f"{self._rows} records came, and the system said there are {total}",
                hint="records were removed while they were read, or a page was lost; extract again",
            )
        self._next_set()

    def update_request(self, request: Request) -> None:
        """The parameters of the next request."""
        if self._current is None:
            return
        page = {} if self._page is None else {self._page: self._number}
        setattr(request, self._place, self._base | dict(self._current) | page)

    def _next_set(self) -> None:
        self._current = next(self._sets, None)
        self._number, self._rows = 1, 0
        self._total = None
        self._has_next_page = self._current is not None

    @staticmethod
    def _count(body: Any, path: str) -> int | None:
        value = value_at(body, path) if path and isinstance(body, dict) else None
        return None if value is None else int(value)
