"""One run of a job in this process, from the lock to the outcome: what ``incentives run`` does.

Belongs here: the order of things around a run, and what came of it in plain data.
Does not belong here: definitions (``defs.build``), showing anything (``cli``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import BAD_INPUT, DONE, GATE_FAILED, FailureKind, InputError
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dagster import AssetCheckEvaluation, ExecuteInProcessResult, JobDefinition

    from connectors.files import DeliverySpec
    from orchestration.defs.build import Overrides


@dataclass(frozen=True)
class RunRequest:
    """What a run is asked to do.

    Args:
        delivery: A delivery to land first; without one, what is complete in the inbox.
        plans: Plan files or folders; none: those of the settings.
        as_of: Time up to which facts are known.
    """

    delivery: DeliverySpec | None = None
    plans: tuple[Path, ...] = ()
    as_of: str | None = None


@dataclass(frozen=True)
class CheckOutcome:
    """One check that did not pass."""

    asset: str
    check: str
    blocking: bool
    about: str


@dataclass(frozen=True)
class CheckCounts:
    """How many checks were judged, and how.

    Args:
        tests: dbt tests.
        suites: Suites of the gates.
        expectations: Expectations in these suites.
        passed: Tests and expectations that passed.
        warned: Those that did not and only warn.
        failed: Those that did not and block.
    """

    tests: int = 0
    suites: int = 0
    expectations: int = 0
    passed: int = 0
    warned: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Args:
        dagster_run_id: The run in Dagster's storage.
        success: Every step went through.
        exit_code: 0 done, 1 a gate or check failed or something broke, 2 bad input.
        failures: What stopped it, in sentences.
        checks: How many checks were judged.
        not_passed: Checks that did not, blocking ones first.
        log: Where the log of the run lies.
    """

    dagster_run_id: str
    success: bool
    exit_code: int
    failures: tuple[str, ...]
    checks: CheckCounts = CheckCounts()
    not_passed: tuple[CheckOutcome, ...] = ()
    log: Path | None = None


def run_config(request: RunRequest, timezone: str) -> dict[str, Any]:
    """The request in the terms of the job's configuration.

    Args:
        request: What is asked for.
        timezone: Of timestamps without an offset.
    """
    delivery = request.delivery
    files: dict[str, Any] = {"timezone": timezone}
    if delivery:
        files |= {
            "folder": _text(delivery.folder),
            "mapping": _text(delivery.mapping),
            "snapshot": delivery.snapshot,
            "allow_shrink": delivery.allow_shrink,
            "encoding": delivery.encoding,
        }
    configs: Mapping[str, dict[str, Any]] = {
        "files": {key: value for key, value in files.items() if value is not None},
        "plans": {"folders": [str(path.absolute()) for path in request.plans]},
        "dbt": {"as_of": request.as_of} if request.as_of else {},
    }
    return {"ops": {name: {"config": config} for name, config in configs.items()}}


def _text(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None


def check_request(request: RunRequest, settings: Settings) -> str:
    """See to it that what the request names is there and sound before anything expensive starts.

    Returns:
        The time zone of the plans, in which times without an offset are read.

    Raises:
        InputError: A path does not exist, or an as-of time is none.
        compensation.PlanErrors: A plan cannot be taken.
    """
    from compensation import load_plans
    from orchestration.transformation.run_identity import parse_as_of

    delivery = request.delivery
    paths = {"--delivery": delivery.folder, "--mapping": delivery.mapping} if delivery else {}
    for name, path in paths.items():
        if path is not None and not path.exists():
            raise InputError(f"{name} {path}: file or folder not found. Give a path that exists.")
    plan_set = load_plans(list(request.plans or settings.plans))
    timezone = plan_set.timezone or settings.timezone
    if request.as_of:
        parse_as_of(request.as_of, timezone)
    return timezone


def run_pay(settings: Settings, request: RunRequest, overrides: Overrides | None = None) -> Outcome:
    """Run the ``pay`` job in this process.

    Args:
        settings: Where everything lies.
        request: What to land and compute.
        overrides: Other parts than the stock ones, for tests.

    Raises:
        InputError: The request is wrong, or another process writes the warehouse.
    """
    timezone = check_request(request, settings)
    from orchestration.steps.validation import warmed_gates
    from orchestration.transformation.manifest import ensure_manifest

    with (
        writer_lock(settings.lock_file, "incentives run"),
        warmed_gates(),
        ThreadPoolExecutor(1) as helper,
    ):
        # dbt parses in a child process while this one is busy importing Dagster
        ready = helper.submit(ensure_manifest, settings)
        import_module("orchestration.defs.build")
        ready.result()
        return _execute(settings, run_config(request, timezone), overrides)


def _execute(settings: Settings, config: dict[str, Any], overrides: Overrides | None) -> Outcome:
    from orchestration.defs.build import Overrides, build_definitions
    from orchestration.runs.dagster_instance import CLI_TAG, close_abandoned_runs, open_instance

    chosen = overrides or Overrides(settings=settings)
    log = settings.reports / "run.log"
    with quietly(log), open_instance(settings) as instance:
        close_abandoned_runs(instance)
        job: JobDefinition = build_definitions(chosen).resolve_job_def("pay")
        result = job.execute_in_process(
            run_config=config, instance=instance, raise_on_error=False, tags={CLI_TAG: "true"}
        )
    return outcome_of(result, log)


@contextmanager
def quietly(log: Path) -> Iterator[None]:
    """Send everything Dagster and dbt would print to a log file; the terminal belongs to the command line."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as sink, redirect_stdout(sink), redirect_stderr(sink):
        yield


def outcome_of(result: ExecuteInProcessResult, log: Path | None = None) -> Outcome:
    """Read from Dagster's events what a person has to know."""
    evaluations = result.get_asset_check_evaluations()
    bad = [
        CheckOutcome(
            asset="/".join(one.asset_key.path),
            check=one.check_name,
            blocking=one.severity.name == "ERROR",
            about=one.description or "",
        )
        for one in evaluations
        if not one.passed
    ]
    stops = [stop_of(event) for event in result.all_events if event.is_step_failure]
    failures = [text for _, text in stops]
    kinds = {kind for kind, _ in stops}
    code = DONE if result.success else BAD_INPUT if FailureKind.BAD_INPUT in kinds else GATE_FAILED
    return Outcome(
        dagster_run_id=result.run_id,
        success=result.success,
        exit_code=code,
        failures=tuple(failures),
        checks=count_checks(evaluations),
        not_passed=tuple(sorted(bad, key=lambda one: (not one.blocking, one.asset, one.check))),
        log=log,
    )


def count_checks(evaluations: Iterable[AssetCheckEvaluation]) -> CheckCounts:
    """Count tests one by one and suites by their expectations."""
    from orchestration.defs.checks.gates import EXPECTATIONS, FAILED, WARNED

    counts: Counter[str] = Counter()
    for one in evaluations:
        if EXPECTATIONS in one.metadata:
            told = {name: int(str(one.metadata[name].value)) for name in (EXPECTATIONS, WARNED, FAILED)}
            counts.update({"suites": 1, **told})
        else:
            bad = FAILED if one.severity.name == "ERROR" else WARNED
            counts.update({"tests": 1, bad: not one.passed})
    bad_ones = counts[WARNED] + counts[FAILED]
    return CheckCounts(
        tests=counts["tests"],
        suites=counts["suites"],
        expectations=counts[EXPECTATIONS],
        passed=counts["tests"] + counts[EXPECTATIONS] - bad_ones,
        warned=counts[WARNED],
        failed=counts[FAILED],
    )


def stop_of(event: Any) -> tuple[FailureKind, str]:
    """FailureKind and sentence of a step failure event."""
    from orchestration.steps.step import KIND

    data = event.step_failure_data
    user = data.user_failure_data
    if user is not None and KIND in user.metadata:
        return FailureKind(user.metadata[KIND].value), user.description or ""
    error = data.error.cause or data.error if data.error else None
    return FailureKind.FAULT, error.message.strip() if error else f"step {event.step_key} failed"
