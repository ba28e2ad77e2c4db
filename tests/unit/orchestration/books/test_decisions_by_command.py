"""Adjustments, disputes and resolutions by command: each an entry, never decided by who opened it."""

from __future__ import annotations

import csv

import pytest

from ledger import Event, NotAllowedError
from orchestration.books.cases.decided_rows import decided_delivery
from orchestration.books.cases.decisions import (
    Adjustment,
    Resolution,
    adjust,
    decide_case,
    dispute,
    open_cases,
    resolve,
)
from orchestration.errors import InputError
from tests.support.closing import FIRST, PretendCompany

MONTH, NEXT = FIRST, "2025-12"


def test_an_adjustment_needs_a_second_person_and_reaches_the_next_run(company: PretendCompany) -> None:
    company.run()
    entry = adjust(company.settings, Adjustment("S1", MONTH, "12.30", "CNY", "travel"), "ann")
    with pytest.raises(NotAllowedError, match="second person"):
        decide_case(company.settings, str(entry.subject), "Ann", accept=True, reason="fine")
    assert decided_delivery(company.settings) is None
    decide_case(company.settings, str(entry.subject), "bob", accept=True, reason="fine")
    with pytest.raises(NotAllowedError, match="approved already"):
        decide_case(company.settings, str(entry.subject), "eve", accept=False, reason="no")
    folder = decided_delivery(company.settings)
    assert folder is not None
    with (folder / "adjustments.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["employee_id"], row["amount"], row["author"], row["approver"]) == (
        "S1",
        "12.30",
        "ann",
        "bob",
    )


def test_an_accepted_dispute_proposes_an_adjustment_that_names_it(company: PretendCompany) -> None:
    company.run()
    opened = dispute(company.settings, "b", "the deal was mine", "S2")
    subject = str(opened.subject)
    with pytest.raises(NotAllowedError, match="second person"):
        decide_case(company.settings, subject, "S2", accept=False, reason="x")
    with pytest.raises(InputError, match="worth something"):
        decide_case(company.settings, subject, "bob", accept=True, reason="right")
    worth = Adjustment("S2", MONTH, "40.00", "CNY", "right", subject)
    _, proposed = decide_case(company.settings, subject, "bob", accept=True, reason="right", adjustment=worth)
    assert proposed is not None
    states = {case.subject: case.state for case in open_cases(company.settings)}
    assert states == {subject: "accepted", str(proposed.subject): "open"}
    decide_case(company.settings, str(proposed.subject), "eve", accept=True, reason="fine")
    folder = decided_delivery(company.settings)
    assert folder is not None
    assert subject in (folder / "adjustments.csv").read_text(encoding="utf-8")


def test_a_resolution_by_command_is_an_entry_and_a_row(company: PretendCompany) -> None:
    company.run()
    with pytest.raises(InputError, match="there is no payout line"):
        resolve(company.settings, Resolution("payout_line", "zzz", "release", "x"), "ann")
    with pytest.raises(InputError, match="--to EMPLOYEE"):
        resolve(company.settings, Resolution("payout_line", "b", "reassign", "x"), "ann")
    entry = resolve(company.settings, Resolution("payout_line", "b", "release", "checked"), "ann")
    assert (entry.event, entry.period) == (Event.RESOLUTION, MONTH)
    folder = decided_delivery(company.settings)
    assert folder is not None
    assert "payout_line,b,release,,checked,ann" in (folder / "resolutions.csv").read_text(encoding="utf-8")
