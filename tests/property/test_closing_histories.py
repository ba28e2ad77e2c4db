"""Random histories of closing: deliveries, late facts, plan edits, runs, approvals, locks, exports, crashes.

After every step: what is locked is as it was; locked lines and true-ups are what is calculated now; an export is the
sum of its lines; the chain is whole. The run is replaced (``tests.support.closing``), everything behind it is real:
ledger, archives, commands and the models of the books. Every history begins with two locked months, the second of which
holds a true-up of the first, and a later change of that line.

15 histories run every time, 200 of 50 steps in ``make test-long``; a step takes 0.13 s of processor time (2026-12).
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledger import NotAllowedError, check_chain
from ledger.archive.files import open_archive
from ledger.entries.life import (
    PeriodState,
    closed_through,
    locked_periods,
    next_period,
    standing_of,
    state_of,
)
from orchestration.books import export, periods
from orchestration.books.calculation import calculate
from orchestration.books.home import home_ledger, read_entries
from orchestration.books.plans_of_locks import archived_plans
from orchestration.errors import InputError
from tests.property.conftest import PROFILE
from tests.support.closing import FIRST, PLANS, PretendCompany, pretending
from tests.support.drawn_lines import Line
from tests.support.quick_closing import remembering_plans, sharing_connections

HISTORIES, STEPS = {"quick": (15, 6), "ci": (200, 50), "long": (1000, 50)}[PROFILE]
IDS = st.sampled_from([f"l{number}" for number in range(8)])
PEOPLE = st.sampled_from(["S1", "S2", "S3"])
AMOUNTS = st.decimals(Decimal(-300), Decimal(500), places=2)
NAMES = st.sampled_from(["ann", "bob", "eve"])
FACTORS = st.sampled_from([Decimal(1), Decimal("1.1"), Decimal("0.5")])
Key = tuple[str, str, str, bool]


class CrashError(Exception):
    """A process that ends in the middle."""


class Closing(RuleBasedStateMachine):
    """A company, and what was seen of its locked months."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.company = PretendCompany(Path(tempfile.mkdtemp(prefix="closing-")), keeps_open=True)
        self.locked: dict[str, list[tuple[Any, ...]]] = {}
        self.runs: dict[str, str] = {}
        self.factors: dict[str | None, Decimal] = {}
        self.is_stale = True

    def teardown(self) -> None:
        self.company.close()
        for folder in (self.company.home, self.company.plans):
            if folder != PLANS:
                shutil.rmtree(folder, ignore_errors=True)

    def months(self) -> list[str]:
        """Computed months."""
        found = [FIRST]
        while found[-1] < self.company.last_month:
            found.append(next_period(found[-1]))
        return found

    def next_month(self) -> str:
        """The month that is to be closed next."""
        last = closed_through(read_entries(self.company.settings))
        return next_period(last) if last else self.company.last_month

    @initialize(amount=AMOUNTS, later=AMOUNTS)
    def begin(self, amount: Decimal, later: Decimal) -> None:
        self.company.put(Line("l0", FIRST, amount=amount), Line("l1", FIRST, "S2"))
        self.close("ann", "bob")
        self.company.last_month = next_period(FIRST)
        self.company.put(Line("l0", FIRST, "S3", later, version=2))
        self.close("bob", "ann")
        assert len(self.locked) == 2
        self.company.put(Line("l0", FIRST, "S3", later + 1, version=3))
        self.run()

    @rule(line_id=IDS, person=PEOPLE, amount=AMOUNTS, is_held=st.booleans(), back=st.integers(0, 3))
    def deliver(self, line_id: str, person: str, amount: Decimal, is_held: bool, back: int) -> None:
        """A new deal, a late one, a refund, a corrected owner, a moved date, a hold or a release."""
        known = self.company.lines.get(line_id)
        month = self.months()[max(-1 - back, -len(self.months()))]
        self.company.put(Line(line_id, month, person, amount, is_held, known.version + 1 if known else 1))
        self.is_stale = True

    @rule(line_id=IDS)
    def withdraw(self, line_id: str) -> None:
        if line_id in self.company.lines and len(self.company.lines) > 1:
            self.company.remove(line_id)
            self.is_stale = True

    @rule(factor=FACTORS)
    def edit_plan(self, factor: Decimal) -> None:
        """Another rate: open months follow it, closed ones stay under the plan of their lock."""
        self.company.edit_plan(factor)
        self.is_stale = True

    @precondition(lambda self: len(self.months()) < 6)
    @rule()
    def month_ends(self) -> None:
        self.company.last_month = next_period(self.company.last_month)
        self.is_stale = True

    @rule()
    def run(self) -> None:
        self.company.run()
        self.is_stale = False

    @rule(name=NAMES)
    def calculate(self, name: str) -> None:
        month = self.next_month()
        if month not in self.months():
            return
        with pretending(self.company):
            calculate(self.company.settings, month, name)
        self.is_stale = False

    @rule(name=NAMES)
    def approve(self, name: str) -> None:
        with suppress(NotAllowedError, InputError):
            periods.approve(self.company.settings, self.next_month(), name)

    @rule(name=NAMES)
    def lock(self, name: str) -> None:
        month = self.next_month()
        with suppress(NotAllowedError, InputError):
            periods.lock(self.company.settings, month, name)
            entry = locked_periods(read_entries(self.company.settings))[month]
            for one in self.months():
                if one <= month and one not in self.locked:
                    self.locked[one], self.runs[one] = self.lines_of(one), str(entry.details["run_id"])

    @rule(first=NAMES, second=NAMES)
    def close(self, first: str, second: str) -> None:
        """Calculate, approve and lock without a break, so that histories reach depth."""
        self.calculate(first)
        self.approve(second)
        self.lock(first)

    @rule(name=NAMES)
    def crash(self, name: str) -> None:
        """A calculation ends after its archive, before its entry; what comes next finishes."""
        month = self.next_month()
        if month not in self.months():
            return
        with (
            pretending(self.company),
            patch("orchestration.books.calculation.life.calculated", side_effect=CrashError),
            suppress(CrashError),
        ):
            calculate(self.company.settings, month, name)
        self.is_stale = False

    @rule(name=NAMES, to_be_killed=st.sampled_from(["periods.check_archive", "export.Draft"]))
    def crash_later(self, name: str, to_be_killed: str) -> None:
        """A lock ends before its entry, an export after its files; the retry finishes."""
        month = self.next_month()
        with patch(f"orchestration.books.{to_be_killed}", side_effect=CrashError), suppress(CrashError):
            if to_be_killed == "export.Draft":
                last = max(self.locked)
                export.export(self.company.settings, last, self.company.home / "crashed" / last, None, name)
            else:
                with suppress(NotAllowedError, InputError):
                    periods.lock(self.company.settings, month, name)
        assert month not in locked_periods(read_entries(self.company.settings))

    @rule(name=NAMES)
    def pay(self, name: str) -> None:
        with suppress(NotAllowedError):
            periods.pay(self.company.settings, max(self.locked), name)

    @rule()
    def export(self) -> None:
        """Exports are the sum of lines and the same every time."""
        for month in sorted(locked_periods(read_entries(self.company.settings)))[-2:]:
            folder = self.company.home / "out" / month
            export.export(self.company.settings, month, folder, None, "eve")
            first = {path.name: path.read_bytes() for path in folder.iterdir()}
            export.export(self.company.settings, month, folder, None, "eve")
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
            self.check_export(month, folder)

    def check_export(self, month: str, folder: Path) -> None:
        with (folder / "payroll.csv").open(encoding="utf-8-sig", newline="") as file:
            payroll = list(csv.DictReader(file))
        with (folder / "lines.csv").open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.DictReader(file))
        assert len(lines) == len(self.locked[month])
        for row in payroll:
            own = [one for one in lines if one["employee_id"] == row["employee_id"]]
            paid = sum((Decimal(one["amount"]) for one in own if one["status"] != "held"), Decimal(0))
            assert Decimal(row["net"]) == paid + Decimal(row["carried_in"])
            assert Decimal(row["payable"]) == max(Decimal(row["net"]), Decimal(0))

    def lines_of(self, month: str) -> list[tuple[Any, ...]]:
        query = "select * exclude (is_locked, run_id) from marts.fct_payout_lines where period = "
        return self.company.rows(f"{query} '{month}' order by line_id")

    def factor_of(self, month: str) -> Decimal:
        """What counts for a month: the plan of its lock, or the plan in force."""
        lock = standing_of(read_entries(self.company.settings), month).lock
        if lock is None:
            return self.company.factor
        if lock.archive not in self.factors:
            archive = open_archive(self.company.settings.books, lock.archive, lock)
            self.factors[lock.archive] = self.company.factor_of(archived_plans(archive))
        return self.factors[lock.archive]

    @invariant()
    def the_chain_is_whole(self) -> None:
        Closing.steps += 1
        with home_ledger(self.company.settings) as ledger:
            assert check_chain(*ledger.whole()) == []
            states = {month: state_of(ledger.entries(), month) for month in self.locked}
        assert all(state in {PeriodState.LOCKED, PeriodState.PAID} for state in states.values())

    @invariant()
    def what_is_locked_is_as_it_was(self) -> None:
        """Of the run that was approved, too, once a run has published it from the books."""
        if self.company.settings.snapshot.exists():
            for month, lines in self.locked.items():
                assert self.lines_of(month) == lines
            query = "select distinct period, run_id from marts.fct_payout_lines where is_locked"
            assert all(self.runs[month] == run for month, run in self.company.rows(query))

    @invariant()
    def locked_and_true_ups_are_what_is_calculated_now(self) -> None:
        if self.is_stale or not self.company.settings.snapshot.exists():
            return
        calculated: Counter[Key] = Counter()
        factors = {month: self.factor_of(month) for month in self.months()}
        for line in self.company.lines.values():
            if line.period in factors:
                amount = line.pays(factors[line.period])
                calculated[line.line_id, line.employee_id, line.period, line.is_held] += amount
        published: Counter[Key] = Counter()
        for line_id, person, month, status, amount in self.company.rows(
            "select calculated_line_id, employee_id, "
            "case when component = 'true_up' then origin_period else period end, status, amount "
            "from marts.fct_payout_lines"
        ):
            published[line_id, person, month, status == "held"] += amount
        assert published == calculated  # what is missing counts as zero

    @invariant()
    def balances_are_carried_on(self) -> None:
        if not self.company.settings.snapshot.exists():
            return
        rows = self.company.rows(
            "select employee_id, period, carried_in, net, payable, carried_out from marts.fct_payouts order by 1, 2"
        )
        before: dict[str, tuple[str, Decimal]] = {}
        for person, month, carried_in, net, payable, carried_out in rows:
            last, balance = before.get(person, ("", Decimal(0)))
            assert carried_in == (balance if not last or next_period(last) == month else Decimal(0))
            assert (payable, carried_out) == (max(net, Decimal(0)), min(net, Decimal(0)))
            before[person] = (month, carried_out)


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with sharing_connections(), remembering_plans():
        yield


Closing.TestCase.settings = settings(max_examples=HISTORIES, stateful_step_count=STEPS)
TestHistories = pytest.mark.every_run(Closing.TestCase)


@pytest.mark.every_run
def test_that_histories_had_steps() -> None:
    """Says how many; `make test-long` shows it."""
    print(f"{HISTORIES} histories, {Closing.steps} steps")
    assert Closing.steps >= HISTORIES
