"""One run of a job in this process, from the lock to the outcome: what ``incentives run`` does.

Belongs here: the request, and the order of things around a run.
Does not belong here: definitions (``defs.build``), the outcome (``runs.outcome``), showing anything (``cli``).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import InputError
from orchestration.plans_in_force import plans_in_force, record_plans
from orchestration.runs.outcome import Outcome, outcome_of, was_interrupted
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import JobDefinition

    from connectors.files import DeliverySpec
    from orchestration.defs.build import Overrides


@dataclass(frozen=True)
class RunRequest:
    """What a run is asked to do.

    Args:
        delivery: A delivery to land first; without one, what is complete in the inbox.
        plans: Plan files or folders to record for the home; none: those in force stay.
        as_of: Time up to which facts are known.
        accept: Names of changes since the last publication that are right.
        anew: Compute also when nothing has changed since the last good run.
    """

    delivery: DeliverySpec | None = None
    plans: tuple[Path, ...] = ()
    as_of: str | None = None
    accept: tuple[str, ...] = ()
    anew: bool = False


def run_config(request: RunRequest) -> dict[str, Any]:
    """A request in the terms of the job's configuration, the same that the Dagster UI takes.

    Args:
        request: What is asked for.
    """
    delivery = request.delivery
    files = (
        {
            "folder": _text(delivery.folder),
            "mapping": _text(delivery.mapping),
            "snapshot": delivery.snapshot,
            "allow_shrink": delivery.allow_shrink,
            "encoding": delivery.encoding,
        }
        if delivery
        else {}
    )
    wanted: dict[str, dict[str, Any]] = {
        "files": {key: value for key, value in files.items() if value},
        "dbt": {key: value for key, value in {"as_of": request.as_of, "anew": request.anew}.items() if value},
        "changes_gate": {"accept": list(request.accept)} if request.accept else {},
    }
    configs = {name: config for name, config in wanted.items() if config}
    return {"ops": {name: {"config": config} for name, config in configs.items()}}


def _text(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None


def check_request(request: RunRequest, settings: Settings) -> None:
    """Check what a request names before anything expensive starts.

    Raises:
        InputError: A path does not exist, an as-of time or the name of a change is not valid.
        compensation.PlanErrors: A plan cannot be taken.
    """
    from compensation import load_plans
    from orchestration.steps.pay_changes import accepted_names
    from orchestration.transformation.run_identity import parse_as_of

    delivery = request.delivery
    paths = {"--delivery": delivery.folder, "--mapping": delivery.mapping} if delivery else {}
    for name, path in paths.items():
        if path is not None and not path.exists():
            raise InputError(f"{name} {path}: file or folder not found. Give a path that exists.")
    plan_set = load_plans(list(request.plans or plans_in_force(settings)))
    accepted_names(request.accept)
    if request.as_of:
        parse_as_of(request.as_of, plan_set.timezone or settings.timezone)


def run_pay(settings: Settings, request: RunRequest, overrides: Overrides | None = None) -> Outcome:
    """Run the ``pay`` job in this process.

    Args:
        settings: Where everything lies.
        request: What to land and compute.
        overrides: Other parts than the stock ones, for tests.

    Raises:
        InputError: The request is wrong, or another process writes the warehouse.
    """
    check_request(request, settings)
    from orchestration.steps.validation import warmed_gates
    from orchestration.transformation.manifest import ensure_manifest

    with (
        writer_lock(settings.lock_file, "incentives run"),
        warmed_gates(),
        ThreadPoolExecutor(1) as helper,
    ):
        if request.plans:
            record_plans(settings, request.plans)
        # dbt parses in a child process while this one is busy importing Dagster
        ready = helper.submit(ensure_manifest, settings)
        import_module("orchestration.defs.build")
        ready.result()
        return _execute(settings, "pay", run_config(request), overrides)


def run_publication(settings: Settings, overrides: Overrides | None = None) -> Outcome:
    """Run the ``publish`` job in this process: the marts as they are, when they have passed every gate.

    Args:
        settings: Where everything lies.
        overrides: Other parts than the stock ones, for tests.

    Raises:
        InputError: Nothing was computed yet, or another process writes the warehouse.
    """
    from orchestration.transformation.calculation_state import read_calculation_state
    from orchestration.transformation.manifest import ensure_manifest

    with writer_lock(settings.lock_file, "incentives publish"):
        if not settings.warehouse.exists() or not read_calculation_state(settings).is_whole:
            raise InputError(
                f"{settings.home}: there is nothing to publish",
                hint="compute the marts first: incentives run",
            )
        ensure_manifest(settings)
        return _execute(settings, "publish", {}, overrides)


def _execute(settings: Settings, name: str, config: dict[str, Any], overrides: Overrides | None) -> Outcome:
    from orchestration.defs.build import Overrides, build_definitions
    from orchestration.runs.dagster_instance import CLI_TAG, close_abandoned_runs, open_instance

    chosen = overrides or Overrides(settings=settings)
    log = settings.reports / "run.log"
    with quietly(log), open_instance(settings) as instance:
        close_abandoned_runs(instance)
        job: JobDefinition = build_definitions(chosen).resolve_job_def(name)
        result = job.execute_in_process(
            run_config=config, instance=instance, raise_on_error=False, tags={CLI_TAG: "true"}
        )
    if was_interrupted(result):
        raise KeyboardInterrupt
    return outcome_of(result, log)


@contextmanager
def quietly(log: Path) -> Iterator[None]:
    """Send everything Dagster and dbt would print to a log file; the terminal belongs to the command line."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as sink, redirect_stdout(sink), redirect_stderr(sink):
        yield
