"""Adjustments, resolutions and disputes that a delivery brought become entries, by the person that the row names.

It happens once for each; a process that was killed in between leaves the rest to the next one. A decision on a dispute
closes the dispute, unless whoever opened it made it.

Belongs here: from the raw layer to the ledger. Does not belong here: the way back (``books.cases.decided_rows``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.common.warehouse import open_warehouse
from ledger import Draft, Entry, Event, Ledger, LedgerError, NotAllowedError
from ledger.entries.decisions import Kind, cases_of, decided
from ledger.entries.entry import same_person
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COMPLETED = "_load_id in (select load_id from raw_files.loads)"
_DISPUTES = f"""
    select distinct dispute_id, line_id, opened_by, reason
    from raw_files.disputes where {_COMPLETED} order by all
"""
_ADJUSTMENTS = f"""
    select distinct adjustment_id, period, approver, reason, author, employee_id, cast(amount as varchar) as amount,
        currency, dispute_id
    from raw_files.adjustments where {_COMPLETED} order by all
"""
_RESOLUTIONS = f"""
    select distinct resolution_id, strftime(decided_at, '%Y-%m') as period, decided_by, reason, subject, subject_id,
        decision, to_employee_id
    from raw_files.resolutions where {_COMPLETED} order by all
"""
_LINES = "select line_id, period, employee_id from marts.fct_payout_lines where list_contains($1, line_id)"
Row = Mapping[str, str | None]


def note_imported(settings: Settings, ledger: Ledger) -> int:
    """Add an entry for every dispute, adjustment and resolution that a delivery brought.

    Args:
        settings: Where everything lies; the raw tables are there.
        ledger: The ledger.

    Returns:
        The number of new entries.
    """
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        disputes, resolutions, adjustments = (
            _rows(connection, query) for query in (_DISPUTES, _RESOLUTIONS, _ADJUSTMENTS)
        )
    lines = _disputed_lines(settings, [str(row["line_id"]) for row in disputes])
    entries = ledger.entries()
    known = {*cases_of(entries), *(entry.details.get("resolution_id") for entry in entries)}
    drafts = [_dispute(row, lines) for row in disputes if row["dispute_id"] not in known]
    drafts += [_resolution(row) for row in resolutions if row["resolution_id"] not in known]
    drafts += [_adjustment(row) for row in adjustments if row["adjustment_id"] not in known]
    return sum(ledger.append(partial(_unless_known, draft)) is not None for draft in drafts if draft)


def _dispute(row: Row, lines: Mapping[str, tuple[str, str]]) -> Draft | None:
    line_id = str(row["line_id"])
    if line_id not in lines:
        _remark(
            f"the dispute {row['dispute_id']} is of no published payout line ({line_id}): deliver it again, corrected"
        )
        return None
    period, employee = lines[line_id]
    details = {"line_id": line_id, "employee_id": employee}
    return _draft(row, period, Event.DISPUTE_OPENED, "opened_by", "dispute_id", details)


def _resolution(row: Row) -> Draft | None:
    if row["subject"] == Kind.DISPUTE:
        if row["decision"] not in {"accept", "reject"}:
            _remark(
                f"the resolution {row['resolution_id']} does not count: a dispute is accepted or rejected"
            )
            return None
        event = Event.DISPUTE_ACCEPTED if row["decision"] == "accept" else Event.DISPUTE_REJECTED
        return _draft(row, "", event, "decided_by", "subject_id", {"resolution_id": row["resolution_id"]})
    names = ("subject_id", "decision", "to_employee_id")
    details = {"about": row["subject"], **{name: row[name] for name in names}}
    return _draft(row, str(row["period"]), Event.RESOLUTION, "decided_by", "resolution_id", details)


def _adjustment(row: Row) -> Draft | None:
    author, approver = (str(row[name] or "").strip() for name in ("author", "approver"))
    if not author or not approver or same_person(author, approver):
        _remark(
            f"the adjustment {row['adjustment_id']} does not count: it needs an author and another person as approver "
            f"(author {author!r}, approver {approver!r})"
        )
        return None
    details = {name: row[name] for name in ("author", "employee_id", "amount", "currency", "dispute_id")}
    return _draft(row, str(row["period"]), Event.ADJUSTMENT_APPROVED, "approver", "adjustment_id", details)


def _draft(row: Row, period: str, event: Event, by: str, subject: str, details: Mapping[str, Any]) -> Draft:
    return Draft(period, event, str(row[by]), subject=str(row[subject]), note=row["reason"], details=details)


def _unless_known(draft: Draft, entries: Sequence[Entry]) -> Draft | None:
    """The entry; None when the ledger has it, or when a decision on a dispute is not allowed."""
    if draft.event not in {Event.DISPUTE_ACCEPTED, Event.DISPUTE_REJECTED}:
        return None if draft.subject in cases_of(entries) else draft
    accept, note = draft.event is Event.DISPUTE_ACCEPTED, draft.note or ""
    try:
        found = decided(entries, str(draft.subject), draft.by, accept=accept, note=note)
    except (LedgerError, NotAllowedError) as error:
        _remark(f"the resolution {draft.details['resolution_id']} does not count: {error.what}")
        return None
    return Draft(
        found.period, found.event, found.by, subject=found.subject, note=found.note, details=draft.details
    )


def _disputed_lines(settings: Settings, line_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Month and employee of published payout lines."""
    if not line_ids or not settings.snapshot.exists():
        return {}
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        found = connection.execute(_LINES, [list(line_ids)]).fetchall()
    return {str(line_id): (str(period), str(employee)) for line_id, period, employee in found}


def _rows(connection: DuckDBPyConnection, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _remark(text: str) -> None:
    emit("books", "note", text, remark=True)
