"""Made-up companies: people, customers and the stories of their leads, deals and money.

Belongs here: rows of the import templates as they are after a clean import. Does not belong here:
people (``people``), plans (``random_plans``), whole cases (``factories``), dirty rows (``deliveries``).

Alphabets are small on purpose, so that identifiers collide, times tie and shares leave remainders.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.support.people import ALIASES, People
from tests.support.random_plans import LEAD_TYPES, MEASURES
from tests.support.rng import FAR, NEAR, Rng

Row = dict[str, Any]
D = Decimal

AMOUNTS = [
    *("0.01", "0.02", "0.03", "1.00", "33.33", "99.99", "100.00", "100.01", "333.33", "999.99", "1000.00"),
    *("1000.01", "1234.56", "3000.01", "5000.00", "12345.67", "0.00"),
]
NAMES = ["Acme Co., Ltd.", "ACME", "acme inc", "北京华信有限公司", "北京华信", "Zhang San", "公司", "A-1"]
PHONES = [None, None, None, "13800138000", "+86 138 0013 8000", "13900139000", "12345", "010-62345678"]
CODES = [None, None, None, "91110000600037341L", "91110000600037341l", "000000", "91310000MA1FL0LQ5X"]
TYPES = [None, "company", "company", "individual", "Individual", "vip"]
SHARES: dict[str, list[str]] = {
    "none": [],
    "half": ["0.5", "0.5"],
    "third": ["0.333333333333", "0.333333333333", "0.333333333334"],
    "odd": ["0.7", "0.2", "0.1", "0"],
    "short": ["0.333333", "0.333333", "0.333333"],
    "one": ["1"],
    "over": ["0.6", "0.6"],
}
SPLITS = {
    "closing": ["none"] * 7 + ["half", "half", "third", "third", "odd", "short", "one", "over"],
    "collaboration": ["none"] * 12 + ["half", "third", "short"],
}


class Story:
    """Collects the rows of one company.

    Args:
        rng: source of chance.
        year: the year in which most of it happens.
        employees: number of employees.
    """

    def __init__(self, rng: Rng, year: int, employees: int) -> None:
        self.rng = rng
        self.year = year
        people = People(rng, year, employees)
        self.rows: dict[str, list[Row]] = {
            name: []
            for name in (
                *("customers", "leads", "journey_events", "activities", "ownership_changes", "deals"),
                *("deal_splits", "transactions", "targets", "fx_rates", "resolutions", "adjustments"),
            )
        } | people.rows
        self._known = [row["employee_id"] for row in people.rows["employees"]]

    def _id(self, prefix: str, entity: str) -> str:
        """Ids whose order as text differs from the order of the rows."""
        return f"{prefix}{self.rng.one('', '', 'a', 'B')}{len(self.rows[entity])}"

    def _employee(self) -> str:
        """An employee as a file names him: mostly by his id."""
        return self.rng.of(ALIASES) if self.rng.once_in(10) else self.rng.of(self._known)

    def _involved(self, customer: str) -> str:
        """Mostly somebody who has had to do with a customer."""
        found = [
            row["owner_employee_id"] for row in self.rows["leads"][-6:] if row["customer_id"] == customer
        ]
        found += [
            row["owner_employee_id"] for row in self.rows["deals"][-6:] if row["customer_id"] == customer
        ]
        found += [row["to_employee_id"] for row in self.rows["ownership_changes"][-3:]]
        return self.rng.of(found) if found and not self.rng.once_in(3) else self._employee()

    def customers(self, count: int) -> None:
        """Customer records."""
        rng = self.rng
        ids = [f"C{number}" for number in range(count)]
        for customer_id in ids:
            self.rows["customers"].append(
                {
                    "customer_id": customer_id,
                    "name": rng.of(NAMES) if rng.once_in(5) else f"Firm {customer_id}",
                    "customer_type": rng.of(TYPES),
                    "unified_credit_code": rng.of(CODES) if rng.once_in(4) else None,
                    "phone": rng.of(PHONES) if rng.once_in(3) else None,
                    "owner_employee_id": self._employee() if rng.once_in(2) else None,
                    "referred_by_customer_id": rng.one(None, None, rng.of(ids), "C-unknown"),
                    "created_at": rng.moment(rng.anchor(self.year - rng.one(0, 1))),
                }
            )

    def customer_story(self) -> None:
        """A few events around one day with one customer."""
        rng = self.rng
        customer = rng.of(self.rows["customers"])["customer_id"]
        day = rng.anchor(self.year - rng.one(0, 0, 0, 0, 1))
        for _ in range(rng.one(0, 1, 1, 2, 3, 5)):
            lead = self._lead(customer, rng.after(day))
            day = max(day, lead["created_at"].date())
        for _ in range(rng.one(0, 0, 1, 1, 2)):
            self._change(customer, rng.around(day))
        for _ in range(rng.one(0, 0, 1, 2, 4, 6)):
            self._activity(customer, rng.around(day))
        for _ in range(rng.one(0, 1, 1, 1, 2)):
            self._deal(customer, rng.after(day, rng.one(NEAR, FAR)))

    def _lead(self, customer: str, day: date) -> Row:
        rng = self.rng
        row = {
            "lead_id": self._id("L", "leads"),
            "customer_id": rng.one(customer, customer, customer, customer, None, "C-unknown"),
            "company_name": rng.of(NAMES) if rng.once_in(3) else None,
            "phone": rng.of(PHONES) if rng.once_in(3) else None,
            "email": rng.one(None, None, "a@b.cn", "no mail"),
            "wecom_id": rng.one("wm1", "wm1", "wm1", None, "-bad id"),
            "customer_type": rng.of(TYPES),
            "lead_type": rng.one(None, *LEAD_TYPES),
            "channel": rng.one(None, "ads", "ads", "fair", "web"),
            "owner_employee_id": self._employee(),
            "created_at": rng.moment(day),
            "review_status": rng.one(None, None, None, "accepted", "accepted", "rejected"),
            "reviewed_at": rng.one(None, rng.moment(rng.after(day))),
        }
        self.rows["leads"].append(row)
        for _ in range(rng.one(0, 1, 1, 2)):
            self._event(row, day)
        return row

    def _event(self, lead: Row, day: date) -> None:
        rng = self.rng
        named: Row = {"lead_id": lead["lead_id"]}
        if rng.once_in(2):
            named = {
                "customer_id": lead["customer_id"] or "C0",
                "lead_id": rng.one(None, None, lead["lead_id"]),
            }
        moment = lead["created_at"] if rng.once_in(3) else rng.moment(rng.around(day))
        self.rows["journey_events"].append(
            {
                "event_id": self._id("V", "journey_events"),
                "stage": rng.one("visited", "visited", "visited", "received"),
                "occurred_at": moment,
            }
            | named
        )

    def _change(self, customer: str, day: date) -> None:
        rng = self.rng
        self.rows["ownership_changes"].append(
            {
                "change_id": self._id("H", "ownership_changes"),
                "customer_id": customer,
                "from_employee_id": rng.one(None, self._employee(), self._employee()),
                "to_employee_id": self._employee(),
                "changed_at": rng.moment(day),
                "reason": rng.one("region", "region", None),
            }
        )

    def _moment(self, customer: str, day: date) -> datetime:
        """A moment on a day, or exactly that of another event of the customer."""
        rng = self.rng
        rows = [row["created_at"] for row in self.rows["leads"] if row["customer_id"] == customer]
        rows += [
            row["changed_at"] for row in self.rows["ownership_changes"] if row["customer_id"] == customer
        ]
        return rng.of(rows) if rows and rng.once_in(6) else rng.moment(day)

    def _activity(self, customer: str, day: date) -> None:
        rng = self.rng
        deals = [row["deal_id"] for row in self.rows["deals"][-3:]]
        self.rows["activities"].append(
            {
                "activity_id": self._id("A", "activities"),
                "customer_id": customer,
                "employee_id": self._involved(customer),
                "kind": rng.one("call", "visit", "meeting", "message", "demo", "other"),
                "started_at": self._moment(customer, day),
                "minutes": rng.one(None, D("0"), D("5.00"), D("29.99"), D("30.00"), D("60")),
                "deal_id": rng.one(None, None, *deals),
            }
        )

    def _deal(self, customer: str, day: date) -> None:
        rng = self.rng
        row: Row = {
            "deal_id": self._id("D", "deals"),
            "customer_id": "C-unknown" if rng.once_in(15) else customer,
            "owner_employee_id": rng.one(self._employee(), self._involved(customer)),
            "amount": D(rng.of(AMOUNTS)),
            "currency": rng.one("CNY", "CNY", "CNY", "CNY", "CNY", "CNY", "USD", "EUR"),
            "units": rng.one(None, D("1"), D("2.5")),
            "signed_at": self._moment(customer, day),
            "status": rng.one("signed", "signed", "signed", "signed", "signed", "cancelled"),
            "claimed_source": rng.one(None, "self_sourced", "Self-Sourced", "marketing"),
            "referrer_customer_id": rng.one(None, None, None, "C0", "C1", "C-unknown", customer),
        }
        self.rows["deals"].append(row)
        for pool, choices in SPLITS.items():
            self._splits(row["deal_id"], pool, SHARES[rng.of(choices)])
        for _ in range(rng.one(0, 0, 1, 2, 4)):
            self._transaction(row, day)

    def _splits(self, deal_id: str, pool: str, shares: list[str]) -> None:
        """Split rows; the key of one is deal, pool and employee as written."""
        named = {self._employee() for _ in shares}
        for employee, share in zip(sorted(named), shares, strict=False):
            row = {"deal_id": deal_id, "pool": pool, "employee_id": employee, "share": D(share)}
            self.rows["deal_splits"].append(row)

    def _transaction(self, deal: Row, day: date) -> None:
        rng = self.rng
        amount = deal["amount"]
        part = rng.one(amount, amount, (amount / 2).quantize(D("0.01")), D("0.01"), amount * 2, D("33.33"))
        steps = [*NEAR, 45, 75]
        self.rows["transactions"].append(
            {
                "transaction_id": self._id("T", "transactions"),
                "deal_id": "D-unknown" if rng.once_in(30) else deal["deal_id"],
                "kind": rng.one("invoice", "payment", "refund", "refund", "cancellation"),
                "amount": part * rng.one(1, 1, 1, -1),
                "currency": rng.one("CNY", "USD") if rng.once_in(8) else deal["currency"],
                "occurred_at": rng.moment(
                    rng.around(day, steps) if rng.once_in(4) else rng.after(day, steps)
                ),
            }
        )

    def money_matters(self) -> None:
        """Targets, rates of exchange, decisions on transfers, adjustments."""
        rng = self.rng
        self._targets()
        for currency in ("USD", "EUR"):
            for day in {rng.anchor(self.year - rng.one(0, 1)) for _ in range(rng.upto(3))}:
                rate = rng.one(D("7.1"), D("6.66666667"), D("0.00000001"))
                self.rows["fx_rates"].append({"currency": currency, "date": day, "rate_to_base": rate})
        for change in self.rows["ownership_changes"]:
            for _ in range(rng.one(0, 0, 0, 1, 1, 2)):
                day = rng.after(change["changed_at"].date(), [*NEAR, 60, 120])
                self._resolution("transfer", change["change_id"], rng.moment(day))
        for _ in range(rng.upto(4)):
            self._adjustment()

    def _targets(self) -> None:
        rng = self.rng
        periods = [str(self.year), f"{self.year}-Q1", *(f"{self.year}-{month:02d}" for month in range(1, 7))]
        keys = {
            (employee, kpi, period)
            for employee in self._known
            for kpi in rng.several(MEASURES[:6], most=4)
            for period in rng.several(periods, most=4)
        }
        for employee, kpi, period in sorted(keys):
            target = rng.one(D("1000"), D("0"), D("5"), D("0.1"), D("333.333333"))
            row = {"employee_id": employee, "kpi_id": kpi, "period": period, "target": target}
            self.rows["targets"].append(row)

    def _resolution(self, subject: str, subject_id: str, moment: datetime) -> None:
        rng = self.rng
        self.rows["resolutions"].append(
            {
                "resolution_id": self._id("R", "resolutions"),
                "subject": subject,
                "subject_id": subject_id,
                "decision": rng.one("release", "reassign", "reject", "accept"),
                "to_employee_id": rng.one(None, self._employee(), self._employee()),
                "reason": "checked",
                "decided_by": "hr",
                "decided_at": moment,
            }
        )

    def _adjustment(self) -> None:
        rng = self.rng
        self.rows["adjustments"].append(
            {
                "adjustment_id": self._id("J", "adjustments"),
                "employee_id": self._employee(),
                "period": rng.one(
                    f"{self.year}-03", f"{self.year}-05", f"{self.year}-12", f"{self.year - 2}-11"
                ),
                "amount": rng.one(D("-500.00"), D("100.00"), D("0.01")),
                "currency": rng.one("CNY", "CNY", "USD"),
                "reason": "corrected",
                "author": "E1",
                "approver": "boss",
            }
        )
