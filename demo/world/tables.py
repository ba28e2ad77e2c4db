"""The import templates as plain tables: column names, keys, cell text and the CSV writer.

Belongs here: the shape of a delivery folder and how a value is written into a cell.
Does not belong here: what the rows say (the other modules of this package) and how they are read (connectors).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

OFFSET = "+08:00"


@dataclass(frozen=True)
class Template:
    """One file of a delivery: its columns in order, the key, and the columns that must be filled."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    required: tuple[str, ...]
    names: frozenset[str]


def _template(key: str, columns: str) -> Template:
    marked = columns.split()
    names = tuple(column.rstrip("*") for column in marked)
    required = tuple(column.rstrip("*") for column in marked if column.endswith("*"))
    return Template(names, tuple(key.split()), required, frozenset(names))


TEMPLATES: dict[str, Template] = {
    "employees": _template(
        "employee_id",
        "employee_id* name* email department* position team_id manager_id hire_date* termination_date "
        "bonus_base currency",
    ),
    "employee_assignments": _template(
        "employee_id valid_from",
        "employee_id* department* position team_id manager_id bonus_base valid_from* valid_to",
    ),
    "source_users": _template("source source_user_id", "source* source_user_id* employee_id*"),
    "customers": _template(
        "customer_id",
        "customer_id* name* customer_type unified_credit_code phone contact_name email preference "
        "owner_employee_id referred_by_customer_id created_at* updated_at",
    ),
    "archive_checks": _template(
        "check_id",
        "check_id* customer_id* field* recorded_value verified_value is_correct* checked_at* checked_by",
    ),
    "leads": _template(
        "lead_id",
        "lead_id* customer_id company_name contact_name phone email wecom_id customer_type lead_type channel "
        "platform campaign_id owner_employee_id* created_at* review_status review_reason reviewed_at",
    ),
    "journey_events": _template(
        "event_id", "event_id* customer_id lead_id deal_id stage* occurred_at* employee_id"
    ),
    "activities": _template(
        "activity_id", "activity_id* customer_id* employee_id* kind* started_at* minutes note deal_id"
    ),
    "ownership_changes": _template(
        "change_id",
        "change_id* customer_id* from_employee_id to_employee_id* changed_at* reason changed_by",
    ),
    "deals": _template(
        "deal_id",
        "deal_id* customer_id* owner_employee_id* amount* currency* units signed_at* status* claimed_source "
        "referrer_customer_id product deal_kind",
    ),
    "deal_splits": _template("deal_id employee_id pool", "deal_id* pool* employee_id* share*"),
    "transactions": _template(
        "transaction_id", "transaction_id* deal_id* kind* amount* currency* occurred_at*"
    ),
    "targets": _template("employee_id kpi_id period", "employee_id* kpi_id* period* target*"),
    "campaigns": _template(
        "platform campaign_id", "platform* campaign_id* name owner_employee_id started_on ended_on"
    ),
    "ad_daily": _template(
        "platform campaign_id date",
        "platform* campaign_id* date* impressions clicks conversions cost currency",
    ),
    "brand_surveys": _template("survey_id", "survey_id* owner_employee_id surveyed_on* respondents* aware*"),
    "product_inputs": _template("input_id", "input_id* employee_id* submitted_at* adopted_at"),
    "competitor_events": _template(
        "event_id",
        "event_id* employee_id* discovered_at* reported_at has_features has_target_users has_impact "
        "has_advice",
    ),
    "policy_violations": _template(
        "violation_id", "violation_id* employee_id* kind* occurred_on* rectified_on"
    ),
    "material_movements": _template(
        "movement_id", "movement_id* material_id* owner_employee_id moved_on* kind* quantity amount*"
    ),
    "material_requests": _template(
        "request_id", "request_id* material_id* handler_employee_id* requested_at* issued_at"
    ),
    "complaints": _template(
        "complaint_id", "complaint_id* customer_id employee_id* opened_at* due_at handled_at"
    ),
    "service_ratings": _template("rating_id", "rating_id* employee_id* rated_at* rating*"),
    "courses": _template("course_id", "course_id* title hours"),
    "course_results": _template(
        "employee_id course_id attempt",
        "employee_id* course_id* attempt completed_at hours exam_score passed",
    ),
    "kpi_observations": _template(
        "employee_id kpi_id period", "employee_id* kpi_id* period* numerator* denominator"
    ),
    "fx_rates": _template("currency date", "currency* date* rate_to_base*"),
    "resolutions": _template(
        "resolution_id",
        "resolution_id* subject* subject_id* decision* to_employee_id reason* decided_by* decided_at*",
    ),
    "adjustments": _template(
        "adjustment_id",
        "adjustment_id* employee_id* period* amount* currency* reason* author* approver* dispute_id",
    ),
    "principals": _template("login", "login* role* employee_id valid_from* valid_to"),
    "disputes": _template("dispute_id", "dispute_id* line_id* opened_by* reason* opened_at*"),
}


def cell(value: object) -> str:
    """Text of one cell; a naive timestamp is company time (UTC+8), None is an empty cell.

    Raises:
        TypeError: for a binary float, which must never carry money.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + OFFSET
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} does not belong in a delivery: {value!r}")


class Tables:
    """The rows of one delivery, by template, in the order they were added."""

    def __init__(self) -> None:
        self.rows: dict[str, list[list[str]]] = {name: [] for name in TEMPLATES}

    def add(self, table: str, **values: object) -> int:
        """Add one row and return its line number in the file (the header is line 1).

        Raises:
            KeyError: for a column the template does not have.
        """
        template = TEMPLATES[table]
        if not template.names.issuperset(values):
            raise KeyError(f"{table} has no column {sorted(values.keys() - template.names)}")
        rows = self.rows[table]
        rows.append([cell(values[column]) if column in values else "" for column in template.columns])
        return len(rows) + 1

    def records(self, table: str) -> list[dict[str, str]]:
        """The rows of one table as dictionaries."""
        columns = TEMPLATES[table].columns
        return [dict(zip(columns, row, strict=True)) for row in self.rows[table]]

    def write(self, directory: Path, *, skip_empty: bool = False) -> None:
        """Write one CSV (UTF-8, LF) per template; `skip_empty` leaves out templates without rows."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, rows in self.rows.items():
            if skip_empty and not rows:
                continue
            with (directory / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerow(TEMPLATES[name].columns)
                writer.writerows(rows)
