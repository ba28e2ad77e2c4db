"""The company with everything derived from it, computed on demand.

Belongs here: wiring of the rule modules and lookups that many rules share. Does not belong here:
the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference import identity, ownership, quarantine
from tests.reference.attribution_fit import Fits
from tests.reference.company import Company
from tests.reference.contradictions import without_contradictions
from tests.reference.deals import BareDeal, Deal, bare, classified
from tests.reference.leads import Lead, judged
from tests.reference.months import months, period_of
from tests.reference.people import People
from tests.reference.plan_book import PlanBook
from tests.reference.templates import Row
from tests.reference.transfers import Paired, Transfer, paired, transfers

#: when a fact of each template happened; what lies after the as-of time is not known to the calculation (R1)
FACT_MOMENTS = {
    "leads": "created_at",
    "deals": "signed_at",
    "transactions": "occurred_at",
    "activities": "started_at",
    "journey_events": "occurred_at",
    "ownership_changes": "changed_at",
    "archive_checks": "checked_at",
    "ad_daily": "date",
    "brand_surveys": "surveyed_on",
    "product_inputs": "submitted_at",
    "competitor_events": "discovered_at",
    "policy_violations": "occurred_on",
    "material_movements": "moved_on",
    "material_requests": "requested_at",
    "complaints": "opened_at",
    "service_ratings": "rated_at",
    "course_results": "completed_at",
    "resolutions": "decided_at",
}
#: what a later stage of a fact says, by the moment of that stage
LATER_STAGES = {
    ("leads", "reviewed_at"): ("review_status", "review_reason"),
    ("product_inputs", "adopted_at"): (),
    ("competitor_events", "reported_at"): (),
    ("policy_violations", "rectified_on"): (),
    ("material_requests", "issued_at"): (),
    ("complaints", "handled_at"): (),
}
#: facts that open no month: courses and decisions are not business
NO_BUSINESS = ("course_results", "resolutions")


def happened(company: Company) -> Company:
    """The company without what has not happened by its as-of time (R1)."""

    today = company.as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(company.timezone)).date()

    def is_later(moment: datetime | date | None) -> bool:
        if isinstance(moment, datetime):
            return moment > company.as_of
        return moment is not None and moment > today

    rows: dict[str, Any] = {
        template: [row for row in company.rows(template) if not is_later(row.get(column))]
        for template, column in FACT_MOMENTS.items()
    }
    for (template, column), said in LATER_STAGES.items():
        nothing = dict.fromkeys((column, *said))
        rows[template] = [row | nothing if is_later(row.get(column)) else row for row in rows[template]]
    rows["quarantined"] = {
        template: [row for row in found if not is_later(row.get(FACT_MOMENTS.get(template, "")))]
        for template, found in company.quarantined.items()
    }
    cancelled = {row["deal_id"]: row for row in rows["transactions"] if row["kind"] == "cancellation"}
    to_come = {row["deal_id"] for row in company.transactions if row["kind"] == "cancellation"} - set(
        cancelled
    )
    rows["deals"] = [
        row | {"status": "signed"} if row["status"] == "cancelled" and row["deal_id"] in to_come else row
        for row in rows["deals"]
    ]
    return replace(company, **rows)


def _is_month(period: str) -> bool:
    """True for ``2026-10``, not for quarters and years."""
    return len(period) == 7 and "Q" not in period


class World:
    """A company, its people and plans, and the facts derived from them.

    Args:
        company: the delivered rows and plans.
        kpi_values: values of KPIs by (employee_id, kpi_id, period), for growth and tasks on KPIs; a
            month without an entry is missing.
    """

    def __init__(
        self, company: Company, kpi_values: Mapping[tuple[str, str, str], Decimal | None] | None = None
    ) -> None:
        self.company = company = without_contradictions(happened(company))
        self.kpi_values = dict(kpi_values or {})
        self.people = People(company)
        self.book = PlanBook(company.plans, self.people)
        self._zone = ZoneInfo(company.timezone)

    def day(self, moment: datetime) -> date:
        """Business date ("the date in the plan's `timezone`")."""
        return moment.replace(tzinfo=UTC).astimezone(self._zone).date()

    @cached_property
    def last_period(self) -> str:
        """Month of the as-of time, the last one computed."""
        return period_of(self.day(self.company.as_of))

    @cached_property
    def periods(self) -> list[str]:
        """Months computed: from the first business fact to the as-of time (R1)."""
        days = [self.last_period]
        for template in FACT_MOMENTS.keys() - set(NO_BUSINESS):
            for row in self.company.rows(template):
                value = row[FACT_MOMENTS[template]]
                days.append(period_of(self.day(value) if isinstance(value, datetime) else value))
        for template in ("adjustments", "kpi_observations"):
            days += [row["period"] for row in self.company.rows(template) if _is_month(row["period"])]
        return list(months(min(days), self.last_period))

    @cached_property
    def keys(self) -> dict[tuple[str, str], str]:
        """customer_key by record."""
        types = self.book.person_types()
        nobody = self.book.placeholder_names()
        return identity.customer_keys(self.company.customers, self.company.leads, types, nobody)

    def key_of(self, customer_id: str | None) -> str | None:
        """customer_key of a customer_id; an unknown one is its own key."""
        return self.keys.get(("customers", customer_id), customer_id) if customer_id else None

    @cached_property
    def customers(self) -> dict[str, Row]:
        """Customer records by id."""
        return {row["customer_id"]: row for row in self.company.customers}

    @cached_property
    def customer_types(self) -> dict[str, str]:
        """Customer type by key: first non-blank over customers by id, else over leads by id (R13)."""
        records = [("customers", row["customer_id"], row) for row in self.company.customers]
        records += [("leads", row["lead_id"], row) for row in self.company.leads]
        found: dict[str, str] = {}
        for kind, record_id, row in sorted(records, key=lambda record: record[:2]):
            name = (row.get("customer_type") or "").strip()
            if name:
                found.setdefault(self.keys[kind, record_id], name)
        return found

    @cached_property
    def activities(self) -> dict[str, list[Row]]:
        """Activities by customer_key in time, with the resolved employee."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.company.activities, key=lambda row: (row["started_at"], row["activity_id"])):
            employee = self.people.resolve(row["employee_id"])
            key = self.key_of(row["customer_id"])
            found[str(key)].append(row | {"employee_id": employee, "day": self.day(row["started_at"])})
        return found

    @cached_property
    def activities_by_employee(self) -> dict[tuple[str, str], list[Row]]:
        """Activities by employee and month."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for rows in self.activities.values():
            for row in rows:
                found[row["employee_id"], period_of(row["day"])].append(row)
        return found

    @cached_property
    def activities_of_deal(self) -> dict[str, list[Row]]:
        """Activities that name a deal."""
        found: dict[str, list[Row]] = defaultdict(list)
        for rows in self.activities.values():
            for row in rows:
                if row.get("deal_id"):
                    found[row["deal_id"]].append(row)
        return found

    @cached_property
    def ownership(self) -> dict[str, list[ownership.Owned]]:
        """Ownership intervals by customer_key."""
        return ownership.intervals(self)

    @cached_property
    def leads(self) -> list[Lead]:
        """Leads with their validity, in order of creation."""
        return judged(self)

    @cached_property
    def leads_by_key(self) -> dict[str, list[Lead]]:
        """Leads by customer_key, in order of creation."""
        found: dict[str, list[Lead]] = defaultdict(list)
        for lead in self.leads:
            found[lead.customer_key].append(lead)
        return found

    @cached_property
    def deals(self) -> list[Deal]:
        """Deals with their source, by (signed_at, deal_id)."""
        return classified(self)

    @cached_property
    def bare_deals_by_key(self) -> dict[str, list[BareDeal]]:
        """Deals by customer_key before classification, by (signed_at, deal_id)."""
        found: dict[str, list[BareDeal]] = defaultdict(list)
        for deal in bare(self):
            found[deal.customer_key].append(deal)
        return found

    @cached_property
    def transactions(self) -> dict[str, list[Row]]:
        """Transactions by deal."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.company.transactions:
            found[row["deal_id"]].append(row)
        return found

    @cached_property
    def splits(self) -> dict[tuple[str, str], list[Row]]:
        """Split rows by deal and pool."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.company.deal_splits:
            found[row["deal_id"], row["pool"]].append(row)
        return found

    @cached_property
    def transfers(self) -> list[Transfer]:
        """Ownership changes that are transfers, in time."""
        return transfers(self)

    @cached_property
    def paired(self) -> dict[str, Paired]:
        """Transfer evidence by deal (reading 19: one at most)."""
        return paired(self)

    @cached_property
    def held(self) -> quarantine.Held:
        """What rows in quarantine hold (reading 41)."""
        return quarantine.held(self)

    def counted_share(self, deal: Deal, employee: str) -> Fraction:
        """Share of a deal that counts for a closer: less for the receiver of a transfer (section 5)."""
        evidence = self.paired.get(deal.deal_id)
        if evidence is None or evidence.transfer.receiver != employee:
            return Fraction(1)
        return Fraction(1) if evidence.counted_share is None else Fraction(evidence.counted_share)

    @cached_property
    def fits(self) -> Fits:
        """Fitted channel weights of the data-driven models."""
        return Fits(self)

    def fx_rate(self, currency: str, day: date, base: str) -> Decimal | None:
        """Rate to the base currency, "latest rate on or before" the day (reading 7)."""
        if currency == base:
            return Decimal(1)
        rows = [r for r in self.company.fx_rates if r["currency"] == currency and r["date"] <= day]
        return max(rows, key=lambda row: row["date"])["rate_to_base"] if rows else None
