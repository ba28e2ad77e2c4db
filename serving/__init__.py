"""Serving: publication, lineage, statements, comparison, reports, workbooks and alerts.

Belongs here: readers of the finished marts and what they write for people and other systems. Does not belong here:
computing (dbt_project), validating (expectations), wiring (orchestration). Importing it loads no database driver.
"""

from serving.errors import (
    AmbiguousLineError,
    DatabaseMissingError,
    NotComputedError,
    PublicationError,
    ServingError,
    UnknownLineError,
    UnknownPayoutError,
)
from serving.lineage.explanation import (
    Component,
    ExplainedPayout,
    Explanation,
    Figure,
    PlanText,
    SourceRecord,
)
from serving.lineage.provenance import explain_line, explain_payout
from serving.publication.documents import MartDocument
from serving.publication.explained import kept_warehouse
from serving.publication.publish import PublicationReport, publish
from serving.publication.versions import current_publication
from serving.statements.hold_reasons import holds
from serving.summary import MonthSummary, QuarantineCount, RunSummary, run_summary

__all__ = [
    "AmbiguousLineError",
    "Component",
    "DatabaseMissingError",
    "ExplainedPayout",
    "Explanation",
    "Figure",
    "MartDocument",
    "MonthSummary",
    "NotComputedError",
    "PlanText",
    "PublicationError",
    "PublicationReport",
    "QuarantineCount",
    "RunSummary",
    "ServingError",
    "SourceRecord",
    "UnknownLineError",
    "UnknownPayoutError",
    "current_publication",
    "explain_line",
    "explain_payout",
    "holds",
    "kept_warehouse",
    "publish",
    "run_summary",
]
