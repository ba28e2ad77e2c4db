"""Decisions of people: adjustments with a second person, resolutions, disputes. Pure.

    adjustment   proposed → approved | rejected, never by who proposed it
    dispute      open → accepted | rejected, never by who opened it; an accepted one proposes an
                 adjustment that names it
    resolution   of a held line or a transfer: one entry

Belongs here: states and rules. Does not belong here: the rows that a calculation reads (``orchestration.books``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from ledger.entries.entry import Draft, Entry, Event, same_person
from ledger.errors import LedgerError, NotAllowedError


class Kind(StrEnum):
    """What is decided on."""

    ADJUSTMENT = "adjustment"
    DISPUTE = "dispute"
    RESOLUTION = "resolution"


_STATES = {
    Event.ADJUSTMENT_PROPOSED: (Kind.ADJUSTMENT, "open"),
    Event.ADJUSTMENT_APPROVED: (Kind.ADJUSTMENT, "approved"),
    Event.ADJUSTMENT_REJECTED: (Kind.ADJUSTMENT, "rejected"),
    Event.DISPUTE_OPENED: (Kind.DISPUTE, "open"),
    Event.DISPUTE_ACCEPTED: (Kind.DISPUTE, "accepted"),
    Event.DISPUTE_REJECTED: (Kind.DISPUTE, "rejected"),
    Event.RESOLUTION: (Kind.RESOLUTION, "decided"),
}
_PREFIX = {Kind.ADJUSTMENT: "ADJ", Kind.DISPUTE: "DIS", Kind.RESOLUTION: "RES"}


@dataclass(frozen=True)
class Case:
    """One thing that is or was decided on.

    Args:
        subject: Its id.
        kind: What it is.
        state: open, approved, accepted, rejected or decided.
        opened: The entry that opened it.
        closed: The entry that decided it; None while it is open.
    """

    subject: str
    kind: Kind
    state: str
    opened: Entry
    closed: Entry | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        closed = self.closed
        return {
            "subject": self.subject,
            "kind": self.kind.value,
            "state": self.state,
            "period": self.opened.period,
            "opened_by": self.opened.by,
            "opened_at": self.opened.at,
            "note": self.opened.note,
            "decided_by": closed.by if closed else None,
            "decided_at": closed.at if closed else None,
            "decision_note": closed.note if closed else None,
            **dict(self.opened.details),
        }


def cases_of(entries: Iterable[Entry]) -> dict[str, Case]:
    """Every case of the ledger by its id, in the order in which they were opened."""
    found: dict[str, Case] = {}
    for entry in entries:
        if entry.event not in _STATES or entry.subject is None:
            continue
        kind, state = _STATES[entry.event]
        before = found.get(entry.subject)
        if before is None:
            found[entry.subject] = Case(entry.subject, kind, state, entry, None if state == "open" else entry)
        elif before.closed is None:
            found[entry.subject] = Case(entry.subject, kind, state, before.opened, entry)
    return found


def proposed_for(entries: Iterable[Entry], dispute: str) -> Case | None:
    """The adjustment that a dispute is worth, proposed or approved; None where there is none."""
    return next(
        (
            case
            for case in cases_of(entries).values()
            if case.kind is Kind.ADJUSTMENT
            and case.state != "rejected"
            and case.opened.details.get("dispute_id") == dispute
        ),
        None,
    )


def accepted_by(entries: Sequence[Entry], subject: str, by: str, note: str) -> Draft | None:
    """The acceptance of a dispute; None when it is accepted already and nobody has proposed what it is worth.

    A process that ended between the two entries leaves such a dispute, and so does a decision of a delivery.

    Raises:
        LedgerError: There is no such case.
        NotAllowedError: It is decided already, or the person opened it.
    """
    case = cases_of(entries).get(subject)
    is_accepted = case is not None and (case.kind, case.state) == (Kind.DISPUTE, "accepted")
    if case is None or not is_accepted or same_person(case.opened.by, by):
        return decided(entries, subject, by, accept=True, note=note)
    refuse_second_worth(entries, subject)
    return None


def refuse_second_worth(entries: Iterable[Entry], dispute: str) -> None:
    """Refuse another adjustment for a dispute that has one.

    Raises:
        NotAllowedError: It has.
    """
    known = proposed_for(entries, dispute)
    if known is not None:
        raise NotAllowedError(
            f"{dispute} was accepted already, and {known.subject} ({known.state}, by {known.opened.by}) is what it is "
            "worth",
            hint="incentives period cases shows all of them",
        )


def new_subject(entries: Sequence[Entry], kind: Kind) -> str:
    """The id of a case that is opened now: the number of its entry makes it the only one."""
    return f"{_PREFIX[kind]}-{len(entries) + 1:05d}"


def opened(entries: Sequence[Entry], kind: Kind, draft: Draft) -> Draft:
    """The entry that opens a case, or of a resolution the decision itself."""
    return replace(draft, subject=new_subject(entries, kind))


def decided(entries: Sequence[Entry], subject: str, by: str, *, accept: bool, note: str) -> Draft:
    """The decision on an open case by somebody else than who opened it.

    Raises:
        LedgerError: There is no such case.
        NotAllowedError: It is decided already, or the person opened it.
    """
    case = cases_of(entries).get(subject)
    if case is None or case.kind is Kind.RESOLUTION:
        known = [one.subject for one in cases_of(entries).values() if one.closed is None]
        raise LedgerError(
            f"there is no open adjustment or dispute {subject!r}",
            hint=f"open are: {', '.join(known) or 'none'}",
        )
    if case.closed is not None:
        raise NotAllowedError(f"{subject} was {case.state} already, by {case.closed.by} at {case.closed.at}")
    if same_person(case.opened.by, by):
        raise NotAllowedError(
            f"{by} opened {subject} and cannot decide it: a second person has to",
            hint=f"have somebody else run: incentives period decide {subject} --as NAME",
        )
    if case.kind is Kind.ADJUSTMENT:
        event = Event.ADJUSTMENT_APPROVED if accept else Event.ADJUSTMENT_REJECTED
    else:
        event = Event.DISPUTE_ACCEPTED if accept else Event.DISPUTE_REJECTED
    return Draft(case.opened.period, event, by, subject=subject, note=note)
