"""Runs suites against a warehouse file and returns the results as plain data.

Belongs here: the order of a run, samples of failing rows and missing tables. Does not belong here: the decision
(`decision.py`), the pages (`docs.py`). The file is opened read-only and closed again.
"""

import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.model import Check, CheckResult, Suite, SuiteResult
from expectations.registry import suite_named
from expectations.samples import masked, sample_query

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult

    from expectations.engine import DuckDBDatasource

Personal = Mapping[str, Collection[str]]
SAMPLE_ROWS = 5
# Great Expectations keeps one current project per process (fact of 2026-11, version 1.24).
_ONE_AT_A_TIME = threading.Lock()
_AS_OF = {
    "raw": "(select max(landed_at) from raw_files.loads)",
    "marts": "(select max(as_of) from marts.dim_calculation)",
}


class WarehouseMissingError(FileNotFoundError):
    """The warehouse file does not exist."""


def run_suite(
    name: str | Suite,
    warehouse: Path,
    *,
    docs_dir: Path | None = None,
    as_of: datetime | None = None,
    personal: Personal | None = None,
) -> SuiteResult:
    """Run one suite; see `run_suites`."""
    return run_suites([name], warehouse, docs_dir=docs_dir, as_of=as_of, personal=personal)[0]


def run_suites(
    names: Iterable[str | Suite],
    warehouse: Path,
    *,
    docs_dir: Path | None = None,
    as_of: datetime | None = None,
    personal: Personal | None = None,
) -> tuple[SuiteResult, ...]:
    """Run suites in one context, each on one batch, and add them to one Data Docs site.

    Args:
        names: Names of suites, or suites, in the order wanted.
        warehouse: DuckDB file; no other process may be writing to it.
        docs_dir: Folder of the Data Docs site (`index.html`); None writes no docs.
        as_of: UTC time the checks of future dates refer to. Default: the last landing (raw suites), the
            calculation's own as-of (suites of marts).
        personal: Personal columns by `schema.table`; their values are masked in samples.

    Raises:
        UnknownSuiteError: a name is not registered.
        WarehouseMissingError: there is no such file.
    """
    suites = [one if isinstance(one, Suite) else suite_named(one) for one in names]
    if not warehouse.is_file():
        raise WarehouseMissingError(f"no warehouse at {warehouse}; run the pipeline first")
    from expectations.docs import locked_site
    from expectations.gx import open_context, open_datasource

    with _ONE_AT_A_TIME, locked_site(docs_dir) as site:
        context = open_context()
        datasource = open_datasource(context, warehouse)
        try:
            results = [
                _run_one(datasource, suite, as_of, (personal or {}).get(suite.table, ())) for suite in suites
            ]
        finally:
            datasource.dispose()
        if site is None:
            return tuple(results)
        index = site.write(results)
        return tuple(replace(result, docs_index=str(index)) for result in results)


def _run_one(
    datasource: "DuckDBDatasource", suite: Suite, as_of: datetime | None, personal: Collection[str]
) -> SuiteResult:
    from expectations.gx import batch_of, expectation_suite

    started = time.perf_counter()
    engine: Any = datasource.get_execution_engine()
    if not _has_table(engine, suite):
        return _without_table(suite)
    moment = (
        f"timestamp '{as_of:%Y-%m-%d %H:%M:%S}'".replace(":", "\\:") if as_of else _AS_OF[suite.checkpoint]
    )
    engine.timings.clear()
    batch = batch_of(datasource, suite).get_batch()
    validated = batch.validate(expectation_suite(suite, moment), result_format="SUMMARY")
    row_count = int(_query(engine, f"select count(*) as n from {suite.table}")[0]["n"])
    timings = list(engine.timings)
    results = _check_results(engine, suite, validated, moment, timings)
    return SuiteResult(
        suite=suite.name,
        table=suite.table,
        checkpoint=suite.checkpoint,
        row_count=row_count,
        results=tuple(replace(one, sample=masked(one.sample, personal)) for one in results),
        note=f"the table is empty: {suite.when_empty}" if row_count == 0 else "",
        seconds=time.perf_counter() - started,
        meaning=suite.meaning,
        asset=suite.asset,
    )


def _check_results(
    engine: Any,
    suite: Suite,
    validated: "ExpectationSuiteValidationResult",
    moment: str,
    timings: Sequence[tuple[str, float]],
) -> tuple[CheckResult, ...]:
    from expectations.gx import error_of, results_by_key, unexpected_count_of

    found = results_by_key(validated)
    results = []
    for check in suite.checks:
        item = found[check.key]
        error = error_of(item)
        success = bool(item.success) and error is None
        results.append(
            CheckResult(
                key=check.key,
                severity=check.severity,
                success=success,
                unexpected_count=None if error else unexpected_count_of(item, check),
                meaning=check.meaning,
                columns=check.columns,
                sample=() if success or error else _sample(engine, suite, check, moment),
                seconds=_own_seconds(check, moment, timings),
                error=error,
            )
        )
    return tuple(results)


def _without_table(suite: Suite) -> SuiteResult:
    error = f"there is no table {suite.table}"
    about: dict[str, Any] = {"meaning": suite.meaning, "asset": suite.asset}
    if suite.may_be_missing:
        return SuiteResult(suite.name, suite.table, suite.checkpoint, None, (), error, **about)
    results = tuple(
        CheckResult(check.key, check.severity, False, None, check.meaning, check.columns, error=error)
        for check in suite.checks
    )
    return SuiteResult(suite.name, suite.table, suite.checkpoint, None, results, error, **about)


def _has_table(engine: Any, suite: Suite) -> bool:
    query = (
        "select count(*) as n from information_schema.tables "
        f"where table_schema = '{suite.schema}' and table_name = '{suite.table_name}'"
    )
    return int(_query(engine, query)[0]["n"]) > 0


def _sample(engine: Any, suite: Suite, check: Check, moment: str) -> tuple[dict[str, str | None], ...]:
    query = sample_query(suite, check, moment, SAMPLE_ROWS)
    if query is None:
        return ()
    rows = _query(engine, query)
    return tuple({key: None if value is None else str(value) for key, value in row.items()} for row in rows)


def _query(engine: Any, sql: str) -> list[dict[str, Any]]:
    import sqlalchemy as sa

    return [dict(row._mapping) for row in engine.execute_query(sa.text(sql)).fetchall()]


def _own_seconds(check: Check, moment: str, timings: Sequence[tuple[str, float]]) -> float | None:
    """Time of the queries that contain the check's own SQL; None for checks answered together."""
    if check.kind != "rows":
        return None
    pieces = check.sql.replace("@as_of", moment).split("@rows")
    own = max((piece.strip() for piece in pieces), key=len)
    return sum(seconds for sql, seconds in timings if own in sql)
