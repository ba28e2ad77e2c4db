"""KPIs of conduct and service (rulebook 8): inputs, competitors, violations, complaints, ratings.

Belongs here: KPIs counted from one table of events each. Does not belong here: scoring.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.reference.kpis_base import Facts, Figure, Period, Row, by_employee, ratio, total

PARTS = ("has_features", "has_target_users", "has_impact", "has_advice")


def _inputs(facts: Facts, period: Period) -> dict[str, list[Row]]:
    rows = [row for row in facts.rows("product_inputs") if facts.within(period, row["submitted_at"])]
    return by_employee(rows)


def product_inputs(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "product-need submissions"."""
    return {employee: total(len(rows)) for employee, rows in _inputs(facts, period).items()}


def product_input_adoption(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "of the month's submissions, adopted by the calculation's as-of"."""
    figures: dict[str, Figure] = {}
    for employee, rows in _inputs(facts, period).items():
        adopted = [row for row in rows if row["adopted_at"] is not None and row["adopted_at"] <= facts.as_of]
        figures[employee] = ratio(len(adopted), len(rows))
    return figures


def _reported(facts: Facts, row: Row) -> datetime | None:
    """Time of the report, None while there is none at the as-of time."""
    reported: datetime | None = row["reported_at"]
    return None if reported is not None and reported > facts.as_of else reported


def _is_good(facts: Facts, row: Row, limit: timedelta) -> bool:
    """Reported within the hours and with all four parts."""
    reported = _reported(facts, row)
    in_time = reported is not None and reported - row["discovered_at"] <= limit
    return bool(in_time and all(row[part] for part in PARTS))


def competitor_response(facts: Facts, period: Period, hours: dict[str, Decimal]) -> dict[str, Figure]:
    """Rule: "reports within 24 h with all four parts ÷ events; any breach → excluded from this KPI".

    `hours` are the limits by employee where a plan sets one; otherwise 24 (given).
    """
    rows = [row for row in facts.rows("competitor_events") if facts.within(period, row["discovered_at"])]
    figures: dict[str, Figure] = {}
    for employee, found in by_employee(rows).items():
        seconds = Fraction(hours.get(employee, Decimal(24))) * 3600
        limit = timedelta(microseconds=int(seconds * 1_000_000))
        bad = [row for row in found if not _is_good(facts, row, limit)]
        breaches = [
            row
            for row in bad
            if _reported(facts, row) is not None or row["discovered_at"] + limit < facts.as_of
        ]
        figures[employee] = ratio(len(found) - len(bad), len(found), "breach" if breaches else None)
    return figures


def is_rectified(facts: Facts, row: Row) -> bool:
    """Rule: "Rectified and handled are as known at the as-of time"."""
    return row["rectified_on"] is not None and row["rectified_on"] <= facts.as_of_date


def rectification_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "rectified ÷ violations"; violations count in their own period."""
    rows = [row for row in facts.rows("policy_violations") if facts.on(period, row["occurred_on"])]
    return {
        employee: ratio(sum(is_rectified(facts, row) for row in found), len(found))
        for employee, found in by_employee(rows).items()
    }


def _in_time(facts: Facts, row: Row) -> bool:
    """Rule: "a complaint without `due_at` counts as handled in time when handled"."""
    handled, due = row["handled_at"], row["due_at"]
    return handled is not None and handled <= facts.as_of and (due is None or handled <= due)


def complaint_handling(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "handled within the promised time ÷ complaints"."""
    rows = [row for row in facts.rows("complaints") if facts.within(period, row["opened_at"])]
    return {
        employee: ratio(sum(_in_time(facts, row) for row in found), len(found))
        for employee, found in by_employee(rows).items()
    }


def service_rating(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "mean rating out of 10"."""
    rows = [row for row in facts.rows("service_ratings") if facts.within(period, row["rated_at"])]
    return {
        employee: ratio(sum((row["rating"] for row in found), Decimal(0)), len(found))
        for employee, found in by_employee(rows).items()
    }
