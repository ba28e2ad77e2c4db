"""The outcome of a run in plain data, read from Dagster's events.

Belongs here: what a person has to know of a run. Does not belong here: running it (``runs.run``), showing it (``cli``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import BAD_INPUT, DONE, GATE_FAILED, FailureKind

if TYPE_CHECKING:
    from dagster import AssetCheckEvaluation, ExecuteInProcessResult

#: checks of steps, which are neither dbt tests nor suites
OTHER_CHECKS = {
    "deliveries_accepted",
    "records_of_systems",
    "extracted",
    "no_day_without_a_plan",
    "changes_since_publication",
    "without_trouble",
}


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
        unchanged_since: The last good run, when nothing had changed since and nothing was computed.
        deliveries: Load ids of what was landed; name and reason of what was rejected and skipped.
        reports: Month, number and first of the pages that were written.
    """

    dagster_run_id: str
    success: bool
    exit_code: int
    failures: tuple[str, ...]
    checks: CheckCounts = CheckCounts()
    not_passed: tuple[CheckOutcome, ...] = ()
    log: Path | None = None
    unchanged_since: str | None = None
    deliveries: Mapping[str, Any] = field(default_factory=dict)
    reports: Mapping[str, Any] = field(default_factory=dict)


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
    if any(one.blocking for one in bad):
        code = max(code, GATE_FAILED)
    return Outcome(
        dagster_run_id=result.run_id,
        success=result.success,
        exit_code=code,
        failures=tuple(failures),
        checks=count_checks(evaluations),
        not_passed=tuple(sorted(bad, key=lambda one: (not one.blocking, one.asset, one.check))),
        log=log,
        unchanged_since=_unchanged_since(result),
        deliveries=_metadata_of_check(evaluations, "deliveries_accepted"),
        reports=_metadata_of_reports(result),
    )


def was_interrupted(result: ExecuteInProcessResult) -> bool:
    """Whether the run ended because somebody stopped it: Dagster notes that as a failure that it did not expect."""
    reasons = [event.job_failure_data.failure_reason for event in result.all_events if event.is_job_failure]
    return any(reason is not None and reason.name == "UNEXPECTED_TERMINATION" for reason in reasons)


def _unchanged_since(result: ExecuteInProcessResult) -> str | None:
    """The last good run that the marts were observed to be unchanged since."""
    from orchestration.defs.assets.dbt import UNCHANGED

    for event in result.all_events:
        if event.event_type_value == "ASSET_OBSERVATION":
            found = event.asset_observation_data.asset_observation.metadata.get(UNCHANGED)
            if found is not None:
                return str(found.value)
    return None


def _metadata_of_check(evaluations: Iterable[AssetCheckEvaluation], name: str) -> dict[str, Any]:
    return next((_plain(one.metadata) for one in evaluations if one.check_name == name), {})


def _metadata_of_reports(result: ExecuteInProcessResult) -> dict[str, Any]:
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key and event.asset_key.path[-1] == "reports":
            return _plain(event.step_materialization_data.materialization.metadata)
    return {}


def _plain(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one.value for name, one in metadata.items()}


def count_checks(evaluations: Iterable[AssetCheckEvaluation]) -> CheckCounts:
    """Count tests one by one and suites by their expectations."""
    from orchestration.defs.checks.gates import EXPECTATIONS, FAILED, WARNED

    counts: Counter[str] = Counter()
    for one in evaluations:
        if EXPECTATIONS in one.metadata:
            told = {name: int(str(one.metadata[name].value)) for name in (EXPECTATIONS, WARNED, FAILED)}
            counts.update({"suites": 1, **told})
        elif one.check_name not in OTHER_CHECKS:
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
