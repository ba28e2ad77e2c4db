"""Ground of the KPI reference: exact numbers, months, the facts that the rules look at.

Belongs here: rounding, calendar, grouping, the `Facts` that every rule reads. Does not belong
here: any rule of the rulebook beyond section 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
Number = int | Decimal | Fraction

UNRESOLVED = "UNRESOLVED"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rounded(value: Number, places: int) -> Decimal:
    """Round half away from zero ("Rounding is half away from zero everywhere")."""
    scaled = Fraction(value) * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    if 2 * rest >= scaled.denominator:
        whole += 1
    return Decimal(-whole if scaled < 0 else whole).scaleb(-places)


def exact_div(numerator: Number, denominator: Number, places: int) -> Decimal:
    """One exact division, rounded once."""
    return rounded(Fraction(numerator) / Fraction(denominator), places)


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month ("A period is a calendar month; quarters and years are unions of months")."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Period:
        """The month of a business date."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, name: str) -> Period:
        """The month of a name like 2026-10."""
        return cls(int(name[:4]), int(name[5:7]))

    @property
    def name(self) -> str:
        """Published name, 2026-10."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def quarter(self) -> str:
        """Published name of the quarter, 2026-Q4."""
        return f"{self.year:04d}-Q{(self.month + 2) // 3}"

    @property
    def quarter_months(self) -> list[Period]:
        """The three months of the quarter."""
        start = Period(self.year, 3 * ((self.month + 2) // 3) - 2)
        return [start, start.plus(1), start.plus(2)]

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return self.plus(1).first - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days."""
        return self.last.day

    def plus(self, months: int) -> Period:
        """The month so many months later."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    def contains(self, day: date | None) -> bool:
        """True for a day of this month."""
        return day is not None and self.first <= day <= self.last

    def ends(self, frequency: str) -> bool:
        """True when this is the month in which something of that frequency is scored."""
        return self.month % {"month": 1, "quarter": 3, "year": 12}[frequency] == 0


@dataclass(frozen=True)
class Crediting:
    """What KPIs and alerts read from the crediting policy of a day."""

    currency: str = "CNY"
    max_seconds: Mapping[str, int] = field(
        default_factory=lambda: {
            "visited": 72 * 3600,
            "received": 4 * 3600,
            "intent_registered": 14 * 86400,
            "contract_archived": 30 * 86400,
            "settled": 15 * 86400,
        }
    )
    lapse_seconds: int | None = 30 * 86400


def _default_crediting(_day: date) -> Crediting:
    return Crediting()


@dataclass(frozen=True)
class Facts:
    """Everything the rules read: canonical rows by name, upstream marts by name, plans, the as-of.

    Rows have the columns of the templates (contracts A) or marts (contracts B), typed: decimals,
    dates, naive UTC datetimes, employee ids resolved.
    """

    as_of: datetime
    periods: Sequence[Period]
    tables: Mapping[str, Sequence[Row]]
    plans: Sequence[Any] = ()
    timezone: ZoneInfo = SHANGHAI
    crediting: Callable[[date], Crediting] = _default_crediting
    default_archive_fields: tuple[str, ...] = ("name", "customer_type", "phone", "contact_name", "preference")

    def rows(self, name: str) -> Sequence[Row]:
        """Rows of a table; a table nobody delivered is empty."""
        return self.tables.get(name, ())

    def day(self, moment: datetime) -> date:
        """Business date: "the date in the plan's timezone"."""
        if moment.year in (1, 9999):
            return moment.date()
        return moment.replace(tzinfo=UTC).astimezone(self.timezone).date()

    def midnight(self, day: date) -> datetime:
        """First instant of a business day, naive UTC."""
        local = datetime.combine(day, time(), tzinfo=self.timezone)
        return local.astimezone(UTC).replace(tzinfo=None)

    @property
    def as_of_date(self) -> date:
        """Business date of the as-of time."""
        return self.day(self.as_of)

    def within(self, period: Period, moment: datetime | None) -> bool:
        """True when a moment lies in the month and has happened by the as-of time."""
        return moment is not None and moment <= self.as_of and period.contains(self.day(moment))

    def on(self, period: Period, day: date | None) -> bool:
        """True when a day lies in the month and is not after the as-of date."""
        return day is not None and day <= self.as_of_date and period.contains(day)

    def signed_by(self, deal: Row, last: date) -> bool:
        """True for a deal that is not cancelled and signed by a day (and by the as-of time)."""
        is_signed = deal["status"] == "signed" and deal["signed_at"] <= self.as_of
        return is_signed and self.day(deal["signed_at"]) <= last

    def employed(self, period: Period) -> set[str]:
        """Employees with at least one employed day in the month."""
        return {
            row["employee_id"]
            for row in self.rows("int_assignments")
            if row["valid_from"] <= period.last and row["valid_to"] > period.first
        }

    def employed_days(self, employee_id: str, period: Period) -> int:
        """Days of the month with any assignment."""
        return sum(
            max(0, (min(row["valid_to"], period.plus(1).first) - max(row["valid_from"], period.first)).days)
            for row in self.rows("int_assignments")
            if row["employee_id"] == employee_id
        )

    def last_assignment(self, employee_id: str, period: Period) -> Row | None:
        """The assignment with the greatest valid_from that overlaps the month."""
        found = [
            row
            for row in self.rows("int_assignments")
            if row["employee_id"] == employee_id
            and row["valid_from"] <= period.last
            and row["valid_to"] > period.first
        ]
        return max(found, key=lambda row: row["valid_from"], default=None)

    def customer_keys(self, source: str) -> dict[str, str]:
        """customer_key by record id of one source (customers or leads)."""
        return {
            row["record_id"]: row["customer_key"]
            for row in self.rows("int_customers_resolved")
            if row["source"] == source
        }

    def owner_at(self, customer_key: str | None, moment: datetime) -> str | None:
        """Owner of a customer at a moment."""
        for row in self.rows("int_ownership"):
            if row["customer_key"] == customer_key and row["valid_from"] <= moment < row["valid_to"]:
                return str(row["owner_employee_id"] or UNRESOLVED)
        return None

    def measure(self, period: Period, name: str) -> dict[str, Decimal]:
        """Published measure of a month by employee (teams left out)."""
        return {
            row["employee_id"]: row["value"]
            for row in self.rows("fct_measures")
            if row["period"] == period.name
            and row["measure"] == name
            and not row["employee_id"].startswith("team:")
        }


@dataclass(frozen=True)
class Figure:
    """Numerator, denominator and reason of one KPI of one employee and month.

    `denominator` is None for a sum. "Zero or missing denominator: the ratio is NULL with a reason,
    never infinite, never silently 0 or 100 %".
    """

    numerator: Decimal | None
    denominator: Decimal | None
    reason: str | None = None
    is_ratio: bool = False
    exact: Fraction | None = None

    @property
    def published(self) -> Fraction:
        """The ratio of the published figures, by which attainments can be checked; of a sum the sum."""
        assert self.numerator is not None
        return Fraction(self.numerator) / Fraction(
            self.denominator if self.is_ratio and self.denominator else 1
        )

    @property
    def value(self) -> Decimal | None:
        """The value at 6 places, NULL when it cannot be formed."""
        if self.numerator is None or self.reason in {"no_data", "no_target", "zero_target", "no_fx_rate"}:
            return None
        if not self.is_ratio:
            return self.numerator
        return rounded(self.published if self.exact is None else self.exact, 6)


NOTHING = Figure(None, None, "no_data")


def total(numerator: Number) -> Figure:
    """A sum: "an empty sum is 0"."""
    return Figure(rounded(numerator, 6), None)


def ratio(numerator: Number, denominator: Number, reason: str | None = None) -> Figure:
    """A ratio: "an empty ratio NULL with reason `no_data`"."""
    exact = Fraction(numerator) / Fraction(denominator) if denominator > 0 else None
    if exact is None:
        reason = "no_data"
    return Figure(rounded(numerator, 6), rounded(denominator, 6), reason, is_ratio=True, exact=exact)


def by_employee(rows: Iterable[Row], column: str = "employee_id") -> dict[str, list[Row]]:
    """Rows by employee; a missing employee is UNRESOLVED, so that nothing vanishes."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.get(column) or UNRESOLVED, []).append(row)
    return grouped
