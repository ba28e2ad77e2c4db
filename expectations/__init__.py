"""Expectations on the data at both checkpoints of the pipeline: raw tables and marts.

Belongs here: the suites (as data), their registry, the runner that has Great Expectations validate them inside
DuckDB, and the decision whether a run continues. Does not belong here: quarantining rows (connectors), dbt tests
(dbt_project), asset checks (orchestration). Great Expectations is loaded when a suite is run.
"""

from expectations.decision import Decision, decide
from expectations.model import Check, CheckResult, Suite, SuiteResult
from expectations.registry import all_suites, suite_named, suites_at, suites_for_table
from expectations.runner import run_suite, run_suites
from expectations.suites.records import RecordTable, record_suites

__all__ = [
    "Check",
    "CheckResult",
    "Decision",
    "RecordTable",
    "Suite",
    "SuiteResult",
    "all_suites",
    "decide",
    "record_suites",
    "run_suite",
    "run_suites",
    "suite_named",
    "suites_at",
    "suites_for_table",
]
