"""Short ways to write a made-up company in tests.

Belongs here: builders of template rows with harmless defaults. Does not belong here: rules, checks.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference.company import Company
from tests.reference.money import half_up
from tests.reference.plan_defaults import fill_component, fill_plan
from tests.reference.rate_tables import bounds, earned
from tests.reference.templates import Row

ZONE = ZoneInfo("Asia/Shanghai")
SALES_RATES = {"marketing": "0.02", "self_sourced": "0.05", "referral": "0.02", "repurchase": "0.02"}
TIERS: list[Row] = [
    {"up_to": 1000, "rate": "0.01"},
    {"up_to": 3000, "rate": "0.02"},
    {"up_to": 8000, "rate": "0.03"},
    {"up_to": None, "rate": "0.05"},
]


def at(text: str) -> datetime:
    """Naive UTC moment of a local day or time: ``2026-01-05`` (noon) or ``2026-01-05T09:30``."""
    text = text if "T" in text else f"{text}T12:00"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC).replace(tzinfo=None)


def plan(*components: Row, departments: tuple[str, ...] = ("marketing", "sales"), **head: Any) -> Row:
    """A plan in force from 2026 on, with defaults filled in; ``written`` is what a plan file would say."""
    written = {
        "plan_id": "plan",
        "valid_from": date(2026, 1, 1),
        "applies_to": {"departments": list(departments)},
        "crediting": {},
        "components": list(components),
        **head,
    }
    return fill_plan(written) | {"written": written}


def commission(pool: str, rates: dict[str, str] | None = None, **more: Any) -> Row:
    """A commission component."""
    return {"type": "commission", "pool": pool, "rates": rates, **more}


ORIGINATION = commission("origination", {"marketing": "0.04"})
CLOSING = commission("closing", SALES_RATES)


def table(tiers: list[Row], **setting: str) -> Row:
    """A rate table with its defaults."""
    component = {"type": "commission", "pool": "closing", "rate_table": {"tiers": tiers, **setting}}
    found: Row = fill_component(component)["rate_table"]
    return found


def pays(setting: Row, total: str, quota: str | None = None) -> Decimal:
    """What a rate table pays on a total."""
    limits = bounds(setting, Decimal(quota) if quota else None)
    return half_up(earned(setting, Fraction(total), limits), 2)


def tabled(interval: str, **more: object) -> Row:
    """Self-sourced closing on the vendor's tiers."""
    rate_table = {"sources": ["self_sourced"], "interval": interval, "tiers": TIERS, **more}
    return commission("closing", None, id="table", rate_table=rate_table)


class Builder:
    """Collects rows of one company."""

    def __init__(self, *plans: Row, as_of: str = "2026-12-31T23:00") -> None:
        self.company = Company(as_of=at(as_of), plans=list(plans))
        self._count = 0

    def _id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count:04d}"

    def employee(self, employee_id: str, department: str = "sales", **more: Any) -> str:
        """Someone employed since 2024."""
        row = {"employee_id": employee_id, "name": employee_id, "department": department, "currency": "CNY"}
        self.company.employees.append(row | {"hire_date": date(2024, 1, 1), "team_id": None} | more)
        return employee_id

    def customer(self, customer_id: str | None = None, **more: Any) -> str:
        """A customer of its own, owned by nobody."""
        customer_id = customer_id or self._id("C")
        row = {"customer_id": customer_id, "name": f"Customer {customer_id}", "created_at": at("2025-01-01")}
        self.company.customers.append(row | more)
        return customer_id

    def lead(self, customer_id: str, owner: str, day: str, **more: Any) -> str:
        """A well-formed lead."""
        lead_id: str = more.pop("lead_id", None) or self._id("L")
        row = {"lead_id": lead_id, "customer_id": customer_id, "wecom_id": "wm1", "owner_employee_id": owner}
        self.company.leads.append(row | {"created_at": at(day)} | more)
        return lead_id

    def deal(self, owner: str, amount: str, day: str, customer_id: str | None = None, **more: Any) -> str:
        """A signed deal, of a new customer unless one is named."""
        deal_id: str = more.pop("deal_id", None) or self._id("D")
        row = {
            "deal_id": deal_id,
            "customer_id": customer_id or self.customer(),
            "owner_employee_id": owner,
            "amount": Decimal(amount),
            "currency": "CNY",
            "signed_at": at(day),
            "status": "signed",
        }
        self.company.deals.append(row | more)
        return deal_id

    def transaction(self, deal_id: str, kind: str, amount: str, day: str, **more: Any) -> str:
        """A transaction of a deal."""
        transaction_id: str = more.pop("transaction_id", None) or self._id("T")
        row = {"transaction_id": transaction_id, "deal_id": deal_id, "kind": kind, "currency": "CNY"}
        self.company.transactions.append(row | {"amount": Decimal(amount), "occurred_at": at(day)} | more)
        return transaction_id

    def split(self, deal_id: str, pool: str = "closing", **shares: str) -> None:
        """Split rows of a deal."""
        for employee_id, share in shares.items():
            self.company.deal_splits.append(
                {"deal_id": deal_id, "pool": pool, "employee_id": employee_id, "share": Decimal(share)}
            )

    def activity(self, employee: str, customer_id: str, day: str, **more: Any) -> None:
        """A call of ten minutes."""
        row = {
            "activity_id": self._id("A"),
            "customer_id": customer_id,
            "employee_id": employee,
            "kind": "call",
        }
        self.company.activities.append(row | {"started_at": at(day), "minutes": Decimal(10)} | more)

    def visit(self, day: str, **names: str) -> None:
        """A `visited` event of a lead_id or customer_id."""
        row = {"event_id": self._id("E"), "stage": "visited", "occurred_at": at(day)}
        self.company.journey_events.append(row | names)

    def transfer(
        self,
        customer_id: str,
        giver: str | None,
        receiver: str,
        day: str,
        reason: str | None = "region",
        **more: Any,
    ) -> str:
        """An ownership change."""
        change_id: str = more.pop("change_id", None) or self._id("H")
        self.company.ownership_changes.append(
            {
                "change_id": change_id,
                "customer_id": customer_id,
                "from_employee_id": giver,
                "to_employee_id": receiver,
                "changed_at": at(day),
                "reason": reason,
            }
        )
        return change_id

    def target(self, employee: str, kpi: str, period: str, target: str) -> None:
        """A target row."""
        row = {"employee_id": employee, "kpi_id": kpi, "period": period, "target": Decimal(target)}
        self.company.targets.append(row)

    def resolution(
        self, subject: str, subject_id: str, decision: str, day: str, to: str | None = None
    ) -> None:
        """A decision on a held line or transfer."""
        self.company.resolutions.append(
            {
                "resolution_id": self._id("R"),
                "subject": subject,
                "subject_id": subject_id,
                "decision": decision,
                "to_employee_id": to,
                "reason": "checked",
                "decided_by": "hr",
                "decided_at": at(day),
            }
        )


def lines_of(marts: dict[str, list[Row]], **wanted: Any) -> list[Row]:
    """Payout lines with some column values, in order of month, deal, transaction and month of origin."""
    found = [
        row
        for row in marts["fct_payout_lines"]
        if all(row[column] == value for column, value in wanted.items())
    ]
    order = ("period", "deal_id", "transaction_id", "origin_period")
    return sorted(found, key=lambda row: [row[column] or "" for column in order])


def amounts(marts: dict[str, list[Row]], **wanted: Any) -> list[Decimal]:
    """Amounts of those lines."""
    return [row["amount"] for row in lines_of(marts, **wanted)]
