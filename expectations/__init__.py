"""The gates: what has to be true of the data at both doors of the pipeline.

Here belong the suites (as data), their registry, the runner that lets Great Expectations check them inside
DuckDB, and the decision whether a run may go on. Not here: quarantining rows (connectors), dbt tests
(dbt_project), wiring into asset checks (orchestration). This package knows nothing of dagster or connectors.

Importing it costs nothing: Great Expectations is loaded when a suite is run.
"""

from expectations.decision import Decision, decide
from expectations.model import Check, CheckResult, Suite, SuiteResult
from expectations.registry import all_suites, suite_named, suites_at, suites_for_table
from expectations.runner import run_suite, run_suites

__all__ = [
    "Check",
    "CheckResult",
    "Decision",
    "Suite",
    "SuiteResult",
    "all_suites",
    "decide",
    "run_suite",
    "run_suites",
    "suite_named",
    "suites_at",
    "suites_for_table",
]
