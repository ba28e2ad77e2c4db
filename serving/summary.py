"""The figures of a run, month by month."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from serving.database import columns_of, open_readonly, require

if TYPE_CHECKING:
    import duckdb

# what was held and a true-up took back is held no more
_STILL_HELD = """
    with held as (
        select coalesce(corrects_line_id, line_id) as line_id, max(coalesce(reason, '')) as reason, currency,
            sum(amount) as amount, count(corrects_line_id) as corrections
        from marts.fct_payout_lines
        where status = 'held'
        group by 1, 3
    )
    select reason, currency, count(*), sum(amount)
    from held
    where not (corrections > 0 and amount = 0)
        and line_id not in (
            select settles_line_id from marts.fct_payout_lines where settles_line_id is not null
        )
    group by 1, 2
    order by sum(abs(amount)) desc, 1, 2
"""

Money = Mapping[str, Decimal]
"""Amounts by currency."""


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """One month.

    Attributes:
        employees_paid: Employees who are paid.
        deals: Deals signed in the month that count (cancelled ones only when a cancellation was delivered).
        signed: Their amounts, in their own currency.
        credits: Number of credits booked in the month.
        credited: Their earnings.
        earned: Gross less held, plus adjustments and true-ups.
        held: Lines held back.
        net: Payable; a negative net is carried forward and not counted here.
    """

    period: str
    employees_paid: int = 0
    deals: int = 0
    signed: Money = field(default_factory=dict)
    credits: int = 0
    credited: Money = field(default_factory=dict)
    earned: Money = field(default_factory=dict)
    held: Money = field(default_factory=dict)
    net: Money = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuarantineCount:
    """How many rows of a source table were rejected for a reason."""

    source_table: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class HeldCount:
    """What is held for the same reasons, and no later line settles.

    Attributes:
        reason: Reasons of the lines, joined by `;`.
        currency: Of the amount.
        lines: Number of lines.
        amount: Their sum.
    """

    reason: str
    currency: str
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RunSummary:
    """All months, and what belongs to no month.

    Attributes:
        employees: Employees known.
        employees_paid: Employees who are paid in any month.
        lines: Number of payout lines.
        quarantined: Rejected rows by source table and reason.
        held: Lines that are still held by reason, the most money first.
    """

    months: tuple[MonthSummary, ...]
    employees: int
    employees_paid: int
    lines: int
    quarantined: tuple[QuarantineCount, ...]
    held: tuple[HeldCount, ...]

    @property
    def rows_quarantined(self) -> int:
        """All rejected rows."""
        return sum(count.rows for count in self.quarantined)

    def total(self, figure: str) -> dict[str, Decimal]:
        """Sum over the months of `signed`, `credited`, `earned`, `held` or `net`, by currency."""
        sums: dict[str, Decimal] = {}
        for month in self.months:
            amounts: Money = getattr(month, figure)
            for currency, amount in amounts.items():
                sums[currency] = sums.get(currency, Decimal(0)) + amount
        return sums


def run_summary(database: Path) -> RunSummary:
    """Summarise the marts of the warehouse or of a published snapshot.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it lacks one of the marts.
    """
    with open_readonly(database) as connection:
        require(
            connection,
            database,
            *(
                "dim_employee",
                "fct_deal_sources",
                "fct_credits",
                "fct_payout_lines",
                "fct_payouts",
                "quarantine",
            ),
        )
        counts = _counts(connection)
        amounts = _amounts(connection)
        periods = sorted({period for period, _ in (*counts, *amounts)})
        quarantined = connection.execute(
            "select coalesce(source_table, ''), coalesce(reason, ''), count(*) from marts.quarantine "
            "group by 1, 2 order by 1, 2"
        ).fetchall()
        return RunSummary(
            months=tuple(_month(period, counts, amounts) for period in periods),
            employees=_number(connection, "select count(distinct employee_id) from marts.dim_employee"),
            employees_paid=_number(
                connection, "select count(distinct employee_id) from marts.fct_payouts where payable > 0"
            ),
            lines=_number(connection, "select count(*) from marts.fct_payout_lines"),
            quarantined=tuple(QuarantineCount(*row) for row in quarantined),
            held=tuple(HeldCount(*row) for row in connection.execute(_STILL_HELD).fetchall()),
        )


Counts = Mapping[tuple[str, str], int]
Amounts = Mapping[tuple[str, str], dict[str, Decimal]]


def _counts(connection: "duckdb.DuckDBPyConnection") -> Counts:
    rows = connection.execute(f"""
        select period, 'employees_paid', count(distinct employee_id) from marts.fct_payouts where payable > 0 group by 1
        union all
        select period, 'deals', count(*) from marts.fct_deal_sources where {_counted(connection)} group by 1
        union all
        select period, 'credits', count(*) from marts.fct_credits group by 1
    """).fetchall()
    return {(period, name): int(number) for period, name, number in rows}


def _amounts(connection: "duckdb.DuckDBPyConnection") -> Amounts:
    rows = connection.execute(f"""
        select period, currency, 'signed', sum(amount) from marts.fct_deal_sources
        where {_counted(connection)} group by 1, 2
        union all
        select period, currency, 'credited', sum(earning_amount) from marts.fct_credits group by 1, 2
        union all
        select period, currency, 'earned', sum(gross - held + adjustments + true_ups)
        from marts.fct_payouts group by 1, 2
        union all
        select period, currency, 'held', sum(held) from marts.fct_payouts group by 1, 2
        union all
        select period, currency, 'net', sum(payable) from marts.fct_payouts group by 1, 2
        order by 1, 2, 3
    """).fetchall()
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for period, currency, name, amount in rows:
        found.setdefault((period, name), {})[currency] = amount
    return found


def _counted(connection: "duckdb.DuckDBPyConnection") -> str:
    has_flag = "is_creditable" in columns_of(connection, "marts", "fct_deal_sources")
    return "is_creditable" if has_flag else "true"


def _month(period: str, counts: Counts, amounts: Amounts) -> MonthSummary:
    return MonthSummary(
        period=period,
        employees_paid=counts.get((period, "employees_paid"), 0),
        deals=counts.get((period, "deals"), 0),
        signed=amounts.get((period, "signed"), {}),
        credits=counts.get((period, "credits"), 0),
        credited=amounts.get((period, "credited"), {}),
        earned=amounts.get((period, "earned"), {}),
        held=amounts.get((period, "held"), {}),
        net=amounts.get((period, "net"), {}),
    )


def _number(connection: "duckdb.DuckDBPyConnection", query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
