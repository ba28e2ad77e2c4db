"""Columns and types of the import templates (contracts A).

Belongs here: how a CSV of a template becomes typed rows. Does not belong here: rules on the rows.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]

TIMESTAMPS = frozenset(
    [
        "created_at",
        "updated_at",
        "checked_at",
        "reviewed_at",
        "occurred_at",
        "started_at",
        "changed_at",
        "signed_at",
        "submitted_at",
        "adopted_at",
        "discovered_at",
        "reported_at",
        "requested_at",
        "issued_at",
        "opened_at",
        "due_at",
        "handled_at",
        "rated_at",
        "completed_at",
        "decided_at",
    ]
)
DATES = frozenset(
    [
        "hire_date",
        "termination_date",
        "valid_from",
        "valid_to",
        "started_on",
        "ended_on",
        "date",
        "surveyed_on",
        "occurred_on",
        "rectified_on",
        "moved_on",
    ]
)
NUMBERS = frozenset(
    [
        "bonus_base",
        "amount",
        "units",
        "share",
        "minutes",
        "target",
        "cost",
        "quantity",
        "hours",
        "exam_score",
        "rating",
        "numerator",
        "denominator",
        "rate_to_base",
    ]
)
WHOLE = frozenset(["impressions", "clicks", "conversions", "respondents", "aware", "attempt"])
BOOLEANS = frozenset(["is_correct", "has_features", "has_target_users", "has_impact", "has_advice", "passed"])

TEMPLATES = [
    "employees",
    "employee_assignments",
    "source_users",
    "customers",
    "archive_checks",
    "leads",
    "journey_events",
    "activities",
    "ownership_changes",
    "deals",
    "deal_splits",
    "transactions",
    "targets",
    "campaigns",
    "ad_daily",
    "brand_surveys",
    "product_inputs",
    "competitor_events",
    "policy_violations",
    "material_movements",
    "material_requests",
    "complaints",
    "service_ratings",
    "courses",
    "course_results",
    "kpi_observations",
    "fx_rates",
    "resolutions",
    "adjustments",
    "principals",
    "disputes",
]


def timestamp(value: str, zone: ZoneInfo) -> datetime:
    """Naive UTC moment of a text ("no offset = plan timezone")."""
    moment = datetime.fromisoformat(value)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return aware.astimezone(UTC).replace(tzinfo=None)


def typed(column: str, value: str | None, zone: ZoneInfo) -> Any:
    """Value of a cell; an empty cell is None."""
    if value is None or not value.strip():
        return None
    value = value.strip()
    if column in TIMESTAMPS:
        return timestamp(value, zone)
    if column in DATES:
        return date.fromisoformat(value)
    if column in NUMBERS:
        return Decimal(value)
    if column in WHOLE:
        return int(value)
    return value.lower() == "true" if column in BOOLEANS else value


def read_csv(path: Path, zone: ZoneInfo) -> list[Row]:
    """Typed rows of one template file; a missing file has none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [
            {key: typed(key, value, zone) for key, value in row.items()} for row in csv.DictReader(handle)
        ]
