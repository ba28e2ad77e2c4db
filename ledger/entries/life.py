"""The life of a month: open → calculated → approved → locked → paid, and what each step asks for. Pure.

Belongs here: states and the rules between entries. Does not belong here: what hinders an approval in the figures
(``orchestration.books``), keeping entries (``store``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ledger.entries.entry import PROGRAM, Draft, Entry, Event, same_person
from ledger.errors import NotAllowedError


class PeriodState(StrEnum):
    """Where a month stands."""

    OPEN = "open"
    CALCULATED = "calculated"
    APPROVED = "approved"
    LOCKED = "locked"
    PAID = "paid"


@dataclass(frozen=True)
class Standing:
    """A month and the entries that count for it.

    Args:
        state: Where it stands.
        calculation: The last calculation.
        approval: The approval of exactly these lines.
        lock: The lock; of a month that a later one closed, the lock of that one.
        payment: The payment.
        exports: Exports to payroll.
    """

    state: PeriodState
    calculation: Entry | None = None
    approval: Entry | None = None
    lock: Entry | None = None
    payment: Entry | None = None
    exports: tuple[Entry, ...] = ()


def standing_of(entries: Iterable[Entry], period: str) -> Standing:
    """Where a month stands, of all entries of the ledger in their order."""
    calculation: Entry | None = None
    approval: Entry | None = None
    lock: Entry | None = None
    payment: Entry | None = None
    exports: list[Entry] = []
    for entry in entries:
        if entry.event is Event.LOCKED and lock is None and entry.period >= period:
            lock = entry
        if entry.period != period:
            continue
        if entry.event is Event.CALCULATED and lock is None:
            calculation = entry
            if approval and approval.lines_hash != entry.lines_hash:
                approval = None
        elif entry.event is Event.APPROVED:
            approval = entry
        elif entry.event is Event.PAID:
            payment = entry
        elif entry.event is Event.EXPORTED:
            exports.append(entry)
    if lock is not None:
        state = PeriodState.PAID if payment else PeriodState.LOCKED
    elif approval is not None:
        state = PeriodState.APPROVED
    else:
        state = PeriodState.CALCULATED if calculation else PeriodState.OPEN
    return Standing(state, calculation, approval, lock, payment, tuple(exports))


def state_of(entries: Iterable[Entry], period: str) -> PeriodState:
    """Where a month stands."""
    return standing_of(entries, period).state


def locked_periods(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The lock of each month that was locked by itself."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.event is Event.LOCKED:
            found.setdefault(entry.period, entry)
    return found


def closed_through(entries: Iterable[Entry]) -> str | None:
    """The last closed month; every month before it is closed, too."""
    return max(locked_periods(entries), default=None)


def next_period(period: str) -> str:
    """The month after a month."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year + month // 12:04d}-{month % 12 + 1:02d}"


def calculated(entries: Sequence[Entry], draft: Draft) -> Draft | None:
    """A calculation of an open month; None when the ledger says the same already.

    Raises:
        NotAllowedError: The month is locked.
    """
    standing = standing_of(entries, draft.period)
    refuse_locked(standing, draft.period, "calculated")
    last = standing.calculation
    if last and (last.lines_hash, last.archive) == (draft.lines_hash, draft.details.get("archive")):
        return None
    return draft


def approved(entries: Sequence[Entry], draft: Draft, hindrances: Sequence[str] = ()) -> Draft:
    """The approval of the last calculation by a second person.

    Raises:
        NotAllowedError: There is no calculation, it is not the named one, it is approved or locked already, the person
            calculated it, or something hinders it.
    """
    standing = standing_of(entries, draft.period)
    refuse_locked(standing, draft.period, "approved")
    calculation = standing.calculation
    if calculation is None:
        raise NotAllowedError(
            f"{draft.period} is not calculated, so there is nothing to approve",
            hint=f"incentives period calculate {draft.period} --as NAME",
        )
    if standing.approval is not None:
        raise NotAllowedError(
            f"{draft.period} was approved already, by {standing.approval.by} at {standing.approval.at}",
            hint=f"lock it: incentives period lock {draft.period} --as NAME",
        )
    if same_person(calculation.by, draft.by):
        raise NotAllowedError(
            f"{draft.by} calculated {draft.period} and cannot approve it: the approval needs a second person",
            hint=f"have somebody else run: incentives period approve {draft.period} --as NAME",
        )
    _require_lines(calculation, draft, "approval")
    if hindrances:
        raise NotAllowedError(
            f"{draft.period} cannot be approved: {'; '.join(hindrances)}",
            hint="correct the data or decide on the lines, then calculate the month again",
        )
    return draft


def locked(entries: Sequence[Entry], draft: Draft) -> Draft:
    """The lock of the approved calculation.

    Raises:
        NotAllowedError: The month is not approved, is locked already, the month before it is still open, or one person
            alone would have closed it.
    """
    standing = standing_of(entries, draft.period)
    if standing.lock is not None:
        raise NotAllowedError(
            f"{draft.period} was locked already, {_with(standing.lock, draft.period)}by {standing.lock.by} at "
            f"{standing.lock.at}",
            hint="what changes later is posted as a true-up in the open month by the next run",
        )
    if standing.approval is None or standing.calculation is None:
        raise NotAllowedError(
            f"{draft.period} is {standing.state}, not approved",
            hint=f"have a second person run: incentives period approve {draft.period} --as NAME",
        )
    _require_lines(standing.approval, draft, "lock")
    _require_two_persons(entries, standing.approval, draft)
    last = closed_through(entries)
    if last is not None and draft.period != next_period(last):
        raise NotAllowedError(
            f"months are locked in their order, and {next_period(last)} is still open",
            hint=f"lock {next_period(last)} first",
        )
    return draft


def paid(entries: Sequence[Entry], draft: Draft) -> Draft:
    """The payment of a locked month.

    Raises:
        NotAllowedError: The month is not locked by itself, or is paid already.
    """
    standing = require_locked(entries, draft.period)
    if standing.payment is not None:
        raise NotAllowedError(
            f"{draft.period} was paid already, noted by {standing.payment.by} at {standing.payment.at}"
        )
    return draft


def require_locked(entries: Sequence[Entry], period: str) -> Standing:
    """The standing of a month that was locked by itself.

    Raises:
        NotAllowedError: It was not.
    """
    standing = standing_of(entries, period)
    if standing.lock is None:
        raise NotAllowedError(
            f"{period} is {standing.state}, not locked",
            hint=f"calculate, approve and lock it first: incentives period status {period} says what is missing",
        )
    if standing.lock.period != period:
        raise NotAllowedError(
            f"{period} was closed {_with(standing.lock, period)}and never locked by itself: what was paid for it "
            "before the books began is not in them"
        )
    return standing


def refuse_locked(standing: Standing, period: str, verb: str) -> None:
    """Refuse a step on a month that is locked.

    Raises:
        NotAllowedError: It is.
    """
    if standing.lock is not None:
        raise NotAllowedError(
            f"{period} is locked ({_with(standing.lock, period)}by {standing.lock.by} at {standing.lock.at}) and "
            f"cannot be {verb} again",
            hint="what changes later is posted as a true-up in the open month by the next run",
        )


def _with(lock: Entry, period: str) -> str:
    return "" if lock.period == period else f"with {lock.period} "


def _require_two_persons(entries: Sequence[Entry], approval: Entry, draft: Draft) -> None:
    """One of those who calculated, approved and lock these lines is another person than the others."""
    calculated_by = [
        entry.by
        for entry in entries
        if (entry.event, entry.period, entry.lines_hash) == (Event.CALCULATED, draft.period, draft.lines_hash)
    ]
    persons = [name for name in (*calculated_by, approval.by) if not same_person(name, PROGRAM)]
    if all(same_person(name, draft.by) for name in persons):
        raise NotAllowedError(
            f"{draft.by} approved {draft.period} and no other person had a hand in it: the lock needs a second person",
            hint=f"have somebody else run: incentives period lock {draft.period} --as NAME",
        )


def _require_lines(named: Entry, draft: Draft, what: str) -> None:
    if draft.lines_hash != named.lines_hash:
        raise NotAllowedError(
            f"the payout lines of {draft.period} are not those that were {named.event} (by {named.by} at {named.at}), "
            f"so there is no {what}",
            hint=f"calculate and approve the month again: incentives period calculate {draft.period} --as NAME",
        )
