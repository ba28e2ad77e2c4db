"""Running a gate: its suites over the warehouse, in a helper process when one has been warmed.

Belongs here: the call of ``expectations``, the process it runs in, when a gate has nothing to validate.
Does not belong here: suites (``expectations``), Dagster (``defs.checks``).
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.runtime.garbage import collect_rarely
from orchestration.runtime.parent_watch import leave_with_parent
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.steps.pay_changes import PayChange
from orchestration.steps.published_pay import check_changes
from orchestration.transformation.calculation_state import note_gate, note_raw_gate, read_calculation_state
from orchestration.transformation.last_good_run import last_good_run, raw_is_unchanged, whole_code
from orchestration.transformation.manifest import personal_columns
from orchestration.transformation.run_identity import read_loads

if TYPE_CHECKING:
    from connectors.sources.model import Instance
    from expectations import Suite, SuiteResult

_helpers: list[Executor] = []


@contextmanager
def warmed_gates() -> Iterator[None]:
    """Load Great Expectations in a process of its own while this one does other things.

    It takes ten seconds of one core to import (1.24, 2026-11); the landing takes about as long.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, initializer=_stay_with, initargs=(os.getpid(),)) as helper:
        helper.submit(_load)
        _helpers.append(helper)
        try:
            yield
        finally:
            _helpers.remove(helper)


def _stay_with(parent: int) -> None:
    collect_rarely()
    threading.Thread(target=leave_with_parent, args=(parent,), daemon=True).start()


def _load() -> None:
    import great_expectations  # noqa: F401


def _run(
    suites: Sequence[Suite], warehouse: Path, docs_dir: Path, personal: Mapping[str, frozenset[str]]
) -> tuple[SuiteResult, ...]:
    from expectations import run_suites

    return run_suites(suites, warehouse, docs_dir=docs_dir, personal=personal)


def validate(settings: Settings, suites: Sequence[Suite]) -> list[SuiteResult]:
    """Run suites over the warehouse, opened read-only, and write their Data Docs.

    Args:
        settings: Where the warehouse and the Data Docs lie.
        suites: Suites, run in this order.
    """
    order = (tuple(suites), settings.warehouse, settings.data_docs, personal_columns(settings))
    results = _helpers[-1].submit(_run, *order).result() if _helpers else _run(*order)
    for suite in results:
        for check in suite.results:
            bad = "fail" if check.severity == "critical" else "warn"
            emit("gates", "pass" if check.success else bad, f"{suite.table}: {check.key}")
    return list(results)


def run_gate(
    settings: Settings, checkpoint: str, suites: Sequence[Suite], *, of: int, dagster_run: str
) -> list[SuiteResult]:
    """Run a gate, unless the last good run has validated the same data with the same code.

    Args:
        settings: Where everything lies.
        checkpoint: ``raw`` or ``marts``.
        suites: The selected suites.
        of: How many suites the gate has; only a gate that ran all of them is noted as passed.
        dagster_run: The run that validates.
    """
    is_raw, is_whole = checkpoint == "raw", len(suites) == of
    loads, code = read_loads(settings.warehouse), whole_code(settings)
    unchanged = (
        raw_is_unchanged(last_good_run(settings), loads, code)
        if is_raw
        else read_calculation_state(settings).unchanged_in == dagster_run
    )
    if unchanged and is_whole:
        emit(
            "gates", "note", f"{checkpoint}: validated by the last good run, nothing has changed", remark=True
        )
        return []
    results = validate(settings, suites)
    failed = any(check.severity == "critical" for suite in results for check in suite.failed)
    if is_whole and not failed:
        if is_raw:
            note_raw_gate(settings, loads, code)
        else:
            note_gate(settings, checkpoint)
    return results


def suites_of_records(instances: Iterable[Instance]) -> tuple[Suite, ...]:
    """The expectations on the raw records of connected systems, a suite for each resource."""
    from expectations import RecordTable, record_suites

    return record_suites(
        RecordTable(one.name, one.schema, resource.name, resource.key, has_cursor=resource.cursor is not None)
        for one in instances
        for resource in one.resources
    )


def compare_with_publication(
    settings: Settings, accepts: Sequence[str], dagster_run: str
) -> tuple[list[PayChange], list[PayChange]] | None:
    """Compare pay with the last publication; None when the run found nothing to compute.

    Returns:
        The changes that are refused, and all changes.
    """
    if read_calculation_state(settings).unchanged_in == dagster_run:
        return None
    refused, changes = check_changes(settings, accepts)
    for change in changes:
        emit("gates", "fail" if change in refused else "warn", f"{change.name}: {change.text}")
    if not refused:
        emit("gates", "pass", "changes since the last publication")
        note_gate(settings, "changes")
    return refused, changes
