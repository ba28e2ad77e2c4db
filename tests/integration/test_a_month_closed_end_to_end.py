"""The golden month by the whole pipeline: closed by Dagster's job and by commands, corrected late, verified elsewhere.

The company is that of ``tests/golden/books_month_closed``, the smallest with a hold, true-ups of three causes and a
balance that is carried on; its figures are worked by hand there. March is calculated by the job ``close_month`` as its
schedule asks for it, approved, locked and exported by commands; the late delivery and a plan edit follow; March is
calculated again from its archive on another clock and locale, and with its input rows in another order.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
import pytest

from ledger import Event
from orchestration.books.home import read_entries
from orchestration.defs.build import Overrides, build_definitions
from orchestration.plans_in_force import record_plans
from orchestration.runs.dagster_instance import open_instance
from orchestration.settings import Settings, load_settings
from tests.conftest import COMMAND, ROOT, run_incentives
from tests.reference.golden import GOLDEN

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("month_closed")]
CASE = GOLDEN / "books_month_closed"
MARCH, APRIL = "2026-03", "2026-04"
LINES = (
    "period",
    "employee_id",
    "component",
    "deal_id",
    "transaction_id",
    "amount",
    "status",
    "origin_period",
)


def closed_by_job(settings: Settings, delivery: str, month_after: str) -> dg.ExecuteInProcessResult:
    """What the schedule of the first of a month asks for, with a delivery in the inbox."""
    shutil.copytree(CASE / delivery, settings.inbox / delivery)
    (settings.inbox / delivery / "_READY").touch()
    definitions = build_definitions(Overrides(settings=settings))
    schedule = definitions.resolve_schedule_def("close_month")
    moment = datetime.fromisoformat(f"{month_after}-01T05:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    with open_instance(settings) as instance:
        with dg.build_schedule_context(
            instance, scheduled_execution_time=moment, repository_def=definitions.get_repository_def()
        ) as context:
            [request] = schedule.evaluate_tick(context).run_requests or ()
        job = definitions.resolve_job_def(schedule.job_name)
        return job.execute_in_process(
            partition_key=request.partition_key,
            run_config=request.run_config,
            tags=request.tags,
            instance=instance,
        )


def checks(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """Outcomes of the checks of payroll by name."""
    key = dg.AssetKey(["published", "payroll"])
    found = {one.check_name: one for one in result.get_asset_check_evaluations() if one.asset_key == key}
    assert {one.partition for one in found.values()} == {result.dagster_run.tags["dagster/partition"]}
    return found


def of_payroll(result: dg.ExecuteInProcessResult) -> Any:
    [made] = [
        one.materialization
        for one in result.get_asset_materialization_events()
        if one.asset_key == dg.AssetKey(["published", "payroll"])
    ]
    return made


def months_of(settings: Settings, state: str) -> set[str]:
    with open_instance(settings) as instance:
        return set(instance.get_materialized_partitions(dg.AssetKey(["books", state])))


def said(settings: Settings, *arguments: str | Path) -> str:
    done = run_incentives(settings.home, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lines(settings: Settings) -> list[tuple[str, ...]]:
    with duckdb.connect(str(settings.snapshot), read_only=True) as connection:
        rows = connection.execute(f"select {', '.join(LINES)} from marts.fct_payout_lines").fetchall()
    return sorted(tuple("" if value is None else str(value) for value in row) for row in rows)


def expected(*periods: str) -> list[tuple[str, ...]]:
    with (CASE / "expected" / "fct_payout_lines.csv").open(encoding="utf-8", newline="") as file:
        return sorted(
            tuple(row[name] for name in LINES) for row in csv.DictReader(file) if row["period"] in periods
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each step of the story gave."""
    home = tmp_path_factory.mktemp("month_closed") / "home"
    shutil.copytree(CASE / "plans", home / "own_plans")
    settings = load_settings(home=home)
    record_plans(settings, [home / "own_plans"])
    found: dict[str, Any] = {"settings": settings, "march": closed_by_job(settings, "closed", APRIL)}
    found["entries"] = [entry.event for entry in read_entries(settings)]
    said(settings, "period", "approve", MARCH, "--as", "bob")
    said(settings, "period", "lock", MARCH, "--as", "eve")
    found["locked lines"] = lines(settings)
    said(settings, "period", "export", MARCH, "--out", home / "out", "--as", "eve")
    found["months"] = {state: months_of(settings, state) for state in ("locked", "exported", "paid")}
    found["april"] = closed_by_job(settings, "late", "2026-05")
    found["late lines"] = lines(settings)
    plan = home / "own_plans" / "example_pay.yml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("rate: 0.05", "rate: 0.09"), encoding="utf-8")
    said(settings, "run")
    found["edited lines"] = lines(settings)
    return found


def test_the_job_calculates_and_says_what_is_held_and_locks_nothing(story: dict[str, Any]) -> None:
    result = story["march"]
    assert result.success
    made = of_payroll(result)
    assert (made.partition, made.metadata["state"].value) == (MARCH, "calculated")
    assert made.metadata["payable CNY"].value == "220.00"
    assert story["entries"] == [Event.CALCULATED]
    found = checks(result)
    assert {name: one.passed for name, one in found.items()} == {
        "ready_for_approval": True,
        "nothing_held": False,
        "true_ups": True,
        "reconciliation": True,
    }
    assert found["nothing_held"].metadata["transfer CNY"].value == "15.00 in 2 lines"
    assert story["locked lines"] == expected(MARCH)


def test_the_ui_shows_which_months_are_open_locked_and_exported(story: dict[str, Any]) -> None:
    """The first lock closes the months before it, too: those since the customers' transfers."""
    locked = {"2025-12", "2026-01", "2026-02", MARCH}
    assert story["months"] == {"locked": locked, "exported": {MARCH}, "paid": set()}


def test_what_came_late_is_posted_in_april_to_the_fen_and_shown_by_the_checks(story: dict[str, Any]) -> None:
    result = story["april"]
    assert result.success
    assert story["late lines"] == expected(MARCH, APRIL)
    found = checks(result)
    assert found["true_ups"].metadata[f"{MARCH} CNY"].value == "-40.00 in 5 lines"
    assert found["reconciliation"].passed
    assert of_payroll(result).metadata["payable CNY"].value == "20.00"


def test_a_plan_edit_leaves_the_locked_month_and_its_true_ups(story: dict[str, Any]) -> None:
    assert story["edited lines"] == story["late lines"]


@pytest.mark.parametrize(
    ("zone", "locale", "more"),
    [("Pacific/Apia", "C", ()), ("America/New_York", "tr_TR.UTF-8", ("--shuffle", "7"))],
)
def test_the_locked_month_is_calculated_again_byte_for_byte(
    story: dict[str, Any], zone: str, locale: str, more: tuple[str, ...]
) -> None:
    environment = os.environ | {"INCENTIVES_HOME": str(story["settings"].home), "TZ": zone}
    environment |= {"LC_ALL": locale, "LANG": locale, "NO_COLOR": "1"}
    environment.pop("INCENTIVES_PLANS", None)
    done = subprocess.run(
        [COMMAND, "verify", MARCH, *more],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 lines calculated again: the same, byte for byte" in done.stdout


def test_from_an_exported_amount_one_command_leads_to_source_rows_and_approvals(
    story: dict[str, Any],
) -> None:
    with (story["settings"].home / "out" / "payroll.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["employee_id"]: Decimal(row["payable"]) for row in rows} == {
        "S1": Decimal("165.00"),
        "S2": Decimal("55.00"),
    }
    shown = said(story["settings"], "explain", rows[1]["employee_id"], rows[1]["period"])
    for part in (
        "payable 55.00",
        "deals D3: deals.csv:",
        "approved 2026-03 by bob",
        "locked 2026-03 by eve",
        "exported",
    ):
        assert part in shown
