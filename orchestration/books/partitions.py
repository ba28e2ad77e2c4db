"""What the ledger says of a month, as partitions that Dagster shows: locked, exported, paid.

A month without a partition of ``books/locked`` is open. Commands report what they did; the job ``close_month`` reports
what the ledger says of its month, so that nothing stays unseen when Dagster's storage could not be written.

Belongs here: which month has which partition. Does not belong here: the entries (``ledger``), payroll (``closing``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from connectors.common.errors import UserError
from ledger import Entry
from ledger.entries.life import locked_periods, standing_of
from orchestration.books.home import read_entries
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import AssetMaterialization

BOOKS = "books"
#: what each asset of a state says
STATES = {
    "locked": "Months whose lines stand; a month that is not here is open.",
    "exported": "Months that were handed over to payroll.",
    "paid": "Months that were noted as paid.",
}


def events_of(entries: Sequence[Entry], month: str) -> Iterator[AssetMaterialization]:
    """A materialization for each state that a month has reached.

    Args:
        entries: All entries of the ledger.
        month: The month.
    """
    from dagster import AssetKey, AssetMaterialization

    standing = standing_of(entries, month)
    last = {
        "locked": standing.lock,
        "exported": standing.exports[-1] if standing.exports else None,
        "paid": standing.payment,
    }
    for state, entry in last.items():
        if entry is not None:
            about: dict[str, str | int] = {
                "by": entry.by,
                "at": entry.at,
                "entry": entry.sequence,
                "hash": entry.entry_hash,
                "lock of": entry.period,
            }
            yield AssetMaterialization(AssetKey([BOOKS, state]), partition=month, metadata=about)


def closed_with(entries: Sequence[Entry], month: str, months: Iterable[str]) -> list[str]:
    """A month and those of some months that its lock closed; only the first lock closes others."""
    is_first = set(locked_periods(entries)) == {month}
    return sorted({month, *(one for one in months if is_first and one < month)})


def report_month(settings: Settings, month: str, others: Iterable[str] = ()) -> str | None:
    """Have Dagster show what the ledger says of a month, and of those that its lock closed.

    Args:
        settings: Where everything lies; without a Dagster of this home there is nothing to report to.
        month: The month of a command.
        others: Published months.

    Returns:
        Why Dagster does not show it, in a sentence; None when it does.
    """
    if not (settings.dagster / "history").exists():
        return None
    from dagster import DagsterError
    from sqlalchemy.exc import SQLAlchemyError

    from orchestration.runs.dagster_instance import open_instance

    entries = read_entries(settings)
    try:
        with open_instance(settings) as instance:
            for one in closed_with(entries, month, others):
                for event in events_of(entries, one):
                    instance.report_runless_asset_event(event)
    except (UserError, DagsterError, SQLAlchemyError) as error:
        return f"Dagster does not show it yet ({error}); the job close_month of {month} does"
    return None
