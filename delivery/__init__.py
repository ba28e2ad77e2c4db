"""The way out: publication of the marts, provenance of a payout line, and the summary of a run.

Here belong readers of the finished marts and what they write for the outside. Not here: computing (dbt_project),
judging (expectations), wiring (orchestration). This package knows nothing of dagster, connectors or
expectations. Importing it loads no database driver.
"""

from delivery.errors import (
    AmbiguousLineError,
    DatabaseMissingError,
    DeliveryError,
    NotComputedError,
    PublicationError,
    UnknownLineError,
)
from delivery.explanation import Explanation, PlanText, SourceRecord
from delivery.provenance import explain_line
from delivery.publish import PublicationReport, publish
from delivery.summary import MonthSummary, QuarantineCount, RunSummary, run_summary
from delivery.versions import current_publication

__all__ = [
    "AmbiguousLineError",
    "DatabaseMissingError",
    "DeliveryError",
    "Explanation",
    "MonthSummary",
    "NotComputedError",
    "PlanText",
    "PublicationError",
    "PublicationReport",
    "QuarantineCount",
    "RunSummary",
    "SourceRecord",
    "UnknownLineError",
    "current_publication",
    "explain_line",
    "publish",
    "run_summary",
]
