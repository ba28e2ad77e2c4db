"""Disputes, resolutions and adjustments by import template: each an entry, once, by the person that the row names."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from ledger import Event
from ledger.entries.decisions import cases_of
from orchestration.books.calculation import calculate
from orchestration.books.cases.decisions import Adjustment, decide_case, open_cases
from orchestration.books.home import read_entries
from tests.support.closing import FIRST, PretendCompany

MONTH = FIRST


def landed(company: PretendCompany, table: str, **values: Any) -> None:
    """A row as a delivery brings it."""
    names, texts = ", ".join(values), ", ".join(f"'{value}'" for value in values.values())
    with duckdb.connect(str(company.settings.warehouse)) as connection:
        load = "(select min(load_id) from raw_files.loads)"
        connection.execute(f"insert into raw_files.{table} ({names}, _load_id) select {texts}, {load}")


def dispute(company: PretendCompany, dispute_id: str = "D1", line_id: str = "b", by: str = "S2") -> None:
    moment = "2025-12-01 09:00:00"
    landed(
        company,
        "disputes",
        dispute_id=dispute_id,
        line_id=line_id,
        opened_by=by,
        reason="mine",
        opened_at=moment,
    )


def decision(company: PretendCompany, resolution_id: str, decided: str, by: str) -> None:
    moment = "2025-12-02 09:00:00"
    landed(
        company,
        "resolutions",
        resolution_id=resolution_id,
        subject="dispute",
        subject_id="D1",
        decision=decided,
        reason="seen",
        decided_by=by,
        decided_at=moment,
    )


def states(company: PretendCompany) -> dict[str, str]:
    return {case.subject: case.state for case in open_cases(company.settings)}


def test_a_dispute_of_a_delivery_is_an_entry_once_and_is_decided_by_command(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    dispute(company)
    for _ in range(2):
        company.run()
        assert states(company) == {"D1": "open"}
    opened = cases_of(read_entries(company.settings))["D1"].opened
    assert (opened.event, opened.by, opened.period, opened.note) == (
        Event.DISPUTE_OPENED,
        "S2",
        MONTH,
        "mine",
    )
    assert dict(opened.details) == {"line_id": "b", "employee_id": "S2"}
    worth = Adjustment("S2", MONTH, "40.00", "CNY", "right", "D1")
    decide_case(company.settings, "D1", "bob", accept=True, reason="right", adjustment=worth)
    assert states(company)["D1"] == "accepted"


def test_a_resolution_of_a_delivery_decides_a_dispute_but_not_ones_own(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    dispute(company)
    decision(company, "R1", "accept", "s2")
    decision(company, "R2", "release", "bob")
    company.run()
    assert states(company) == {"D1": "open"}
    decision(company, "R3", "reject", "bob")
    for _ in range(2):
        company.run()
        assert states(company) == {"D1": "rejected"}
    closed = cases_of(read_entries(company.settings))["D1"].closed
    assert closed is not None
    assert (closed.by, closed.note, closed.details["resolution_id"]) == ("bob", "seen", "R3")


def test_a_dispute_of_an_unknown_line_waits(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    dispute(company, line_id="zzz")
    company.run()
    assert states(company) == {}
    dispute(company, "D2", "a", "S1")
    company.run()
    assert states(company) == {"D2": "open"}


@pytest.mark.parametrize(("author", "approver"), [("ann", "Ann "), ("", "bob"), ("ann", "")])
def test_an_adjustment_of_a_delivery_that_one_person_wrote_and_approved_is_no_entry(
    company: PretendCompany, author: str, approver: str
) -> None:
    calculate(company.settings, MONTH, "ann")
    people = {"author": author, "approver": approver}
    amount = {"amount": "12.30", "currency": "CNY"}
    landed(
        company,
        "adjustments",
        adjustment_id="A1",
        employee_id="S1",
        period=MONTH,
        reason="x",
        **amount,
        **people,
    )
    company.run()
    assert states(company) == {}


def test_an_adjustment_and_a_release_of_a_delivery_are_entries(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    landed(
        company,
        "adjustments",
        adjustment_id="A1",
        employee_id="S1",
        period=MONTH,
        amount="12.30",
        currency="CNY",
        reason="travel",
        author="ann",
        approver="bob",
    )
    landed(
        company,
        "resolutions",
        resolution_id="R1",
        subject="payout_line",
        subject_id="b",
        decision="release",
        reason="checked",
        decided_by="eve",
        decided_at="2025-12-02 09:00:00",
    )
    company.run()
    found = cases_of(read_entries(company.settings))
    assert {name: (case.state, case.opened.by) for name, case in found.items()} == {
        "A1": ("approved", "bob"),
        "R1": ("decided", "eve"),
    }
    assert found["A1"].opened.details["author"] == "ann"


def test_without_a_ledger_a_run_makes_none(company: PretendCompany) -> None:
    company.run()
    dispute(company)
    company.run()
    assert not company.settings.ledger.exists()
