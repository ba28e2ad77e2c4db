"""The calculation of a month for the books: a run, the archive of what it was calculated from, the entry.

Belongs here: what a calculation notes, and what hinders its approval. Does not belong here: the run (``runs.run``), the
steps after it (``books.periods``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from connectors.common.warehouse import in_memory
from ledger import Draft, Entry, Event, Ledger
from ledger.archive.capture import Source, capture
from ledger.archive.files import Archive, open_archive
from ledger.entries import life
from orchestration.books.cases.noted_rows import note_imported
from orchestration.books.figures import PeriodFigures, published_figures, published_months
from orchestration.books.home import home_ledger, identified, read_entries
from orchestration.books.plans_of_locks import plan_texts
from orchestration.errors import GateError, InputError
from orchestration.plans_in_force import plans_in_force
from orchestration.runtime.progress_events import stage
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings
from orchestration.steps.publishing import read_calculation
from orchestration.transformation.calculation_state import read_calculation_state
from orchestration.transformation.last_good_run import last_good_run

if TYPE_CHECKING:
    from orchestration.runs.outcome import Outcome


@dataclass(frozen=True)
class Step:
    """What a step did.

    Args:
        entry: The entry of the ledger; None when it said the same already.
        state: Where the month stands now.
        hindrances: What hinders the approval.
        notes: What else is worth knowing.
        outcome: Of the run, where there was one.
    """

    state: life.PeriodState
    entry: Entry | None = None
    hindrances: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    outcome: Outcome | None = None


def calculate(settings: Settings, period: str, name: str | None, request: Any = None) -> Step:
    """Run the pipeline, archive what it was calculated from, and note the calculation in the ledger.

    Args:
        settings: Where everything lies.
        period: The month.
        name: Who calculates.
        request: Of the run (``RunRequest``); None: what lies in the inbox.

    Raises:
        NotAllowedError: The month is locked.
        InputError: The run has no such month.
    """
    from orchestration.runs.run import RunRequest, run_pay

    with home_ledger(settings) as ledger, writer_lock(settings.lock_file, "incentives period calculate"):
        by = identified(ledger, name)
        life.refuse_locked(life.standing_of(read_entries(settings), period), period, "calculated")
        outcome = run_pay(settings, request or RunRequest())
        if outcome.exit_code:
            return Step(life.state_of(ledger.entries(), period), outcome=outcome)
        figures = required_figures(settings, period)
        archive, entry = note_calculation(settings, ledger, period, by)
        entries = ledger.entries()
    return Step(
        life.state_of(entries, period),
        entry,
        hindrances(settings, period, figures),
        (*closing_notes(archive, entries), *unfinished_notes(archive)),
        outcome,
    )


def note_calculation(
    settings: Settings, ledger: Ledger, period: str, by: str
) -> tuple[Archive, Entry | None]:
    """Archive what the published figures of a month were calculated from, and note the calculation.

    Args:
        settings: Where everything lies; the last run was good, and nobody writes the warehouse.
        ledger: The ledger.
        period: The month, not locked.
        by: Who calculates.

    Returns:
        The archive, and the entry; None when the ledger says the same already.
    """
    note_imported(settings, ledger)
    with stage("books", f"archive of {period}"):
        archive = _capture(settings, period)
    draft = Draft(**_about(archive, period), event=Event.CALCULATED, by=by)
    return archive, ledger.append(lambda entries: life.calculated(entries, draft))


def hindrances(settings: Settings, period: str, figures: PeriodFigures) -> tuple[str, ...]:
    """What hinders the approval of a month.

    Args:
        settings: Where everything lies.
        period: The month.
        figures: Of its publication.
    """
    found = []
    if figures.unresolved_lines:
        found.append(f"{figures.unresolved_lines} lines of {period} belong to nobody (employee UNRESOLVED)")
    if figures.unreadable_rows:
        found.append(
            f"{figures.unreadable_rows} rows in quarantine have no readable key (mart open_quarantine)"
        )
    good = last_good_run(settings)
    if good is None or not read_calculation_state(settings).is_whole:
        found.append("the last run did not pass every critical check or did not end: run it again")
    return tuple(found)


def required_figures(settings: Settings, period: str) -> PeriodFigures:
    """The published figures of a month.

    Raises:
        InputError: Nothing is published, or not this month.
    """
    figures = published_figures(settings, period)
    if figures is None:
        months = published_months(settings)
        raise InputError(
            f"nothing of {period} is published",
            where=str(settings.published),
            hint=f"published are {months[0]} to {months[1]}: name one of them, or run with facts of {period}"
            if months
            else f"calculate it: incentives period calculate {period} --as NAME",
        )
    return figures


def check_archive(settings: Settings, entry: Entry) -> Archive:
    """The archive of an entry with the content of every file checked.

    Raises:
        ArchiveError: It is missing or damaged.
    """
    archive = open_archive(settings.books, entry.archive, entry)
    list(archive.inputs())
    list(archive.plan_files())
    for name in archive.content["books"]:
        archive.file(name)
    return archive


def closing_notes(archive: Archive, entries: Sequence[Entry]) -> tuple[str, ...]:
    """What a first lock does to the months before it."""
    others = sorted(set(archive.periods) - {archive.period})
    is_first = set(life.locked_periods(entries)) <= {archive.period}
    if not others or not is_first:
        return ()
    span = others[0] if len(others) == 1 else f"{others[0]} to {others[-1]}"
    unresolved = _lines_of_nobody(archive)
    said = f"; {unresolved} of their lines belong to nobody (employee UNRESOLVED)" if unresolved else ""
    return (f"the books begin with {archive.period}: its lock closes {span} as they stand{said}",)


def unfinished_notes(archive: Archive) -> tuple[str, ...]:
    """That facts are not known up to the last day of the month, as the data says; what comes later is a true-up."""
    calculation = archive.calculation
    known = datetime.fromisoformat(f"{calculation['as_of']}+00:00").astimezone(
        ZoneInfo(calculation["timezone"])
    )
    ends = date.fromisoformat(f"{life.next_period(archive.period)}-01") - timedelta(days=1)
    if known.date() >= ends:
        return ()
    known_up_to = f"facts are known up to {known:%Y-%m-%d %H:%M}, and {archive.period} ends on {ends}"
    return (f"{known_up_to}: what comes after the lock is posted in the month after it",)


def _lines_of_nobody(archive: Archive) -> int:
    """Lines without a known employee in the months that are closed with that of an archive."""
    query = "select count(*) from read_parquet(?) where employee_id = 'UNRESOLVED' and period < ?"
    with in_memory() as connection:
        return int(connection.execute(query, [str(archive.file("lines")), archive.period]).fetchall()[0][0])


def _capture(settings: Settings, period: str) -> Archive:
    from compensation import load_plans
    from orchestration.transformation.run_identity import identify, read_inputs

    calculation = read_calculation(settings.warehouse)
    plans = plans_in_force(settings)
    inputs = read_inputs(settings.warehouse, settings.timezone)
    again = identify(inputs, calculation["code_version"], settings.timezone, f"{calculation['as_of']}+00:00")
    if again.run_id != calculation["run_id"]:
        raise GateError(
            "the warehouse does not hold what the published figures were calculated from",
            hint="run again: incentives run",
        )
    source = Source(settings.warehouse, settings.snapshot, plan_texts(plans), load_plans(list(plans)).hashes)
    return capture(source, settings.books, period, calculation)


def _about(archive: Archive, period: str) -> dict[str, Any]:
    return {
        "period": period,
        "lines_hash": archive.periods[period],
        "plan_hashes": archive.content["plan_hashes"],
        "input_hash": archive.input_hash,
        "code_version": archive.calculation["code_version"],
        "details": {"archive": archive.archive_id, "run_id": archive.calculation["run_id"]},
    }
