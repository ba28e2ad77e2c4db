"""The running of a gate: its suites over the warehouse, in a helper process when one has been warmed.

Belongs here: the call of ``expectations``, the process it runs in, the news of each suite.
Does not belong here: suites (``expectations``), Dagster (``defs.checks``).
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.runtime.parent_watch import leave_with_parent
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings

if TYPE_CHECKING:
    from expectations import SuiteResult

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
    threading.Thread(target=leave_with_parent, args=(parent,), daemon=True).start()


def _load() -> None:
    import great_expectations  # noqa: F401


def _run(suites: Sequence[str], warehouse: Path, docs_dir: Path) -> tuple[SuiteResult, ...]:
    from expectations import run_suites

    return run_suites(suites, warehouse, docs_dir=docs_dir)


def validate(settings: Settings, suites: Sequence[str]) -> list[SuiteResult]:
    """Run suites over the warehouse, opened read-only, and write their Data Docs.

    Args:
        settings: Where the warehouse and the Data Docs lie.
        suites: Names of suites, run in this order.
    """
    order = (tuple(suites), settings.warehouse, settings.data_docs)
    results = _helpers[-1].submit(_run, *order).result() if _helpers else _run(*order)
    for suite in results:
        for check in suite.results:
            bad = "fail" if check.severity == "critical" else "warn"
            emit("gates", "pass" if check.success else bad, f"{suite.table}: {check.key}")
    return list(results)
