"""The models of a calculation made on Spark, and shown in the warehouse when all of them are there.

A calculation that fails on the way has changed nothing that anybody reads.

Belongs here: the order of things, what Spark is asked, what to say when it fails. Does not belong here: data tests
(``transformation.calculation``), the folders (``folders``), the views (``views``).
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.storage import storage_sentence
from orchestration.errors import GateError, InputError
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.transformation.invocation import Invocation, failures_text
from orchestration.transformation.manifest import dbt_variables, read_manifest
from orchestration.transformation.spark.folders import begin_work, forget_unread, keep_tables
from orchestration.transformation.spark.job import JOB, SparkJob
from orchestration.transformation.spark.views import made_tables, show_tables

if TYPE_CHECKING:
    from dagster import AssetExecutionContext
    from dagster_dbt import DbtCliResource

#: the database of intermediate models on DuckDB (profiles.yml)
_SCRATCH = "scratch"


def make_tables(
    context: AssetExecutionContext, dbt: DbtCliResource, settings: Settings, args: Sequence[str], target: Path
) -> list[Any]:
    """Make tables on Spark and show them in the warehouse; the events of all that were built.

    Args:
        context: Of the step.
        dbt: The resource.
        settings: Where everything lies, and which Spark.
        args: dbt's.
        target: Folder of its artifacts.

    Raises:
        InputError: Spark is not installed.
        GateError: A model failed, or Spark did; says which, or why, and where the log lies.
        UserError: The storage did not suffice.
    """
    if not settings.spark_thrift and not settings.spark_python.exists():
        raise InputError(
            "there is no Spark here",
            where=str(settings.spark_python),
            hint="install it (scripts/install_spark.sh), or say where the Python of its environment is "
            "(INCENTIVES_SPARK_PYTHON)",
        )
    manifest = read_manifest(settings)
    work = begin_work(settings)
    try:
        job = _job(settings, manifest, work, target)
        events = _run(context, dbt, settings, args, job, target)
        kept = keep_tables(settings, job.made, f"{context.run_id[:8]}-{uuid.uuid4().hex[:8]}")
        tables = made_tables(manifest, kept, is_whole=not context.is_subset)
        show_tables(tables, settings.warehouse, Path(settings.kept_intermediates), _SCRATCH)
        forget_unread(settings)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return events


def _job(settings: Settings, manifest: Mapping[str, Any], work: Path, target: Path) -> SparkJob:
    target.mkdir(parents=True, exist_ok=True)
    models = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    job = SparkJob(
        python=str(settings.spark_python),
        warehouse=str(settings.warehouse),
        sources=tuple(sorted(f"{one['schema']}.{one['identifier']}" for one in manifest["sources"].values())),
        schemas=tuple(sorted({str(node["schema"]) for node in models})),
        work=str(work),
        raw=str(settings.spark / "raw"),
        log=str(target / "spark.log"),
        catalog=settings.spark_catalog,
        master=settings.spark_master,
        memory=settings.spark_memory,
        thrift=settings.spark_thrift,
        wait_seconds=settings.spark_wait_seconds,
    )
    Path(job.log).unlink(missing_ok=True)
    return job


def _run(
    context: AssetExecutionContext,
    dbt: DbtCliResource,
    settings: Settings,
    args: Sequence[str],
    job: SparkJob,
    target: Path,
) -> list[Any]:
    with dbt_variables(settings, {JOB: str(job.write())}):
        run = Invocation.start(context, dbt, args, target, str(settings.spark))
        events = list(run.events())
    if run.call.get_error() is not None:
        told = said_of_failure(job, target, run.call.process.returncode)
        raise storage_sentence(told, str(settings.spark)) or GateError(told)
    emit("dbt", "note", job.landed.read_text(encoding="utf-8"), remark=True)
    return events


def said_of_failure(job: SparkJob, target: Path, status: int | None) -> str:
    """Why nothing came of a job: Spark's own failure, or the models that failed, or that the program just ended."""
    if job.failure.exists():
        told = job.failure.read_text(encoding="utf-8")
    else:
        told = failures_text(target) or f"Spark ended before all models were made (status {status})"
    return f"{told}\nWhat Spark said lies in {job.log}."
