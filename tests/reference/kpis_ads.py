"""KPIs of advertising and brand (rulebook 8): ads, spend, ad deals, awareness.

Belongs here: everything that starts from campaigns and surveys. Does not belong here: sales,
customers, scoring.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.reference.kpis_base import (
    NOTHING,
    UNRESOLVED,
    Facts,
    Figure,
    Period,
    Row,
    by_employee,
    ratio,
    rounded,
    total,
)


def _owners(facts: Facts) -> dict[tuple[str, str], str]:
    return {
        (row["platform"], row["campaign_id"]): row["owner_employee_id"] or UNRESOLVED
        for row in facts.rows("campaigns")
    }


def _ads(facts: Facts, period: Period) -> dict[str, list[Row]]:
    """Daily rows of the month by the owner of the campaign."""
    owners = _owners(facts)
    grouped: dict[str, list[Row]] = {}
    for row in facts.rows("ad_daily"):
        if facts.on(period, row["date"]):
            owner = owners.get((row["platform"], row["campaign_id"]), UNRESOLVED)
            grouped.setdefault(owner, []).append(row)
    return grouped


def _sum(rows: list[Row], column: str) -> int:
    return sum(row[column] or 0 for row in rows)


def impressions(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "Σ impressions of the owner's campaigns"."""
    return {owner: total(_sum(rows, "impressions")) for owner, rows in _ads(facts, period).items()}


def ad_conversion_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "conversions ÷ impressions"."""
    return {
        owner: ratio(_sum(rows, "conversions"), _sum(rows, "impressions"))
        for owner, rows in _ads(facts, period).items()
    }


def click_through_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "clicks ÷ impressions"."""
    return {
        owner: ratio(_sum(rows, "clicks"), _sum(rows, "impressions"))
        for owner, rows in _ads(facts, period).items()
    }


def to_base(facts: Facts, amount: Decimal, currency: str | None, day: date) -> Decimal | None:
    """Amount in base currency at the "latest rate on or before" the day; None without a rate."""
    if currency in (None, "", facts.crediting(day).currency):
        return rounded(amount, 2)
    rates = [row for row in facts.rows("fx_rates") if row["currency"] == currency and row["date"] <= day]
    if not rates:
        return None
    latest = max(rates, key=lambda row: row["date"])
    return rounded(Fraction(amount) * Fraction(latest["rate_to_base"]), 2)


def _spend(facts: Facts, rows: list[Row]) -> Decimal | None:
    """Cost in base currency; None when one row has no rate."""
    spend = Decimal(0)
    for row in rows:
        cost = to_base(facts, row["cost"] or Decimal(0), row.get("currency"), row["date"])
        if cost is None:
            return None
        spend += cost
    return spend


def ad_deals(facts: Facts) -> dict[str, str]:
    """Campaign owner by deal: marketing deals whose first touch names a known campaign.

    The touches are those of attribution (rulebook 3.5), an input here.
    """
    owners = _owners(facts)
    leads = {row["lead_id"]: row for row in facts.rows("leads")}
    marketing = {row["deal_id"] for row in facts.rows("fct_deal_sources") if row["source"] == "marketing"}
    found: dict[str, str] = {}
    for deal_id in marketing:
        touches = [row for row in facts.rows("int_touches") if row["deal_id"] == deal_id]
        if touches:
            first = leads[min(touches, key=lambda row: (row["created_at"], row["lead_id"]))["lead_id"]]
            owner = owners.get((first.get("platform") or "", first.get("campaign_id") or ""))
            if owner is not None:
                found[deal_id] = owner
    return found


def _unknown(numerator: Decimal | None, denominator: Decimal | None) -> Figure:
    """A figure whose spend has no exchange rate: a partial sum would look like a figure."""
    return Figure(numerator, denominator, "no_fx_rate", is_ratio=True)


def ad_roas(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "revenue attributed to the owner's campaigns ÷ spend"."""
    owners, ads = ad_deals(facts), _ads(facts, period)
    revenue: dict[str, Decimal] = {}
    for row in facts.rows("int_measures_deal"):
        if row["deal_id"] in owners and facts.on(period, row["measure_date"]):
            owner = owners[row["deal_id"]]
            revenue[owner] = revenue.get(owner, Decimal(0)) + row["amount"]
    figures: dict[str, Figure] = {}
    for owner in {*ads, *revenue}:
        spend = _spend(facts, ads.get(owner, []))
        earned = rounded(revenue.get(owner, 0), 6)
        figures[owner] = ratio(earned, spend) if spend is not None else _unknown(earned, None)
    return figures


def customer_acquisition_cost(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "spend ÷ new customers from ads" (lower is better)."""
    owners, ads = ad_deals(facts), _ads(facts, period)
    customers: dict[str, int] = {}
    for deal in facts.rows("int_deals"):
        if deal["deal_id"] in owners and deal["is_creditable"] and facts.within(period, deal["signed_at"]):
            owner = owners[deal["deal_id"]]
            customers[owner] = customers.get(owner, 0) + 1
    figures: dict[str, Figure] = {}
    for owner in {*ads, *customers}:
        spend = _spend(facts, ads.get(owner, []))
        count = customers.get(owner, 0)
        figures[owner] = ratio(spend, count) if spend is not None else _unknown(None, rounded(count, 6))
    return figures


def _aware(facts: Facts, quarter: str) -> dict[str, tuple[int, int]]:
    """(aware, respondents) of a quarter by employee."""
    rows = [
        row
        for row in facts.rows("brand_surveys")
        if Period.of(row["surveyed_on"]).quarter == quarter and row["surveyed_on"] <= facts.as_of_date
    ]
    grouped = by_employee(rows, "owner_employee_id")
    return {owner: (_sum(found, "aware"), _sum(found, "respondents")) for owner, found in grouped.items()}


def brand_awareness_lift(facts: Facts, period: Period, mode: str) -> dict[str, Figure]:
    """Rule: "aware share this quarter ÷ previous − 1 (`relative` or `points`)".

    Both are kept as one exact fraction: numerator a1·r0 − a0·r1 over a0·r1 or r1·r0.
    """
    now, before = _aware(facts, period.quarter), _aware(facts, period.plus(-3).quarter)
    if not period.ends("quarter"):
        return dict.fromkeys(now, NOTHING)
    figures: dict[str, Figure] = {}
    for owner, (aware, asked) in now.items():
        aware_before, asked_before = before.get(owner, (0, 0))
        bottom = asked * asked_before if mode == "points" else aware_before * asked
        usable = asked > 0 and asked_before > 0 and bottom > 0
        figures[owner] = ratio(aware * asked_before - aware_before * asked, bottom) if usable else ratio(0, 0)
    return figures
