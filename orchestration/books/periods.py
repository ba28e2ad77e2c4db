"""The life of a month after its calculation: approve, lock, pay; where it stands and what is to do next.

Belongs here: what each command does and in which order. Does not belong here: which entry is allowed
(``ledger.entries.life``), calculating (``books.calculation``), options and output (``cli.books``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger import Draft, Entry, Event
from ledger.archive.files import open_archive
from ledger.entries import life
from ledger.errors import NotAllowedError
from orchestration.books.calculation import (
    Step,
    check_archive,
    closing_notes,
    hindrances,
    required_figures,
)
from orchestration.books.figures import published_figures
from orchestration.books.home import home_ledger, identified, read_entries
from orchestration.errors import InputError
from orchestration.runtime.periods import parse_periods
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings


@dataclass(frozen=True)
class PeriodStatus:
    """Where a month stands.

    Args:
        period: The month.
        state: Its state.
        lines_hash: Hash of its published lines; None when nothing is published.
        totals: Payable, held and true-ups by currency.
        hindrances: What hinders the approval; of an open or calculated month.
        next_step: What to do next, as a command.
        entries: Its entries.
        locked_with: The month whose lock closed it.
    """

    period: str
    state: life.PeriodState
    lines_hash: str | None
    totals: dict[str, dict[str, str]] = field(default_factory=dict)
    hindrances: tuple[str, ...] = ()
    next_step: str = ""
    entries: tuple[Entry, ...] = ()
    locked_with: str | None = None


def month_of(text: str) -> str:
    """The one month a text names.

    Raises:
        InputError: It is none, or several.
    """
    months = parse_periods(text, "PERIOD")
    if len(months) != 1:
        raise InputError(f"{text!r} is more than one month. Write one, such as 2026-03.")
    return months[0]


def approve(settings: Settings, period: str, name: str | None) -> Step:
    """Note the approval of the last calculation by a second person.

    Raises:
        NotAllowedError: See ``ledger.entries.life.approved``.
    """
    figures = required_figures(settings, period)
    with home_ledger(settings) as ledger:
        by = identified(ledger, name)
        read_entries(settings)
        found = hindrances(settings, period, figures)

        def decide(entries: Sequence[Entry]) -> Draft:
            calculation = life.standing_of(entries, period).calculation
            about = {} if calculation is None else calculation.calculation
            draft = Draft(
                **(about | {"period": period, "lines_hash": figures.lines_hash}), event=Event.APPROVED, by=by
            )
            return life.approved(entries, draft, found)

        entry = ledger.append(decide)
        return Step(life.state_of(ledger.entries(), period), entry)


def lock(settings: Settings, period: str, name: str | None) -> Step:
    """Lock the approved calculation: from now on its lines stand.

    Raises:
        NotAllowedError: See ``ledger.entries.life.locked``.
        ArchiveError: Its archive is missing or damaged.
    """
    figures = required_figures(settings, period)
    with home_ledger(settings) as ledger, writer_lock(settings.lock_file, "incentives period lock"):
        by = identified(ledger, name)
        read_entries(settings)

        def decide(entries: Sequence[Entry]) -> Draft:
            approval = life.standing_of(entries, period).approval
            about = {"period": period} if approval is None else approval.calculation
            draft = Draft(**(about | {"lines_hash": figures.lines_hash}), event=Event.LOCKED, by=by)
            draft = life.locked(entries, draft)
            if approval is not None:
                check_archive(settings, approval)
            return draft

        entry = ledger.append(decide)
        entries = ledger.entries()
        notes = closing_notes(open_archive(settings.books, entry.archive, entry), entries) if entry else ()
        return Step(life.state_of(entries, period), entry, notes=notes)


def pay(settings: Settings, period: str, name: str | None) -> Step:
    """Note that a locked month was paid.

    Raises:
        NotAllowedError: See ``ledger.entries.life.paid``.
    """
    with home_ledger(settings) as ledger:
        by = identified(ledger, name)
        read_entries(settings)

        def decide(entries: Sequence[Entry]) -> Draft:
            found = life.standing_of(entries, period).lock
            about = {"period": period} if found is None or found.period != period else found.calculation
            return life.paid(entries, Draft(**about, event=Event.PAID, by=by))

        entry = ledger.append(decide)
        return Step(life.state_of(ledger.entries(), period), entry)


def status(settings: Settings, period: str) -> PeriodStatus:
    """Where a month stands and what hinders the next step."""
    entries = read_entries(settings)
    standing = life.standing_of(entries, period)
    figures = published_figures(settings, period)
    is_open = standing.lock is None
    hindering = hindrances(settings, period, figures) if is_open and figures else ()
    return PeriodStatus(
        period,
        standing.state,
        figures.lines_hash if figures else None,
        figures.totals if figures else {},
        hindering,
        _next_step(period, standing, hindering),
        tuple(entry for entry in entries if entry.period == period),
        standing.lock.period if standing.lock else None,
    )


def reopen(period: str) -> None:
    """Refuse to open a locked month again.

    Raises:
        NotAllowedError: Always.
    """
    raise NotAllowedError(
        f"{period} cannot be opened again: a locked month never changes, and one that is not locked is open",
        hint="deliver the correction (incentives run --delivery FOLDER); the next run posts the difference in the open "
        "month as a true-up, with its cause. For a decision of a person: incentives period adjust, or dispute",
    )


def _next_step(period: str, standing: life.Standing, hindering: Sequence[str]) -> str:
    commands = {
        life.PeriodState.OPEN: f"incentives period calculate {period} --as NAME",
        life.PeriodState.CALCULATED: f"incentives period approve {period} --as NAME (another person)",
        life.PeriodState.APPROVED: f"incentives period lock {period} --as NAME",
        life.PeriodState.LOCKED: (
            f"incentives period export {period} --out DIR, then incentives period pay {period} --as NAME"
        ),
        life.PeriodState.PAID: "",
    }
    if standing.state is life.PeriodState.CALCULATED and hindering:
        return "remove what hinders the approval, then calculate again"
    if standing.lock is not None and standing.lock.period != period:
        return ""
    return commands[standing.state]
