"""Adjustments, disputes and resolutions by command: each an entry, never decided by who opened it."""

from __future__ import annotations

import csv
from dataclasses import replace
from unittest.mock import patch

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


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "40.005"}, "no amount with at most two decimals"),
        ({"currency": "yuan"}, "no ISO 4217 code"),
        ({"period": "2019-01"}, "no month for an adjustment: 2025-11 to 2025-11 are computed"),
        ({"period": "2027-01"}, "no month for an adjustment"),
        ({"employee_id": "S9"}, "no employee"),
    ],
)
def test_a_dispute_stays_open_when_its_worth_cannot_be_taken(
    company: PretendCompany, changed: dict[str, str], said: str
) -> None:
    company.run()
    subject = str(dispute(company.settings, "b", "mine", "S2").subject)
    wrong = replace(Adjustment("S2", MONTH, "40.00", "CNY", "right", subject), **changed)
    with pytest.raises(InputError, match=said):
        decide_case(company.settings, subject, "bob", accept=True, reason="right", adjustment=wrong)
    assert {case.subject: case.state for case in open_cases(company.settings)} == {subject: "open"}


def test_what_ended_between_acceptance_and_worth_is_finished_by_the_next_command(
    company: PretendCompany,
) -> None:
    company.run()
    subject = str(dispute(company.settings, "b", "mine", "S2").subject)
    worth = Adjustment("S2", MONTH, "40.00", "CNY", "right", subject)

    def accept(name: str) -> str:
        _, proposed = decide_case(
            company.settings, subject, name, accept=True, reason="right", adjustment=worth
        )
        assert proposed is not None
        return str(proposed.subject)

    with (
        patch("orchestration.books.cases.decisions._propose", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        accept("bob")
    with pytest.raises(NotAllowedError, match="was accepted already, by bob"):
        accept("S2")
    first = accept("bob")
    with pytest.raises(NotAllowedError, match=f"{first} \\(open, by bob\\) is what it is worth"):
        accept("bob")
    decide_case(company.settings, first, "eve", accept=False, reason="too much")
    second = accept("bob")
    states = {case.subject: case.state for case in open_cases(company.settings)}
    assert states == {subject: "accepted", first: "rejected", second: "open"}


def test_an_amount_belongs_to_an_accepted_dispute_only(company: PretendCompany) -> None:
    company.run()
    worth = Adjustment("S1", MONTH, "12.30", "CNY", "travel")
    proposed = str(adjust(company.settings, worth, "ann").subject)
    disputed = str(dispute(company.settings, "b", "mine", "S2").subject)
    for subject, accept in ((proposed, True), (disputed, False)):
        with pytest.raises(InputError, match="--amount is what an accepted dispute is worth"):
            decide_case(company.settings, subject, "bob", accept=accept, reason="x", adjustment=worth)


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
