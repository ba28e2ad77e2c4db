"""Months as partitions in Dagster: what the checks say of each, and which ones are locked, exported and paid."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from ledger import Event, NotAllowedError
from orchestration.books import export, periods
from orchestration.books.calculation import calculate
from orchestration.books.closing import payroll_month
from orchestration.books.home import read_entries
from orchestration.books.partitions import report_month
from orchestration.defs.assets.payroll import PAYROLL, build_payroll_assets
from orchestration.defs.resources import home_resource
from orchestration.runs.dagster_instance import open_instance
from tests.support.closing import FIRST, PretendCompany
from tests.support.drawn_lines import Line

MONTH, NEXT = FIRST, "2025-12"


def materialized(company: PretendCompany, month: str) -> dg.ExecuteInProcessResult:
    with open_instance(company.settings) as instance:
        return dg.materialize(
            [build_payroll_assets()],
            partition_key=month,
            selection=[PAYROLL],
            resources={"home": home_resource(company.settings)},
            instance=instance,
        )


def months_of(company: PretendCompany, state: str) -> set[str]:
    with open_instance(company.settings) as instance:
        return set(instance.get_materialized_partitions(dg.AssetKey(["books", state])))


def lock(company: PretendCompany, month: str) -> None:
    periods.approve(company.settings, month, "bob")
    periods.lock(company.settings, month, "eve")


def test_the_partition_of_payroll_says_what_is_left(company: PretendCompany) -> None:
    company.run()
    found = payroll_month(company.settings, MONTH, calculate=True)
    assert found.about["state"] == "calculated"
    assert found.checks["nothing_held"].figures == {"transfer CNY": "40.00 in 1 lines"}
    assert not found.checks["nothing_held"].passed
    assert found.checks["reconciliation"].passed
    assert found.checks["ready_for_approval"].passed
    periods.approve(company.settings, MONTH, "bob")
    with pytest.raises(NotAllowedError, match="the lock needs a second person"):
        periods.lock(company.settings, MONTH, "bob")
    periods.lock(company.settings, MONTH, "eve")
    assert payroll_month(company.settings, MONTH, calculate=True).about["state"] == "locked"
    assert [entry.event for entry in read_entries(company.settings)].count(Event.LOCKED) == 1


def test_the_checks_belong_to_the_partition(company: PretendCompany) -> None:
    company.run()
    found: dict[str, Any] = {
        one.check_name: one for one in materialized(company, MONTH).get_asset_check_evaluations()
    }
    assert {name: (one.passed, one.partition) for name, one in found.items()} == {
        "ready_for_approval": (True, MONTH),
        "nothing_held": (False, MONTH),
        "true_ups": (True, MONTH),
        "reconciliation": (True, MONTH),
    }
    assert found["nothing_held"].metadata["transfer CNY"].value == "40.00 in 1 lines"
    lock(company, MONTH)
    company.last_month = NEXT
    company.put(Line("a", MONTH, "S1", Decimal("30.00"), version=2))
    company.run()
    [true_ups] = [
        one
        for one in materialized(company, NEXT).get_asset_check_evaluations()
        if one.check_name == "true_ups"
    ]
    assert (true_ups.partition, true_ups.metadata[f"{MONTH} CNY"].value) == (NEXT, "-70.00 in 1 lines")


def test_commands_fill_the_partitions_of_the_states(company: PretendCompany, tmp_path: Path) -> None:
    company.last_month = NEXT
    calculate(company.settings, NEXT, "ann")
    lock(company, NEXT)
    assert report_month(company.settings, NEXT, [MONTH, NEXT]) is None, "there is no Dagster of this home yet"
    with open_instance(company.settings):
        pass
    (company.settings.dagster / "history").mkdir(exist_ok=True)
    assert report_month(company.settings, NEXT, [MONTH, NEXT]) is None
    assert months_of(company, "locked") == {MONTH, NEXT}
    assert months_of(company, "exported") == set()
    export.export(company.settings, NEXT, tmp_path / "out", None, "eve")
    periods.pay(company.settings, NEXT, "eve")
    report_month(company.settings, NEXT)
    assert (months_of(company, "exported"), months_of(company, "paid")) == ({NEXT}, {NEXT})


def test_what_a_command_could_not_report_the_job_does(company: PretendCompany) -> None:
    calculate(company.settings, MONTH, "ann")
    lock(company, MONTH)
    materialized(company, MONTH)
    assert months_of(company, "locked") == {MONTH}
