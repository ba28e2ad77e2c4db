"""The frame that all reports of a run share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from serving.reports.data.books import LedgerEntry
from serving.reports.data.model import Kpi


@dataclass(frozen=True, slots=True)
class Frame:
    """What all reports of a run share; `plans` has titles (zh, en), `courses` titles; `as_of` is naive UTC if known."""

    period: str
    starts_on: date
    as_of: datetime | None
    run_id: str | None
    kpis: Mapping[str, Kpi]
    plans: Mapping[str, tuple[str, str]]
    courses: Mapping[str, str]
    entries: Sequence[LedgerEntry] = ()
