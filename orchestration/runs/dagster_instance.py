"""Dagster's own home: its configuration file, and the runs a killed process left open.

Belongs here: ``HOME/dagster`` and what has to be true of it before a run.
Does not belong here: definitions (``defs.build``), starting runs (``runs.run``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.errors import UserError
from connectors.common.problems import ImportProblem
from connectors.common.storage import is_damage
from connectors.common.yaml_document import load_yaml
from orchestration.errors import InputError
from orchestration.runtime.access import protect
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

CLI_TAG = "incentives/command_line"

CONFIGURATION = """\
# Written by the pipeline when it is missing; change it freely.
telemetry:
  enabled: false
# One writer of the warehouse, and one run at a time that asks a connected system: each pool admits one run.
concurrency:
  pools:
    default_limit: 1
    granularity: run
# A run whose process died is noticed and, when a sensor or a schedule asked for it, started again.
run_monitoring:
  enabled: true
  poll_interval_seconds: 30
run_retries:
  enabled: true
  max_retries: 0
  retry_on_asset_or_op_failure: false
"""


def prepare_dagster_home(settings: Settings) -> None:
    """Make ``HOME/dagster`` with its configuration; an existing one is left as it is."""
    protect(settings)
    settings.dagster.mkdir(parents=True, exist_ok=True)
    configuration = settings.dagster / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(CONFIGURATION, encoding="utf-8")


@contextmanager
def open_instance(settings: Settings) -> Iterator[DagsterInstance]:
    """The persistent Dagster instance of the home directory, quick to write and quiet about its steps' output.

    Raises:
        InputError: Dagster's configuration or its history of runs is damaged.
    """
    from dagster import DagsterInstance
    from dagster._core.instance.ref import InstanceRef

    prepare_dagster_home(settings)
    try:
        ref = InstanceRef.from_dir(str(settings.dagster), overrides=_overrides(settings))
        with DagsterInstance.from_ref(ref) as instance:
            yield instance
    except UserError:
        raise
    except Exception as error:
        if is_damage(error):
            raise InputError(
                f"the history of runs is damaged ({_innermost(error)})",
                where=str(settings.dagster / "history"),
                hint="move the folder away, then run the same command again: it holds what Dagster shows of "
                "earlier runs, no figures",
            ) from error
        raise


def _innermost(error: BaseException) -> str:
    while (cause := error.__cause__) is not None:
        error = cause
    return str(error)


def _overrides(settings: Settings) -> dict[str, Any]:
    logs = {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
    file = settings.dagster / "dagster.yaml"
    try:
        document = load_yaml(file)
    except ImportProblem as error:
        raise _damaged_configuration(file, error.what) from error
    if not isinstance(document.data, dict):
        raise _damaged_configuration(file, "it is no YAML mapping")
    configured = document.text
    if re.search(r"^\w*storage:", configured, flags=re.MULTILINE):
        return {"compute_logs": logs}
    events = {
        "module": "orchestration.runs.event_log_storage",
        "class": "KeptOpenEventLog",
        "config": {"base_dir": str(settings.dagster / "history" / "runs")},
    }
    return {"compute_logs": logs, "event_log_storage": events}


def _damaged_configuration(file: Path, why: str) -> InputError:
    return InputError(
        f"Dagster's configuration is damaged: {why}",
        where=str(file),
        hint="remove the file, then run the same command again: it is written anew when it is missing",
    )


def close_abandoned_runs(instance: DagsterInstance) -> list[str]:
    """Mark runs of a command line that died as failed. Call it only while holding the writer's lock.

    Whoever holds the lock knows that no other command line writes, so every run it finds open was abandoned.

    Returns:
        The ids of these runs.
    """
    from dagster import DagsterRunStatus, RunsFilter

    open_statuses = [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]
    abandoned = instance.get_runs(RunsFilter(tags={CLI_TAG: "true"}, statuses=open_statuses))
    for run in abandoned:
        instance.report_run_failed(run, "The process that ran it ended before it was done.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in abandoned]


def main() -> None:
    """Prepare Dagster's home and print its path: what ``make dev`` needs before it starts Dagster."""
    from orchestration.settings import load_settings

    settings = load_settings()
    prepare_dagster_home(settings)
    sys.stdout.write(f"{settings.dagster}\n")


if __name__ == "__main__":
    main()
