"""The commands of a month over a company whose run is replaced: who may do what, what stands, what is refused."""

from __future__ import annotations

import csv
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger import Event, NotAllowedError, PeriodState
from orchestration.books import export, periods
from orchestration.books.calculation import calculate
from orchestration.books.home import read_entries
from orchestration.errors import InputError
from serving.errors import ServingError
from tests.support.closing import FIRST, PretendCompany
from tests.support.drawn_lines import Line

MONTH, NEXT = FIRST, "2025-12"


def closed(company: PretendCompany, month: str = MONTH) -> None:
    calculate(company.settings, month, "ann")
    periods.approve(company.settings, month, "bob")
    periods.lock(company.settings, month, "bob")


def test_a_month_goes_through_its_life(company: PretendCompany) -> None:
    states = [calculate(company.settings, MONTH, "ann").state]
    states += [
        step(company.settings, MONTH, "bob").state for step in (periods.approve, periods.lock, periods.pay)
    ]
    assert states == [PeriodState.CALCULATED, PeriodState.APPROVED, PeriodState.LOCKED, PeriodState.PAID]
    entries = read_entries(company.settings)
    assert [entry.event for entry in entries] == [Event.CALCULATED, Event.APPROVED, Event.LOCKED, Event.PAID]
    assert len({entry.lines_hash for entry in entries}) == 1
    assert all(entry.input_hash and entry.code_version and entry.plan_hashes for entry in entries)


def test_a_name_is_asked_for(company: PretendCompany) -> None:
    with pytest.raises(InputError, match="--as NAME"):
        calculate(company.settings, MONTH, None)


def test_a_month_that_is_not_over_in_the_data_says_so(company: PretendCompany) -> None:
    [note] = calculate(company.settings, MONTH, "ann").notes
    assert note.startswith("facts are known up to 2025-11-28 ")
    assert "2025-11 ends on 2025-11-30" in note
    company.last_month = NEXT
    company.put()
    assert calculate(company.settings, MONTH, "ann").notes == ()


def test_a_month_without_figures_is_refused_with_those_there_are(company: PretendCompany) -> None:
    with pytest.raises(InputError, match="calculate it: incentives period calculate 2031-01"):
        periods.approve(company.settings, "2031-01", "bob")
    for step in (calculate, periods.approve, periods.lock):
        company.run()
        with pytest.raises(InputError, match="published are 2025-11 to 2025-11: name one of them"):
            step(company.settings, "2031-01", "bob")


def test_nobody_acts_in_the_name_of_the_job(company: PretendCompany) -> None:
    with pytest.raises(InputError, match="is no person"):
        calculate(company.settings, MONTH, "Job close_month")


def test_a_later_run_with_other_lines_voids_the_approval(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    periods.approve(company.settings, MONTH, "bob")
    company.put(Line("a", MONTH, "S1", Decimal("101.00"), version=2))
    company.run()
    with pytest.raises(NotAllowedError, match="not those that were approved"):
        periods.lock(company.settings, MONTH, "bob")
    assert calculate(company.settings, MONTH, "ann").state is PeriodState.CALCULATED
    with pytest.raises(NotAllowedError, match="calculated, not approved"):
        periods.lock(company.settings, MONTH, "bob")


def test_a_run_that_gives_the_same_lines_does_not(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    periods.approve(company.settings, MONTH, "bob")
    company.put()
    company.run()
    assert periods.lock(company.settings, MONTH, "bob").state is PeriodState.LOCKED


def test_the_lines_that_stand_are_of_the_run_that_was_approved(company: PretendCompany) -> None:
    """A later run that gave the same lines is published at the lock; the next one publishes what is archived."""
    calculate(company.settings, MONTH, "ann")
    periods.approve(company.settings, MONTH, "bob")
    company.put()
    calculate(company.settings, MONTH, "eve")
    lock = periods.lock(company.settings, MONTH, "bob").entry
    assert lock is not None
    query = "select distinct is_locked, run_id from marts.fct_payout_lines"
    [(_, later)] = company.rows(query)
    company.run()
    [(is_locked, run)] = company.rows(query)
    assert (is_locked, run) == (True, lock.details["run_id"])
    assert run != later


def test_lines_of_nobody_hinder_the_approval(company: PretendCompany) -> None:
    company.put(Line("c", MONTH, "UNRESOLVED", is_held=True))
    step = calculate(company.settings, MONTH, "ann")
    assert "1 lines of 2025-11 belong to nobody (employee UNRESOLVED)" in step.hindrances
    with pytest.raises(NotAllowedError, match="belong to nobody"):
        periods.approve(company.settings, MONTH, "bob")


def test_a_run_that_failed_hinders_the_approval(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    (company.home / "last_good_run.json").unlink()
    with pytest.raises(NotAllowedError, match="did not pass every critical check"):
        periods.approve(company.settings, MONTH, "bob")


def test_what_arrives_late_is_posted_once_and_as_deep_as_it_takes(company: PretendCompany) -> None:
    closed(company)
    company.last_month = NEXT
    company.put(Line("a", MONTH, "S1", Decimal("30.00"), version=2))
    query = (
        "select period, employee_id, amount, origin_period, corrects_line_id from marts.fct_payout_lines "
        "where component = 'true_up' order by all"
    )
    for _ in range(2):
        company.run()
        assert company.rows(query) == [(NEXT, "S1", Decimal("-70.00"), MONTH, "a")]
    closed(company, NEXT)
    company.put(Line("a", MONTH, "S1", Decimal("50.00"), version=3))
    company.run()
    assert company.rows(query)[1:] == [("2026-01", "S1", Decimal("20.00"), MONTH, "a")]
    causes = company.rows(
        "select locked_amount, posted_amount, calculated_amount, change, old_load_id, new_load_id "
        "from marts.fct_true_up_causes where period = '2026-01'"
    )
    assert causes == [(Decimal("100.00"), Decimal("-70.00"), Decimal("50.00"), "changed", "000002", "000003")]
    payouts = company.rows(
        "select period, net, carried_in, carried_out from marts.fct_payouts where employee_id = 'S1'"
    )
    assert sorted(payouts)[1:] == [
        (NEXT, Decimal("-70.00"), Decimal("0.00"), Decimal("-70.00")),
        ("2026-01", Decimal("-50.00"), Decimal("-70.00"), Decimal("-50.00")),
    ]


def test_a_line_that_moves_out_of_a_locked_month_is_a_second_line(company: PretendCompany) -> None:
    closed(company)
    company.last_month = NEXT
    company.put(Line("a", NEXT, "S1", Decimal("100.00"), version=2))
    company.run()
    found = company.rows(
        "select period, component, amount, line_id = 'a', calculated_line_id from marts.fct_payout_lines "
        "where employee_id = 'S1' order by period, component"
    )
    assert found == [
        (MONTH, "closing", Decimal("100.00"), True, "a"),
        (NEXT, "closing", Decimal("100.00"), False, "a"),
        (NEXT, "true_up", Decimal("-100.00"), False, "a"),
    ]


def test_a_locked_month_is_not_calculated_or_opened_again(company: PretendCompany) -> None:
    closed(company)
    with pytest.raises(NotAllowedError, match="is locked"):
        calculate(company.settings, MONTH, "ann")
    with pytest.raises(NotAllowedError) as refused:
        periods.reopen(MONTH)
    assert "true-up" in refused.value.hint


def test_only_a_locked_month_is_exported_and_every_time_the_same(
    company: PretendCompany, tmp_path: Path
) -> None:
    calculate(company.settings, MONTH, "ann")
    with pytest.raises(NotAllowedError, match="calculated, not locked"):
        export.export(company.settings, MONTH, tmp_path / "out", None, "eve")
    assert not (tmp_path / "out").exists()
    periods.approve(company.settings, MONTH, "bob")
    periods.lock(company.settings, MONTH, "bob")
    export.export(company.settings, MONTH, tmp_path / "out", None, "eve")
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert set(first) == {"payroll.csv", "payroll.xlsx", "lines.csv", "manifest.json"}
    company.last_month = NEXT
    company.put(Line("a", MONTH, "S1", Decimal("1.00"), version=2))
    company.run()
    export.export(company.settings, MONTH, tmp_path / "again", None, "eve")
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == first
    manifest = json.loads(first["manifest.json"])
    assert {name: hashlib.sha256(first[name]).hexdigest() for name in manifest["files"]} == {
        name: about["sha256"] for name, about in manifest["files"].items()
    }
    assert manifest["control_totals"]["CNY"]["payable"] == "100.00"
    assert manifest["row_counts"] == {"payroll": 2, "lines": 2}
    assert manifest["ledger_entry"]["entry_hash"] == read_entries(company.settings)[2].entry_hash
    assert [entry.event for entry in read_entries(company.settings)].count(Event.EXPORTED) == 2


def test_an_export_does_not_replace_that_of_another_month(company: PretendCompany, tmp_path: Path) -> None:
    closed(company)
    company.last_month = NEXT
    company.put(Line("d", NEXT))
    closed(company, NEXT)
    out = tmp_path / "out"
    export.export(company.settings, MONTH, out, None, "eve")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(ServingError, match=f"out holds the hand-over of {MONTH}"):
        export.export(company.settings, NEXT, out, None, "eve")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    export.export(company.settings, MONTH, out, "monthly_bonus_zh", "eve")
    (out / "manifest.json").write_text("[]", encoding="utf-8")
    with pytest.raises(ServingError, match="is the manifest of no hand-over"):
        export.export(company.settings, MONTH, out, None, "eve")


def test_the_columns_of_payroll_are_a_mapping(company: PretendCompany, tmp_path: Path) -> None:
    closed(company)
    export.export(company.settings, MONTH, tmp_path / "out", "monthly_bonus_zh", "eve")
    with (tmp_path / "out" / "payroll.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["工号"], row["提成"], row["实发"], row["薪资项目代码"]) for row in rows] == [
        ("S1", "100.00", "100.00", "BONUS01"),
        ("S2", "0.00", "0.00", "BONUS01"),
    ]


def test_no_text_becomes_a_formula(company: PretendCompany, tmp_path: Path) -> None:
    """Names of the company begin with an equals sign."""
    closed(company)
    export.export(company.settings, MONTH, tmp_path / "out", None, "eve")
    assert b",'=Name S1," in (tmp_path / "out" / "payroll.csv").read_bytes()
    sheet = load_workbook(tmp_path / "out" / "payroll.xlsx")["Generic"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=Name S1", "s")
    assert sheet["L2"].value == 100


def test_the_first_lock_says_what_it_closes_and_whose_lines_nobody_knows(company: PretendCompany) -> None:
    company.put(Line("c", MONTH, "UNRESOLVED", is_held=True))
    company.last_month = NEXT
    calculate(company.settings, NEXT, "ann")
    periods.approve(company.settings, NEXT, "bob")
    [note] = periods.lock(company.settings, NEXT, "bob").notes
    assert note == (
        "the books begin with 2025-12: its lock closes 2025-11 as they stand; 1 of their lines belong to nobody "
        "(employee UNRESOLVED)"
    )
