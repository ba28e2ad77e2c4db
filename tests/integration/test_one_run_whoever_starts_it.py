"""A second month by command line, by inbox and sensor, by schedule and by the Materialize button: the same figures.

The schedule asks for the very run that the sensor asks for, so that it is run once for both. What the command line
gives is what the independent reference gives.

A small made-up company, the project's own models and plans. The first month is run once with plans that only the
command line names; each way goes on from a copy of that home and knows of nothing but what lies in it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.defs.build import Overrides, build_definitions
from orchestration.runs.dagster_instance import open_instance
from orchestration.runs.outcome import outcome_of
from orchestration.settings import Settings, load_settings
from orchestration.transformation.manifest import ensure_manifest
from tests.conftest import ROOT, Incentives, run_incentives
from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all
from tests.reference.templates import Row

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("one_run")]
FIRST = {
    "employees": """
        employee_id,name,department,position,team_id,hire_date,bonus_base,currency
        S1,Seller One,sales,middle,T1,2025-01-01,5000,CNY
        S2,Seller Two,sales,middle,T1,2025-03-01,5000,CNY
        M1,Marketer One,marketing,middle,T2,2025-01-01,4000,CNY
        M2,Marketer Two,marketing,middle,T2,2025-01-01,4000,CNY
        A1,Assistant One,sales_assistant,middle,T1,2025-01-01,3000,CNY
        X1,Extra One,extra,middle,T3,2025-01-01,3000,CNY
        """,
    "customers": """
        customer_id,name,customer_type,phone,owner_employee_id,created_at
        C1,First Firm,distributor,13800000001,S1,2026-01-02T09:00:00+08:00
        C2,Second Firm,distributor,13800000002,S2,2026-01-02T09:00:00+08:00
        C3,Third Firm,distributor,13800000003,S1,2026-01-02T09:00:00+08:00
        C4,Fourth Firm,distributor,13800000004,X1,2026-01-02T09:00:00+08:00
        """,
    "leads": """
        lead_id,customer_id,company_name,phone,customer_type,owner_employee_id,created_at
        L1,C1,First Firm,13800000001,distributor,M1,2026-01-03T10:00:00+08:00
        L2,C2,Second Firm,13800000002,distributor,M2,2026-01-04T10:00:00+08:00
        """,
    "activities": """
        activity_id,customer_id,employee_id,kind,started_at,minutes
        V1,C1,S1,visit,2026-01-08T10:00:00+08:00,60
        V2,C2,S2,call,2026-01-09T10:00:00+08:00,10
        """,
    "deals": """
        deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status
        D1,C1,S1,10000.00,CNY,2026-01-10T10:00:00+08:00,signed
        D2,C2,S2,2000.00,CNY,2026-01-12T10:00:00+08:00,signed
        D3,C4,X1,900.00,CNY,2026-01-31T10:00:00+08:00,signed
        """,
}
SECOND = {
    "leads": """
        lead_id,customer_id,company_name,phone,customer_type,owner_employee_id,created_at
        L3,C3,Third Firm,13800000003,distributor,M1,2026-02-03T10:00:00+08:00
        """,
    "deals": """
        deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status
        D4,C3,S1,5000.00,CNY,2026-02-10T10:00:00+08:00,signed
        D5,C4,X1,1000.00,CNY,2026-02-28T10:00:00+08:00,signed
        D6,C1,S1,sixty,CNY,2026-02-11T10:00:00+08:00,signed
        """,
    "transactions": """
        transaction_id,deal_id,kind,amount,currency,occurred_at
        R1,D2,refund,500.00,CNY,2026-02-20T10:00:00+08:00
        """,
}
EXTRA_PLAN = """
plan_id: extra
title: {zh: 另, en: Extra}
valid_from: 2026-01-01
applies_to: {departments: [extra]}
components:
  - {type: commission, pool: closing, rates: {self_sourced: 0.03, repurchase: 0.03}}
"""
#: tags by which the sensor knows its own runs again
OF_THE_SENSOR = {"incentives/deliveries", "incentives/inbox_content", "dagster/sensor_name"}


def _deliver(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    for name, rows in files.items():
        text = "\n".join(line.strip() for line in rows.strip().splitlines())
        (folder / f"{name}.csv").write_text(f"{text}\n", encoding="utf-8")


@pytest.fixture(scope="module")
def first_month(incentives: Incentives, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the home of the finished first month and, beside it, the delivery of the second."""
    folder = tmp_path_factory.mktemp("one_run")
    _deliver(folder / "month1", FIRST)
    _deliver(folder / "month2", SECOND)
    (folder / "extra.yml").write_text(EXTRA_PLAN, encoding="utf-8")
    plans = ("--plans", "plans", "--plans", folder / "extra.yml")
    done = incentives(folder / "home", "run", "--delivery", folder / "month1", *plans)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def _by_command_line(settings: Settings, delivery: Path) -> None:
    done = run_incentives(settings.home, "run", "--delivery", delivery)
    assert done.returncode == 0, done.stdout + done.stderr


def _asked(sensor: dg.SensorDefinition, instance: dg.DagsterInstance) -> Any:
    """What a sensor answers; a context that is not closed leaves its storage behind for later tests."""
    with dg.build_sensor_context(instance=instance) as context:
        return sensor.evaluate_tick(context)


def _by_inbox(settings: Settings, delivery: Path) -> None:
    """The run that the sensor and the schedule ask for, with the delivery in the inbox; then nothing is left to do."""
    _into_inbox(settings, delivery)
    definitions = build_definitions(Overrides(settings=settings))
    sensor = definitions.resolve_sensor_def("delivery_landed")
    schedule = definitions.resolve_schedule_def("monthly_pay")
    with open_instance(settings) as instance:
        [request] = _asked(sensor, instance).run_requests or ()
        with dg.build_schedule_context(instance=instance) as context:
            [by_clock] = schedule.evaluate_tick(context).run_requests or ()
        assert (schedule.job_name, by_clock.run_config) == (sensor.job_name, request.run_config)
        assert {name for name, _ in request.tags.items() - by_clock.tags.items()} == OF_THE_SENSOR
        job = definitions.resolve_job_def(sensor.job_name)
        done = job.execute_in_process(run_config=request.run_config, tags=request.tags, instance=instance)
        later = _asked(sensor, instance)
    assert done.success
    assert (outcome_of(done).unchanged_since, later.run_requests) == (None, [])


def _by_materialize(settings: Settings, delivery: Path) -> None:
    _into_inbox(settings, delivery)
    definitions = build_definitions(Overrides(settings=settings))
    graph = definitions.resolve_asset_graph()
    every = [key for key in graph.executable_asset_keys if not graph.get(key).is_partitioned]
    job = definitions.resolve_implicit_global_asset_job_def()
    with open_instance(settings) as instance:
        result = job.execute_in_process(instance=instance, asset_selection=every)
    assert result.success
    [payouts] = [
        one.materialization
        for one in result.get_asset_materialization_events()
        if one.asset_key == dg.AssetKey(["marts", "fct_payouts"])
    ]
    assert payouts.metadata["dagster/row_count"].value > 0
    assert "payable" in {column.name for column in payouts.metadata["dagster/column_schema"].value.columns}
    payable = payouts.metadata["dagster/column_lineage"].value.deps_by_column["payable"]
    assert dg.TableColumnDep(dg.AssetKey(["marts", "fct_payout_lines"]), "amount") in payable


def _into_inbox(settings: Settings, delivery: Path) -> None:
    shutil.copytree(delivery, settings.inbox / delivery.name)
    (settings.inbox / delivery.name / "_READY").touch()


def _rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def _marts(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of each mart, in one order."""
    tables = _rows(home, "select table_name from duckdb_tables() where schema_name = 'marts' order by all")
    return {name: _rows(home, f"select * from marts.{name} order by all") for (name,) in tables}


def _publication(home: Path) -> str:
    """Its name is made of the hashes of its files: an equal name is an equal row in every mart."""
    return (home / "published" / "current").resolve().name


WAYS: dict[str, Callable[[Settings, Path], None]] = {
    "inbox, sensor and schedule": _by_inbox,
    "Materialize button": _by_materialize,
}


@pytest.fixture(scope="module")
def moved(first_month: Path) -> Callable[[], Path]:
    """Gives the home as the first month left it, at another place, where dbt's project is parsed once for all ways."""
    home, kept = first_month / "moved" / "home", first_month / "kept"
    shutil.copytree(first_month / "home", home, symlinks=True)
    ensure_manifest(load_settings(home=home))
    shutil.copytree(home, kept, symlinks=True)

    def anew() -> Path:
        shutil.rmtree(home, ignore_errors=True)
        return Path(shutil.copytree(kept, home, symlinks=True))

    return anew


@pytest.fixture(scope="module")
def by_command_line(first_month: Path, moved: Callable[[], Path]) -> Path:
    """The home after the second month by the command line."""
    home = moved()
    _by_command_line(load_settings(home=home), first_month / "month2")
    return home.rename(first_month / "by_command_line")


@pytest.mark.parametrize("way", WAYS)
def test_a_second_month_gives_what_the_command_line_gives(
    first_month: Path,
    by_command_line: Path,
    moved: Callable[[], Path],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    home = moved()
    WAYS[way](load_settings(home=home), first_month / "month2")
    assert (home / "reports" / "2026-02").is_dir(), "the pages of the month are made by the run"
    if _publication(home) != _publication(by_command_line):  # say which mart differs
        expected, found = _marts(by_command_line), _marts(home)
        assert {name: len(rows) for name, rows in found.items()} == {n: len(r) for n, r in expected.items()}
        pytest.fail(f"other rows in {[name for name, rows in expected.items() if rows != found[name]]}")


def _reference(folder: Path, as_of: str) -> list[Row]:
    """Payout lines of both months by the independent reference; D6, whose amount cannot be read, is in quarantine."""
    shutil.copytree(ROOT / "plans", folder / "plans", ignore=shutil.ignore_patterns("kpis.yml", "*.json"))
    (folder / "plans" / "extra.yml").write_text(EXTRA_PLAN, encoding="utf-8")
    _deliver(folder / "first", FIRST)
    _deliver(folder / "second", SECOND | {"deals": SECOND["deals"].replace("sixty", "")})
    company, later = (
        Company.from_folder(folder / name, folder / "plans", as_of, zone="UTC")
        for name in ("first", "second")
    )
    company.timezone = "Asia/Shanghai"
    for template in SECOND:
        company.rows(template).extend(later.rows(template))
    company.quarantined = {"deals": [company.deals.pop()]}
    return calculate_all(company)["fct_payout_lines"]


def test_the_second_month_is_paid_by_the_plans_of_the_home(
    first_month: Path, by_command_line: Path, tmp_path: Path
) -> None:
    """Closing by hand: marketing 2 % (D1, D4, D2 and its refund), X1 3 % by the plan that was named once only."""
    assert _publication(first_month / "home") != _publication(by_command_line)
    columns = (
        "employee_id",
        "component",
        "deal_id",
        "transaction_id",
        "period",
        "plan_id",
        "amount",
        "status",
        "reason",
    )
    lines = _rows(by_command_line, f"select {', '.join(columns)} from marts.fct_payout_lines")
    [(as_of,)] = _rows(
        by_command_line, "select strftime(as_of, '%Y-%m-%dT%H:%M:%S.%f') from marts.dim_calculation"
    )
    expected = [tuple(line[column] for column in columns) for line in _reference(tmp_path, as_of)]
    assert sorted(map(str, lines)) == sorted(map(str, expected))
    closing = {(line[2], line[3]): (line[5], line[6]) for line in lines if line[1] == "closing"}
    assert closing == {
        ("D1", ""): ("marketing_sales_2026", Decimal("200.00")),
        ("D2", ""): ("marketing_sales_2026", Decimal("40.00")),
        ("D2", "R1"): ("marketing_sales_2026", Decimal("-10.00")),
        ("D3", ""): ("extra", Decimal("27.00")),
        ("D4", ""): ("marketing_sales_2026", Decimal("100.00")),
        ("D5", ""): ("extra", Decimal("30.00")),
    }
