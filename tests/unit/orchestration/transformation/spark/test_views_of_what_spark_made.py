"""What Spark made is read through views in the warehouse; its folders go when nobody reads them. Needs no Spark."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.common.warehouse import ensure_warehouse
from orchestration.errors import GateError
from orchestration.settings import Settings, load_settings
from orchestration.transformation.spark.calculation import said_of_failure
from orchestration.transformation.spark.folders import begin_work, forget_unread, keep_tables
from orchestration.transformation.spark.job import JOB, SparkJob, read_job
from orchestration.transformation.spark.views import made_tables, show_tables


def _node(name: str, schema: str = "marts", **more: Any) -> dict[str, Any]:
    columns = {name: {"data_type": kind} for name, kind in more.pop("types", {}).items()}
    node = {
        "resource_type": "model",
        "name": name,
        "schema": schema,
        "database": "warehouse",
        "config": {"materialized": "table"},
        "columns": columns,
    }
    return node | more


def _manifest(*nodes: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": {node["name"]: node for node in nodes}}


def _write(made: Path, schema: str, table: str, *queries: str, complete: bool = True) -> None:
    folder = made / f"{schema}.db" / table
    folder.mkdir(parents=True)
    for number, query in enumerate(queries):
        duckdb.sql(query).write_parquet(str(folder / f"part-{number:05}.parquet"))
    if complete:
        (folder / "_SUCCESS").touch()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = load_settings(home=tmp_path / "it's a home", engine="spark")
    ensure_warehouse(found.warehouse)
    return found


def _show(settings: Settings, manifest: dict[str, Any], made: Path) -> None:
    tables = made_tables(manifest, made, is_whole=False)
    show_tables(tables, settings.warehouse, Path(settings.kept_intermediates), "scratch")


def test_views_take_the_place_of_tables_with_the_types_of_the_contract(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema marts; create table marts.fct as select 1 as amount")
    made = begin_work(settings) / "made"
    _write(
        made, "marts", "fct", "select 1.5::decimal(38, 2) as amount", "select 2.25::decimal(38, 2) as amount"
    )
    _write(made, "intermediate", "int_a", "select 7 as id")
    _write(made, "staging", "stg_part", "select 1 as id")
    manifest = _manifest(
        _node("fct", types={"amount": "decimal(18,2)"}),
        _node("int_a", "intermediate", database="scratch"),
        _node("stg_part", "staging", config={"materialized": "ephemeral"}),
        _node("not_computed"),
    )
    kept = keep_tables(settings, made, "one")
    _show(settings, manifest, kept)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("describe marts.fct").fetchall()[0][1] == "DECIMAL(18,2)"
        assert connection.execute("select cast(sum(amount) as varchar) from marts.fct").fetchall() == [
            ("3.75",)
        ]
        views = connection.execute("select view_name from duckdb_views() where not internal").fetchall()
        assert views == [("fct",)], "a part of a query is none on DuckDB either"
    with duckdb.connect(settings.kept_intermediates, read_only=True) as connection:
        assert connection.execute("from intermediate.int_a").fetchall() == [(7,)]
    # and a run on DuckDB, or another on Spark, takes their place again
    _show(settings, manifest, kept)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("drop view marts.fct; create table marts.fct as select 1 as amount")


def test_a_table_that_was_not_finished_is_not_shown(settings: Settings) -> None:
    made = begin_work(settings) / "made"
    _write(made, "marts", "fct", "select 1 as amount", complete=False)
    with pytest.raises(GateError, match=r"did not finish marts\.fct"):
        made_tables(_manifest(_node("fct")), made, is_whole=False)
    with pytest.raises(GateError, match=r"did not finish marts\.fct_view"):
        made_tables(_manifest(_node("fct_view")), made, is_whole=True)


def test_tables_stay_for_as_long_as_a_warehouse_reads_them(settings: Settings) -> None:
    for name in ("old", "explained", "now"):
        made = begin_work(settings) / "made"
        _write(made, "marts", "fct", f"select '{name}' as name")
        _show(settings, _manifest(_node("fct")), keep_tables(settings, made, name))
        if name == "explained":
            copy = settings.explained / "abc" / settings.warehouse.name
            copy.parent.mkdir(parents=True)
            copy.write_bytes(settings.warehouse.read_bytes())
    forget_unread(settings)
    assert sorted(one.name for one in (settings.spark / "tables").iterdir()) == ["explained", "now"]
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("from marts.fct").fetchall() == [("explained",)]

    on_duckdb = settings.model_copy(update={"engine": "duckdb"})
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("drop view marts.fct; create table marts.fct as select 1 as amount")
    forget_unread(on_duckdb)
    assert [one.name for one in (settings.spark / "tables").iterdir()] == ["explained"]
    copy.unlink()
    forget_unread(on_duckdb)
    assert not settings.spark.exists(), "DuckDB computes, and nobody reads what Spark left"


def _job(work: Path) -> SparkJob:
    sources, schemas = ("raw_files.deals",), ("marts",)
    return SparkJob("/opt/spark/python", "w.duckdb", sources, schemas, str(work), "raw", "spark.log")


def test_what_is_said_of_a_failure(tmp_path: Path) -> None:
    job = _job(tmp_path)
    assert read_job(job.write()) == job
    assert said_of_failure(job, tmp_path, -9) == (
        "Spark ended before all models were made (status -9)\nWhat Spark said lies in spark.log."
    )
    job.failure.write_text("no worker", encoding="utf-8")
    assert said_of_failure(job, tmp_path, 3).startswith("no worker\n")


def test_dbt_runs_in_sparks_environment_when_there_is_a_job(tmp_path: Path, monkeypatch: Any) -> None:
    from orchestration.transformation import dbt_process

    job = _job(tmp_path).write()
    became: list[Any] = []

    def become(*arguments: Any) -> None:
        became.append(arguments)
        raise SystemExit

    monkeypatch.setattr(dbt_process.os, "execve", become)
    monkeypatch.setenv(JOB, str(job))
    monkeypatch.setattr(sys, "argv", ["incentives-dbt", "run"])
    with pytest.raises(SystemExit):
        dbt_process.main()
    program, arguments, environment = became[0]
    assert program == "/opt/spark/python"
    assert arguments[-2:] == ["orchestration.transformation.spark.program.run_dbt", "run"]
    assert environment[JOB] == str(job)
