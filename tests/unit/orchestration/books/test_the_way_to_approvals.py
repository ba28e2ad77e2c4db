"""From a line to the entries of the ledger about it: its month, decisions, disputes, the adjustment they led to."""

from __future__ import annotations

from pathlib import Path

from ledger import Event
from orchestration.books import periods
from orchestration.books.calculation import calculate
from orchestration.books.cases.decisions import Adjustment, Resolution, decide_case, dispute, resolve
from orchestration.books.export import export
from orchestration.books.overview import all_periods, entries_about, signatures
from serving.reports import Imprint, Scope, write_reports
from tests.support.closing import FIRST, PretendCompany

MONTH, NEXT = FIRST, "2025-12"


def closed(company: PretendCompany, month: str = MONTH) -> None:
    calculate(company.settings, month, "ann")
    periods.approve(company.settings, month, "bob")
    periods.lock(company.settings, month, "bob")


def test_a_line_leads_to_its_month_and_to_the_decisions_about_it(company: PretendCompany) -> None:
    closed(company)
    opened = dispute(company.settings, "b", "mine", "S2")
    worth = Adjustment("S2", NEXT, "40.00", "CNY", "right", opened.subject)
    _, proposed = decide_case(
        company.settings, str(opened.subject), "bob", accept=True, reason="right", adjustment=worth
    )
    assert proposed is not None
    resolve(company.settings, Resolution("payout_line", "a", "release", "checked"), "eve")
    life = ["calculated", "approved", "locked"]
    found = [entry["event"] for entry in entries_about(company.settings, [MONTH], ["b"])]
    assert found == [*life, "dispute_opened", "dispute_accepted", "adjustment_proposed"]
    assert [entry["event"] for entry in entries_about(company.settings, [MONTH], ["a"])] == [
        *life,
        "resolution",
    ]
    assert [entry["event"] for entry in entries_about(company.settings, [MONTH])] == life
    of_the_adjustment = entries_about(company.settings, [NEXT], [str(proposed.subject)])
    assert [entry["event"] for entry in of_the_adjustment] == found[3:]


def test_a_month_closed_with_a_later_one_leads_to_the_approval_of_that_one(company: PretendCompany) -> None:
    company.last_month = NEXT
    closed(company, NEXT)
    export(company.settings, NEXT, company.home / "out", None, "eve")
    found = [(entry["event"], entry["period"]) for entry in entries_about(company.settings, [MONTH])]
    assert found == [(event, NEXT) for event in ("calculated", "approved", "locked")]
    names = ("state", "locked_with", "exports")
    months = {row["period"]: tuple(row[name] for name in names) for row in all_periods(company.settings)}
    assert months == {MONTH: ("locked", NEXT, 0), NEXT: ("locked", None, 1)}


def test_a_report_written_after_the_lock_is_signed_by_it(company: PretendCompany, tmp_path: Path) -> None:
    """Though the publication was made before it."""
    closed(company)
    imprint = Imprint(ledger=signatures(company.settings))
    write_reports(company.settings.snapshot, tmp_path, MONTH, scope=Scope("S2"), imprint=imprint)
    lock = entries_about(company.settings, [MONTH])[-1]
    for language, word in (("zh", "锁定"), ("en", "locked")):
        page = (tmp_path / MONTH / language / "employee_S2.html").read_text(encoding="utf-8")
        assert f"{lock['sequence']} {lock['entry_hash']}" in page
        assert word in page
    assert lock["event"] == Event.LOCKED


def test_without_a_ledger_nothing_signs(company: PretendCompany) -> None:
    company.run()
    assert signatures(company.settings) is None
