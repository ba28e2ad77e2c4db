"""KPIs of materials (rulebook 8, reading 29): turnover, loss, hours from request to issue.

Belongs here: stock balances and requests. Does not belong here: other KPIs.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tests.reference.kpis_base import Facts, Figure, Period, Row, by_employee, ratio

SIGN = {"receipt": 1, "issue": -1, "expired": -1, "damaged": -1}


def _movements(facts: Facts) -> dict[str, list[Row]]:
    """Movements by owner, up to the as-of date."""
    rows = [row for row in facts.rows("material_movements") if row["moved_on"] <= facts.as_of_date]
    return by_employee(rows, "owner_employee_id")


def _by_material(rows: list[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["material_id"], []).append(row)
    return grouped


def _amount(rows: list[Row], *kinds: str) -> Decimal:
    return sum((row["amount"] for row in rows if row["kind"] in kinds), Decimal(0))


def stock_of(rows: list[Row], period: Period) -> Decimal:
    """Stock of one material at the end of the month; an opening row restates it."""
    known = [row for row in rows if row["moved_on"] <= period.last]
    openings = [row["moved_on"] for row in known if row["kind"] == "opening"]
    if openings:
        start = max(openings)
        known = [row for row in known if row["moved_on"] >= start]
        base = _amount([row for row in known if row["moved_on"] == start], "opening")
    else:
        base = Decimal(0)
    moved = sum((SIGN[row["kind"]] * row["amount"] for row in known if row["kind"] in SIGN), Decimal(0))
    return base + moved


def stock_at_end(rows: list[Row], period: Period) -> Decimal:
    """Stock of all materials of one owner at the end of the month."""
    return sum((stock_of(found, period) for found in _by_material(rows).values()), Decimal(0))


def opening_of(rows: list[Row], period: Period) -> Decimal:
    """Rule: "opening = stock at the start of the month", per material."""
    opening = Decimal(0)
    for found in _by_material(rows).values():
        inside = [row for row in found if row["kind"] == "opening" and period.contains(row["moved_on"])]
        if inside:
            first = min(row["moved_on"] for row in inside)
            opening += _amount([row for row in inside if row["moved_on"] == first], "opening")
        else:
            opening += stock_of(found, period.plus(-1))
    return opening


def material_turnover(facts: Facts, period: Period, window_months: dict[str, int]) -> dict[str, Figure]:
    """Rule: "12-month consumption amount ÷ mean of month-end stock amounts".

    "Turnover with fewer than 12 months uses the months there are." `window_months` are the months
    by owner, 12 where nothing is said.
    """
    figures: dict[str, Figure] = {}
    for owner, rows in _movements(facts).items():
        started = Period.of(min(row["moved_on"] for row in rows))
        window = [period.plus(-back) for back in range(window_months.get(owner, 12))]
        months = [month for month in window if month >= started]
        if months:
            used = [row for row in rows if Period.of(row["moved_on"]) in months]
            stocks = sum((stock_at_end(rows, month) for month in months), Decimal(0))
            figures[owner] = ratio(_amount(used, "issue"), Fraction(stocks) / len(months))
    return figures


def material_loss_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "expired or damaged amount ÷ (opening + received) amount" (lower is better)."""
    figures: dict[str, Figure] = {}
    for owner, rows in _movements(facts).items():
        month = [row for row in rows if period.contains(row["moved_on"])]
        available = opening_of(rows, period) + _amount(month, "receipt")
        figures[owner] = ratio(_amount(month, "expired", "damaged"), available)
    return figures


def moves_in(facts: Facts, period: Period) -> set[str]:
    """Owners with a movement dated in the month."""
    return {
        owner
        for owner, rows in _movements(facts).items()
        if any(period.contains(row["moved_on"]) for row in rows)
    }


def material_request_hours(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "mean hours from request to issue"; "requests count when issued"."""
    rows = [row for row in facts.rows("material_requests") if facts.within(period, row["issued_at"])]
    figures: dict[str, Figure] = {}
    for handler, found in by_employee(rows, "handler_employee_id").items():
        waits = [(row["issued_at"] - row["requested_at"]) / timedelta(microseconds=1) for row in found]
        hours = sum((Fraction(max(wait, 0)) for wait in waits), Fraction(0)) / 3_600_000_000
        figures[handler] = ratio(hours, len(found))
    return figures
