"""The same run, whoever starts it: command line, inbox and sensor, schedule, and the Materialize button."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import dagster as dg
import duckdb
import pytest

from connectors.files import DeliverySpec
from orchestration.defs.build import Overrides, build_definitions
from orchestration.runs.dagster_instance import open_instance
from orchestration.runs.run import RunRequest, run_pay
from orchestration.settings import Settings
from tests.unit.orchestration.mini import PLANS, mini_settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mini")]
CUSTOMERS = "customer_id,name,created_at\nC1,Acme,2026-01-01\n"
HEADER = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
EXTRA_PLAN = """\
plan_id: extra
title: {zh: 另, en: Extra}
valid_from: 2026-01-01
applies_to: {departments: [extra]}
components:
  - {type: commission, pool: closing, rates: {self_sourced: 0.03}}
"""


def _deliver(folder: Path, *rows: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "deals.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _first_month(folder: Path) -> Path:
    return _deliver(folder, "D1,C1,E1,100.00,CNY,2026-01-05,signed")


def _second_month(folder: Path) -> Path:
    return _deliver(folder, "D2,C1,E1,50.00,CNY,2026-02-05 10:00:00,signed")


def _settings(home: Path) -> Settings:
    settings = mini_settings(home)
    settings.model_fields_set.discard("plans")  # as whoever starts a run without knowing of plans
    return settings


@pytest.fixture(autouse=True)
def _without_a_helper_process() -> Iterator[None]:
    with patch("orchestration.steps.validation.warmed_gates", nullcontext):
        yield


@pytest.fixture(scope="module")
def first_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the first month was run with plans that only the command line named."""
    folder = tmp_path_factory.mktemp("one_run")
    (folder / "plans").mkdir()
    (folder / "plans" / "extra.yml").write_text(EXTRA_PLAN, encoding="utf-8")
    with patch("orchestration.steps.validation.warmed_gates", nullcontext):
        request = RunRequest(DeliverySpec(_first_month(folder / "month1")), plans=(PLANS, folder / "plans"))
        outcome = run_pay(_settings(folder / "home"), request)
    assert outcome.success, outcome.failures
    return folder / "home"


def _by_command_line(settings: Settings, folder: Path) -> None:
    outcome = run_pay(settings, RunRequest(DeliverySpec(_second_month(folder / "month2"))))
    assert outcome.success, outcome.failures


def _by_sensor(settings: Settings, _folder: Path) -> None:
    _into_inbox(settings)
    definitions = build_definitions(Overrides(settings=settings))
    sensor = definitions.resolve_sensor_def("delivery_landed")
    with open_instance(settings) as instance:
        [request] = sensor(dg.build_sensor_context(instance=instance))
        _execute(definitions.resolve_job_def(sensor.job_name), request, instance)


def _by_schedule(settings: Settings, _folder: Path) -> None:
    _into_inbox(settings)
    definitions = build_definitions(Overrides(settings=settings))
    schedule = definitions.resolve_schedule_def("monthly_pay")
    with open_instance(settings) as instance:
        [request] = schedule.evaluate_tick(dg.build_schedule_context(instance=instance)).run_requests
        _execute(definitions.resolve_job_def(schedule.job_name), request, instance)


def _by_materialize(settings: Settings, _folder: Path) -> None:
    _into_inbox(settings)
    job = build_definitions(Overrides(settings=settings)).resolve_implicit_global_asset_job_def()
    with open_instance(settings) as instance:
        _execute(job, dg.RunRequest(), instance)


def _into_inbox(settings: Settings) -> None:
    (_second_month(settings.inbox / "month2") / "_READY").touch()


def _execute(job: dg.JobDefinition, request: dg.RunRequest, instance: dg.DagsterInstance) -> None:
    result = job.execute_in_process(run_config=request.run_config, tags=request.tags, instance=instance)
    assert result.success


def _figures(home: Path) -> tuple[object, ...]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        calculation = connection.execute("select * from staging.stg_calculation").fetchall()
        plans = connection.execute("select plan_id, plan_hash from raw_plans.plans order by all").fetchall()
        signed = connection.execute("select * from marts.fct_signed order by all").fetchall()
        totals = connection.execute("select * from marts.fct_totals order by all").fetchall()
    return calculation, plans, signed, totals, (home / "published" / "current").resolve().name


def test_a_second_month_gives_the_same_by_all_ways(first_month: Path, tmp_path: Path) -> None:
    ways: dict[str, Callable[[Settings, Path], None]] = {
        "command line": _by_command_line,
        "sensor": _by_sensor,
        "schedule": _by_schedule,
        "materialize": _by_materialize,
    }
    before, found = _figures(first_month), {}
    started = time.monotonic()
    for name, start in ways.items():
        home = tmp_path / name / "home"
        shutil.copytree(first_month, home, symlinks=True)
        start(_settings(home), tmp_path / name)
        found[name] = _figures(home)
        assert "extra" in dict(found[name][1]), f"{name}: the plans of the home are in force"
    assert set(map(str, found.values())) == {str(found["command line"])}
    assert found["command line"] != before
    assert time.monotonic() - started < 600


@pytest.mark.parametrize("key", [["marts", "fct_signed"], ["files", "deals"], ["plans", "plans"]])
def test_any_asset_can_be_materialized_alone(first_month: Path, tmp_path: Path, key: list[str]) -> None:
    home = tmp_path / "home"
    shutil.copytree(first_month, home, symlinks=True)
    settings = _settings(home)
    job = build_definitions(Overrides(settings=settings)).resolve_implicit_global_asset_job_def()
    with open_instance(settings) as instance:
        result = job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey(key)])
    assert result.success
    arrived = {event.asset_key for event in result.all_events if event.is_step_materialization}
    assert arrived == (set() if key[0] == "files" else {dg.AssetKey(key)}), "an empty inbox is no arrival"
