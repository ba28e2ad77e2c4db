"""The job ``pay`` with another setting computes on Spark, and everything after it reads what Spark made."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.defs.build import Overrides, build_definitions
from orchestration.runs.dagster_instance import open_instance
from tests.integration.test_live_daemon import daemon, deliver, started_by, wait
from tests.spark.small import project_for_spark, run_small, small_settings
from tests.unit.orchestration.mini import GOOD

pytestmark = pytest.mark.spark
_KINDS = "select table_name, table_type from information_schema.tables where table_schema = 'marts'"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_for_spark(tmp_path_factory.mktemp("spark") / "project")


def test_both_engines_publish_the_same_and_spark_leaves_no_copy(project: Path, tmp_path: Path) -> None:
    published = {}
    for engine in ("duckdb", "spark"):
        settings = small_settings(tmp_path / engine, project, engine=engine)
        outcome = run_small(settings)
        assert outcome.success, outcome.failures
        published[engine] = (settings.published / "current").resolve().name
    assert published["duckdb"] == published["spark"], "same data, plans and code: same run id, same marts"
    home = tmp_path / "spark"
    assert _kinds(home) == {"VIEW"}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select cast(amount as varchar) from marts.fct_totals").fetchall() == [
            ("150.00",)
        ]
    assert not (home / "spark" / "work").exists()
    assert len(list((home / "spark" / "tables").iterdir())) == 1


def test_a_failing_test_is_a_gate_and_a_failing_model_a_sentence(project: Path, tmp_path: Path) -> None:
    settings = small_settings(tmp_path / "home", project)
    assert run_small(settings).success
    before = (settings.published / "current").resolve()

    refused = run_small(settings, (*GOOD, ("D9", "13.00", "CNY")), load="bbb")
    assert (refused.success, refused.exit_code) == (False, 1)
    assert {one.check for one in refused.not_passed if one.blocking} >= {"assert_no_unlucky_amount"}
    assert (settings.published / "current").resolve() == before

    model = project / "models" / "marts" / "pay" / "fct_totals.sql"
    text = model.read_text("utf-8")
    model.write_text(text.replace("sum(amount)", "sum(amount) / (count(*) - 2)"), "utf-8")
    try:
        failed = run_small(settings, GOOD, load="ccc")
    finally:
        model.write_text(text, "utf-8")
    assert failed.exit_code == 1
    assert "fct_totals" in failed.failures[0], "which model"
    assert "DIVIDE_BY_ZERO" in failed.failures[0], "ANSI is on"
    assert "spark.log" in failed.failures[0], "where to look"
    assert (settings.published / "current").resolve() == before

    assert run_small(settings, GOOD, load="ddd").success
    assert len(list((settings.spark / "tables").iterdir())) <= 2, "of the warehouse and of explanations"

    again = settings.model_copy(update={"engine": "duckdb"})
    assert run_small(again, (*GOOD, ("D3", "25.00", "CNY")), load="eee").success
    assert _kinds(settings.home) == {"BASE TABLE"}


def test_one_asset_alone(project: Path, tmp_path: Path) -> None:
    settings = small_settings(tmp_path / "home", project, engine="duckdb")
    assert run_small(settings).success
    on_spark = settings.model_copy(update={"engine": "spark"})
    job = build_definitions(Overrides(settings=on_spark)).resolve_implicit_global_asset_job_def()
    with open_instance(on_spark) as instance:
        key = dg.AssetKey(["marts", "fct_totals"])
        assert job.execute_in_process(instance=instance, asset_selection=[key]).success
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        kinds = dict(connection.execute(_KINDS).fetchall())
        assert (kinds["fct_totals"], kinds["dim_calculation"]) == ("VIEW", "BASE TABLE")
        total = connection.execute("select cast(amount as varchar) from marts.fct_totals").fetchall()
        assert total == [("150.00",)]


def test_a_delivery_in_the_inbox_is_paid_on_spark(project: Path, tmp_path: Path) -> None:
    settings, log = small_settings(tmp_path / "home", project), tmp_path / "daemon.log"
    deliver(settings, "2026-01", "D1,C1,E1,100.00,CNY,2026-01-05,signed")
    done = dg.DagsterRunStatus.SUCCESS
    with open_instance(settings) as instance, daemon(settings, log) as process:
        wait(lambda: done in started_by(instance, "dagster/sensor_name", "delivery_landed"), process, log)
    assert _kinds(settings.home) == {"VIEW"}
    with duckdb.connect(str(settings.snapshot), read_only=True) as published:
        assert published.execute("select cast(amount as varchar) from marts.fct_totals").fetchall() == [
            ("100.00",)
        ]


def _kinds(home: Path) -> set[str]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return set(dict(connection.execute(_KINDS).fetchall()).values())
