"""The way out: publication of the marts, provenance of a payout line, and the summary of a run.

Here belong readers of the finished marts and what they write for the outside. Not here: computing (dbt_project),
judging (expectations), wiring (orchestration). This package knows nothing of dagster, connectors or
expectations. Importing it loads no database driver.
"""

from serving.errors import (
    AmbiguousLineError,
    DatabaseMissingError,
    DeliveryError,
    NotComputedError,
    PublicationError,
    UnknownLineError,
)
from serving.lineage.explanation import Explanation, PlanText, SourceRecord
from serving.lineage.provenance import explain_line
from serving.publication.publish import PublicationReport, publish
from serving.publication.versions import current_publication
from serving.summary import MonthSummary, QuarantineCount, RunSummary, run_summary

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
