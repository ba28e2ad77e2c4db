"""All months and where each stands, and the entries about one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.common.warehouse import open_warehouse
from ledger import Entry, Event
from ledger.entries.life import standing_of
from orchestration.books.home import has_ledger, read_entries
from orchestration.settings import Settings

if TYPE_CHECKING:
    from serving.reports.data.books import LedgerEntry

#: what happens to a month; the other entries are about single lines and amounts
LIFE = (Event.CALCULATED, Event.APPROVED, Event.LOCKED, Event.PAID, Event.EXPORTED)
#: what closes the months before it, too
CLOSING = (Event.CALCULATED, Event.APPROVED, Event.LOCKED)
#: entries that sign the pages of a month
SIGNING = (Event.APPROVED, Event.LOCKED, Event.PAID)
#: what an entry about a case may name
_NAMES = ("line_id", "subject_id", "dispute_id")
_QUERY = """
    select periods.period, string_agg(payouts.paid || ' ' || payouts.currency, ', ' order by payouts.currency)
    from marts.dim_period as periods
    left join (
        select period, currency, sum(payable) as paid from marts.fct_payouts group by period, currency
    ) as payouts on periods.period = payouts.period
    group by periods.period
    order by periods.period
"""


def all_periods(settings: Settings) -> list[dict[str, Any]]:
    """Each published month with its state, the month whose lock closed it, its exports, and what is paid out."""
    entries = read_entries(settings)
    rows: list[tuple[Any, ...]] = []
    if settings.snapshot.exists():
        with open_warehouse(settings.snapshot, read_only=True) as connection:
            rows = connection.execute(_QUERY).fetchall()
    found = []
    for period, paid in rows:
        standing = standing_of(entries, period)
        with_other = standing.lock.period if standing.lock and standing.lock.period != period else None
        found.append(
            {
                "period": period,
                "state": standing.state.value,
                "locked_with": with_other,
                "exports": len(standing.exports),
                "paid_out": paid,
            }
        )
    return found


def entries_about(
    settings: Settings, periods: Iterable[str], subjects: Iterable[str] = ()
) -> tuple[dict[str, str | None], ...]:
    """Entries of the ledger about months and about some cases or lines, as texts; up to now, not up to the last run.

    Args:
        settings: Where everything lies.
        periods: Months; of one that was closed with a later one, calculation, approval and lock of that one count.
        subjects: Ids of adjustments, resolutions, disputes and payout lines; a dispute of a line, and the adjustment it
            led to, are about the line.
    """
    return tuple(map(_as_texts, _entries_about(settings, periods, subjects)))


def _entries_about(
    settings: Settings, periods: Iterable[str], subjects: Iterable[str] = ()
) -> Iterator[Entry]:
    entries = read_entries(settings)
    months = set(periods)
    named = _named(entries, {subject for subject in subjects if subject})
    locks = {lock.period for lock in (standing_of(entries, month).lock for month in months) if lock}
    return (
        entry
        for entry in entries
        if (entry.period in months and entry.event in LIFE)
        or (entry.period in locks and entry.event in CLOSING)
        or entry.subject in named
    )


def signatures(settings: Settings) -> Callable[[str], tuple[LedgerEntry, ...]] | None:
    """What signs the pages of a month: approval, lock and payment as the ledger has them now; None without a ledger."""
    if not has_ledger(settings):
        return None
    from serving.reports.data.books import LedgerEntry

    def of_month(period: str) -> tuple[LedgerEntry, ...]:
        return tuple(
            LedgerEntry(entry.sequence, entry.event.value, _moment_of(entry), entry.by, entry.entry_hash)
            for entry in _entries_about(settings, [period])
            if entry.event in SIGNING
        )

    return of_month


def _named(entries: Sequence[Entry], subjects: set[str]) -> set[str]:
    """Ids of the cases that some ids name, and of those that they name in turn."""
    found = set(subjects)
    while True:
        more: set[str | None] = set()
        for entry in entries:
            related = {entry.subject, *(entry.details.get(name) for name in _NAMES)}
            if entry.subject and related & found:
                more |= {entry.subject, entry.details.get("dispute_id")}
        new = {one for one in more if one} - found
        if not new:
            return found
        found |= new


def _moment_of(entry: Entry) -> datetime:
    """When, naive UTC."""
    return datetime.fromisoformat(entry.at.rstrip("Z"))


def _as_texts(entry: Entry) -> dict[str, str | None]:
    return {
        "sequence": str(entry.sequence),
        "period": entry.period,
        "event": entry.event.value,
        "at": entry.at.replace("T", " ").rstrip("Z"),
        "by": entry.by,
        "lines_hash": entry.lines_hash,
        "entry_hash": entry.entry_hash,
        "code_version": entry.code_version,
        "subject": entry.subject,
        "note": entry.note,
    }
