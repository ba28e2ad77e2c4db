"""A change of the access policy is an entry of the ledger, and computes nothing anew."""

from __future__ import annotations

import getpass

from ledger import Event
from orchestration.books.access_changes import note_access
from orchestration.books.calculation import calculate
from orchestration.books.home import read_entries
from orchestration.transformation.run_identity import read_inputs
from tests.support.closing import FIRST, PretendCompany


def test_another_policy_is_an_entry_and_the_same_one_is_none(company: PretendCompany) -> None:
    assert note_access(company.settings, "a") is not None
    assert note_access(company.settings, "a") is None
    changed = note_access(company.settings, "b")
    assert changed is not None
    assert (changed.event, changed.by, dict(changed.details)) == (
        Event.ACCESS_CHANGED,
        getpass.getuser(),
        {"sha256": "b", "before": "a"},
    )


def test_it_changes_no_calculation(company: PretendCompany) -> None:
    calculate(company.settings, FIRST, "ann")
    company.run()
    before = read_inputs(company.settings.warehouse)
    note_access(company.settings, "a")
    company.run()
    assert read_inputs(company.settings.warehouse).ledger == before.ledger
    assert company.rows("select event from marts.period_ledger order by sequence desc limit 1") == [
        ("access_changed",)
    ]
    assert len(read_entries(company.settings)) == 2
