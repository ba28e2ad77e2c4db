"""KPIs of sales (rulebook 8): attainments of targets, measures, visits, conversion, transfers.

Belongs here: KPIs that read published measures, deals and leads. Does not belong here: how the
measures are computed (sections 3 to 7).
"""

from __future__ import annotations

from datetime import datetime
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
from tests.reference.scorecard_plan import plan_of, segments


def target_of(facts: Facts, employee_id: str, period_name: str, *kpi_ids: str) -> Decimal | None:
    """The first `targets` row of an employee, period and one of the ids."""
    for kpi_id in kpi_ids:
        for row in facts.rows("targets"):
            if (row["employee_id"], row["kpi_id"], row["period"]) == (employee_id, kpi_id, period_name):
                return Decimal(row["target"])
    return None


def _for_days_in_role(
    facts: Facts, employee_id: str, period: Period, target: Decimal | None
) -> Fraction | None:
    """Reading 53: "rows of `targets` are for the whole period and are prorated by days in role".

    The role is the one of the plan whose scorecard settles the month (A10), every role without one.
    """
    if target is None:
        return None
    plan = plan_of(facts, employee_id, period)
    if plan is None:
        return Fraction(target) * facts.employed_days(employee_id, period) / period.days
    if not plan.prorates_targets:
        return Fraction(target)
    days = sum(segment.days for segment in segments(facts, plan, employee_id, period))
    return Fraction(target) * days / period.days


def _against_target(
    facts: Facts, period: Period, people: set[str], measure: str, kpi_ids: tuple[str, str]
) -> dict[str, Figure]:
    """Rule: "actual ÷ target": the `targets` row of the month, for the days in role, is the denominator."""
    actuals = facts.measure(period, measure)
    figures: dict[str, Figure] = {}
    for employee in people | set(actuals):
        actual = rounded(actuals.get(employee, 0), 6)
        target = _for_days_in_role(facts, employee, period, target_of(facts, employee, period.name, *kpi_ids))
        if target is None:
            figures[employee] = Figure(actual, None, "no_target", is_ratio=True)
        elif target <= 0:
            figures[employee] = Figure(actual, rounded(target, 6), "zero_target", is_ratio=True)
        else:
            figures[employee] = ratio(actual, target)
    return figures


def sales_amount_attainment(facts: Facts, period: Period, people: set[str]) -> dict[str, Figure]:
    """Rule: "actual ÷ target amount"; the 20 % of transferred deals is in the counted amount."""
    ids = ("sales_amount_attainment", "sales_amount")
    return _against_target(facts, period, people, "counted_sales_amount", ids)


def sales_volume_attainment(facts: Facts, period: Period, people: set[str]) -> dict[str, Figure]:
    """Rule: "actual ÷ target units"."""
    return _against_target(facts, period, people, "units", ("sales_volume_attainment", "units"))


def of_measure(facts: Facts, period: Period, measure: str) -> dict[str, Figure]:
    """A KPI that is a published measure of the month."""
    return {employee: total(value) for employee, value in facts.measure(period, measure).items()}


def new_customers(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "customers with their first signed deal", by quarter, "in the last month of the quarter only".

    The period of a quarterly KPI is its quarter: whoever has a fact in it has a row in each of its months.
    """
    sums: dict[str, Decimal] = {}
    for month in period.quarter_months:
        for employee, value in facts.measure(month, "new_customers").items():
            sums[employee] = sums.get(employee, Decimal(0)) + value
    if not period.ends("quarter"):
        return dict.fromkeys(sums, NOTHING)
    return {employee: total(value) for employee, value in sums.items()}


def first_visits(facts: Facts) -> dict[str, datetime]:
    """First `visited` event of each lead.

    "A visit event that names only the customer belongs to every lead of that customer created before it."
    """
    by_customer, by_lead = facts.customer_keys("customers"), facts.customer_keys("leads")
    visits: dict[str, datetime] = {}
    events = [
        row
        for row in facts.rows("journey_events")
        if row["stage"] == "visited" and row["occurred_at"] <= facts.as_of
    ]
    for lead in facts.rows("leads"):
        key = by_lead.get(lead["lead_id"])
        times = [
            event["occurred_at"]
            for event in events
            if event.get("lead_id") == lead["lead_id"]
            or (
                not event.get("lead_id")
                and key is not None
                and by_customer.get(event.get("customer_id") or "") == key
                and lead["created_at"] <= event["occurred_at"]
            )
        ]
        if times:
            visits[lead["lead_id"]] = min(times)
    return visits


def visit_cohort(facts: Facts, period: Period) -> list[Row]:
    """Valid leads whose first visit lies in the month ("Visits count in the month of the visit")."""
    visits = first_visits(facts)
    return [
        lead
        for lead in facts.rows("fct_lead_validity")
        if lead["is_valid"] and lead["lead_id"] in visits and facts.within(period, visits[lead["lead_id"]])
    ]


def lead_conversion(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "of those, signed"; "conversion is of that cohort, signed by the end of the period"."""
    figures: dict[str, Figure] = {}
    deals = [deal for deal in facts.rows("int_deals") if deal["is_creditable"]]
    for owner, leads in by_employee(visit_cohort(facts, period), "owner_employee_id").items():
        signed = [lead for lead in leads if any(_signs(facts, period, lead, deal) for deal in deals)]
        figures[owner] = ratio(len(signed), len(leads))
    return figures


def _signs(facts: Facts, period: Period, lead: Row, deal: Row) -> bool:
    """A deal of the lead's customer, after the lead, by the end of the month and the as-of time."""
    signed_at = deal["signed_at"]
    is_hers = deal["customer_key"] == lead["customer_key"] and signed_at >= lead["created_at"]
    return is_hers and signed_at <= facts.as_of and facts.day(signed_at) <= period.last


def transfer_rate(facts: Facts, period: Period) -> dict[str, Figure]:
    """Rule: "Transfer rate = deals given away ÷ (own deals + deals given away)"."""
    given: dict[str, int] = {}
    for row in facts.rows("fct_transfers"):
        if row["deal_id"] and facts.within(period, row["signed_at"]):
            giver = row["from_employee_id"] or UNRESOLVED
            given[giver] = given.get(giver, 0) + 1
    deals = [
        row
        for row in facts.rows("int_deals")
        if row["is_creditable"] and facts.within(period, row["signed_at"])
    ]
    own = {owner: len(rows) for owner, rows in by_employee(deals, "owner_employee_id").items()}
    return {
        employee: ratio(given.get(employee, 0), own.get(employee, 0) + given.get(employee, 0))
        for employee in {*given, *own}
    }
