"""What each step of a month asks for, and how later entries change where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger import Draft, Entry, Event, NotAllowedError, PeriodState, state_of
from ledger.entries import life
from ledger.entries.entry import PROGRAM, chained

MONTH = "2026-03"


def written(*drafts: Draft) -> list[Entry]:
    """Entries as the ledger would have written them."""
    entries: list[Entry] = []
    for draft in drafts:
        entries.append(chained(draft, entries[-1] if entries else None, "2026-04-01T00:00:00Z"))
    return entries


def made(event: Event, by: str, lines: str = "h1", period: str = MONTH) -> Draft:
    return Draft(period, event, by, lines_hash=lines)


CALCULATED = made(Event.CALCULATED, "ann")
APPROVED = made(Event.APPROVED, "bob")
LOCKED = made(Event.LOCKED, "bob")


@pytest.mark.parametrize(
    ("drafts", "state"),
    [
        ([], PeriodState.OPEN),
        ([CALCULATED], PeriodState.CALCULATED),
        ([CALCULATED, APPROVED], PeriodState.APPROVED),
        ([CALCULATED, APPROVED, LOCKED], PeriodState.LOCKED),
        ([CALCULATED, APPROVED, LOCKED, made(Event.PAID, "eve")], PeriodState.PAID),
        ([CALCULATED, APPROVED, LOCKED, made(Event.EXPORTED, "eve")], PeriodState.LOCKED),
        # another result voids the approval, the same one does not
        ([CALCULATED, APPROVED, made(Event.CALCULATED, "ann", "h2")], PeriodState.CALCULATED),
        ([CALCULATED, APPROVED, CALCULATED], PeriodState.APPROVED),
    ],
)
def test_entries_say_where_a_month_stands(drafts: list[Draft], state: PeriodState) -> None:
    assert state_of(written(*drafts), MONTH) is state


def test_a_lock_closes_the_months_before_it() -> None:
    entries = written(CALCULATED, APPROVED, LOCKED)
    standing = life.standing_of(entries, "2026-01")
    assert standing.state is PeriodState.LOCKED
    assert standing.lock is not None
    assert standing.lock.period == MONTH
    assert state_of(entries, "2026-04") is PeriodState.OPEN


@pytest.mark.parametrize("name", ["ann", " Ann ", "ANN"])
def test_who_calculated_cannot_approve(name: str) -> None:
    with pytest.raises(NotAllowedError, match="second person"):
        life.approved(written(CALCULATED), made(Event.APPROVED, name))


def test_an_approval_names_exactly_the_calculation() -> None:
    with pytest.raises(NotAllowedError, match="not those that were calculated"):
        life.approved(written(CALCULATED), made(Event.APPROVED, "bob", "h2"))


def test_nothing_is_approved_that_was_not_calculated_or_that_something_hinders() -> None:
    with pytest.raises(NotAllowedError, match="not calculated"):
        life.approved([], APPROVED)
    with pytest.raises(NotAllowedError, match="3 lines belong to nobody"):
        life.approved(written(CALCULATED), APPROVED, ["3 lines belong to nobody"])


def test_the_second_of_two_approvers_is_told_who_was_first() -> None:
    with pytest.raises(NotAllowedError, match="approved already, by bob"):
        life.approved(written(CALCULATED, APPROVED), made(Event.APPROVED, "eve"))


def test_only_an_approved_month_is_locked_and_only_once() -> None:
    with pytest.raises(NotAllowedError, match="calculated, not approved"):
        life.locked(written(CALCULATED), LOCKED)
    with pytest.raises(NotAllowedError, match="locked already, by bob"):
        life.locked(written(CALCULATED, APPROVED, LOCKED), LOCKED)


def test_lines_that_changed_since_the_approval_are_not_locked() -> None:
    with pytest.raises(NotAllowedError, match="not those that were approved"):
        life.locked(written(CALCULATED, APPROVED), replace(LOCKED, lines_hash="h2"))


def test_where_the_job_calculated_one_person_alone_closes_no_month() -> None:
    by_job = replace(CALCULATED, by=PROGRAM)
    with pytest.raises(NotAllowedError, match="the lock needs a second person"):
        life.locked(written(by_job, APPROVED), replace(LOCKED, by="Bob "))
    assert life.locked(written(by_job, APPROVED), replace(LOCKED, by="eve")).by == "eve"


def test_a_calculation_of_the_job_in_between_lets_nobody_approve_and_lock_alone() -> None:
    entries = written(CALCULATED, replace(CALCULATED, by=PROGRAM), replace(APPROVED, by="ann"))
    with pytest.raises(NotAllowedError, match="the lock needs a second person"):
        life.locked(entries, replace(LOCKED, by="ann"))
    assert life.locked(entries, LOCKED).by == "bob"


def test_months_are_locked_in_their_order() -> None:
    may = [replace(one, period="2026-05") for one in (CALCULATED, APPROVED)]
    entries = written(CALCULATED, APPROVED, LOCKED, *may)
    with pytest.raises(NotAllowedError, match="2026-04 is still open"):
        life.locked(entries, replace(LOCKED, period="2026-05"))


def test_a_locked_month_is_not_calculated_again() -> None:
    with pytest.raises(NotAllowedError, match="is locked"):
        life.calculated(written(CALCULATED, APPROVED, LOCKED), CALCULATED)


def test_the_same_calculation_is_noted_once() -> None:
    assert life.calculated(written(CALCULATED), CALCULATED) is None


def test_only_a_locked_month_is_paid_and_only_once() -> None:
    with pytest.raises(NotAllowedError, match="approved, not locked"):
        life.paid(written(CALCULATED, APPROVED), made(Event.PAID, "eve"))
    with pytest.raises(NotAllowedError, match="paid already"):
        life.paid(written(CALCULATED, APPROVED, LOCKED, made(Event.PAID, "eve")), made(Event.PAID, "eve"))


def test_a_month_closed_with_a_later_one_is_not_paid_from_the_books() -> None:
    with pytest.raises(NotAllowedError, match="never locked by itself"):
        life.paid(written(CALCULATED, APPROVED, LOCKED), made(Event.PAID, "eve", period="2026-02"))


def test_december_is_followed_by_january() -> None:
    assert life.next_period("2026-12") == "2027-01"
    assert life.next_period("2026-01") == "2026-02"
