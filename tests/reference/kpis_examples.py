"""Small made-up facts for the tests of the KPI reference.

Belongs here: one employee, one month, one fact of each kind at a chosen moment. Does not belong
here: expectations.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.reference.kpis_base import SHANGHAI, Facts, Period
from tests.reference.kpis_values import figures_of
from tests.reference.scorecard_plan import ScorecardPlan

D = Decimal


def at(moment: str) -> datetime:
    """A moment in UTC, as the warehouse keeps it."""
    return datetime.fromisoformat(moment)


Tables = dict[str, list[dict[str, Any]]]
OCTOBER = Period(2026, 10)
NOON = at("2026-10-15T04:00")
LAST_MOMENT = at("2026-10-31T15:59:59")
NEXT_MONTH = at("2026-10-31T16:00")
AS_OF = at("2027-02-01")
EVER, NEVER = at("1900-01-01"), at("9999-12-31")


def local(moment: datetime) -> date:
    """Business date in Shanghai."""
    return moment.replace(tzinfo=UTC).astimezone(SHANGHAI).date()


def assignment(employee_id: str = "E1", **given: Any) -> dict[str, Any]:
    """A role through all of 2026."""
    return {
        "employee_id": employee_id,
        "department": "marketing",
        "position": "",
        "team_id": "T1",
        "bonus_base": D(5000),
        "currency": "CNY",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(9999, 12, 31),
    } | given


def facts_of(tables: Tables, *plans: ScorecardPlan, **given: Any) -> Facts:
    """Facts of one marketing employee E1 in October 2026."""
    settings: dict[str, Any] = {"as_of": AS_OF, "periods": (OCTOBER,), "plans": plans} | given
    return Facts(tables={"int_assignments": [assignment()]} | tables, **settings)


def figure_row(kpi_id: str, tables: Tables, period: Period = OCTOBER, **given: Any) -> tuple[Any, ...]:
    """Numerator, denominator, value and reason of one KPI of E1."""
    figure = figures_of(facts_of(tables, **given), period)["E1", kpi_id]
    return figure.numerator, figure.denominator, figure.value, figure.reason


def ad(moment: datetime, **given: Any) -> Tables:
    """One day of one campaign."""
    row = {"platform": "P", "campaign_id": "C", "date": local(moment), "cost": D(100), "currency": "CNY"}
    numbers = {"impressions": 1000, "clicks": 20, "conversions": 5}
    owner = {"platform": "P", "campaign_id": "C", "owner_employee_id": "E1"}
    return {"ad_daily": [row | numbers | given], "campaigns": [owner]}


def ad_deal(moment: datetime, **given: Any) -> Tables:
    """A marketing deal of 500.00 from a lead of the campaign, signed at a moment."""
    deal = {"deal_id": "D1", "customer_key": "K1", "signed_at": moment, "is_creditable": True}
    deal |= {"owner_employee_id": "E2", "status": "signed"}
    lead = {"lead_id": "L1", "platform": "P", "campaign_id": "C", "created_at": at("2026-09-01")}
    return {
        "int_deals": [deal | given],
        "fct_deal_sources": [{"deal_id": "D1", "source": "marketing"}],
        "leads": [lead | {"owner_employee_id": "E1"}],
        "int_touches": [{"deal_id": "D1", "lead_id": "L1", "created_at": at("2026-09-01")}],
        "int_measures_deal": [{"deal_id": "D1", "measure_date": local(moment), "amount": D(500)}],
    }


def measure(name: str, value: str, period: str = "2026-10") -> Tables:
    """One published measure of E1."""
    row = {"employee_id": "E1", "period": period, "measure": name, "value": D(value)}
    return {"fct_measures": [row]}


def customer(customer_id: str = "K1", **given: Any) -> dict[str, Any]:
    """A complete customer record of the first delivery."""
    return {
        "customer_id": customer_id,
        "load_seq": 1,
        "line": 2,
        "name": "Ada",
        "customer_type": "company",
        "phone": "+8613800000000",
        "contact_name": "Li",
        "preference": "tea",
        "created_at": at("2026-03-01"),
        "updated_at": None,
    } | given


def archive(*versions: dict[str, Any], **given: Any) -> Tables:
    """Customers owned by E1 for ever."""
    ids = sorted({row["customer_id"] for row in versions})
    owned = {"owner_employee_id": "E1", "valid_from": EVER, "valid_to": NEVER} | given
    return {
        "customer_versions": list(versions),
        "int_customers_resolved": [
            {"source": "customers", "record_id": name, "customer_key": name} for name in ids
        ],
        "int_ownership": [{"customer_key": name, **owned} for name in ids],
    }


def check(moment: datetime, **given: Any) -> Tables:
    """One audited field of a customer of E1."""
    row = {"check_id": "A1", "customer_id": "K1", "is_correct": True, "checked_at": moment}
    return archive(customer()) | {"archive_checks": [row | given]}


def visit(moment: datetime, **given: Any) -> Tables:
    """A valid lead of E1 with a visit."""
    lead = {"lead_id": "L1", "owner_employee_id": "E1", "created_at": at("2026-09-01")}
    event = {"event_id": "V1", "stage": "visited", "lead_id": "L1", "customer_id": None}
    return {
        "leads": [lead],
        "fct_lead_validity": [lead | {"customer_key": "K1", "is_valid": True} | given],
        "journey_events": [event | {"occurred_at": moment, "deal_id": None, "employee_id": None}],
        "int_customers_resolved": [{"source": "leads", "record_id": "L1", "customer_key": "K1"}],
    }


def movement(kind: str, amount: str, day: date, **given: Any) -> dict[str, Any]:
    """A movement of material M of E1."""
    row = {"material_id": "M", "owner_employee_id": "E1", "kind": kind, "amount": D(amount), "moved_on": day}
    return row | given


def competitor(moment: datetime, hours: float | None = 3.0, **given: Any) -> dict[str, Any]:
    """A competitor event reported so many hours later with all four parts."""
    parts = dict.fromkeys(("has_features", "has_target_users", "has_impact", "has_advice"), True)
    reported = None if hours is None else moment + timedelta(hours=hours)
    return {"employee_id": "E1", "discovered_at": moment, "reported_at": reported} | parts | given


Maker = Callable[[datetime], Tables]
ONE_FACT: dict[str, Maker] = {
    "impressions": ad,
    "ad_conversion_rate": ad,
    "click_through_rate": ad,
    "ad_roas": ad,
    "customer_acquisition_cost": lambda when: ad(NOON) | ad_deal(when),
    "product_inputs": lambda when: {
        "product_inputs": [{"employee_id": "E1", "submitted_at": when, "adopted_at": None}]
    },
    "product_input_adoption": lambda when: {
        "product_inputs": [{"employee_id": "E1", "submitted_at": when, "adopted_at": when}]
    },
    "lead_conversion": visit,
    "transfer_rate": ad_deal,
    "archive_accuracy": check,
    "material_request_hours": lambda when: {
        "material_requests": [{"handler_employee_id": "E1", "requested_at": NOON, "issued_at": when}]
    },
    "competitor_response": lambda when: {"competitor_events": [competitor(when)]},
    "rectification_rate": lambda when: {
        "policy_violations": [{"employee_id": "E1", "occurred_on": local(when), "rectified_on": None}]
    },
    "complaint_handling": lambda when: {
        "complaints": [{"employee_id": "E1", "opened_at": when, "due_at": None, "handled_at": None}]
    },
    "service_rating": lambda when: {
        "service_ratings": [{"employee_id": "E1", "rated_at": when, "rating": D(9)}]
    },
}
"""KPIs of one dated fact each: a table set with that one fact of E1."""
