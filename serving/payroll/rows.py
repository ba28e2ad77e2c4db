"""The rows of a payroll file, from the archived payouts and lines of a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.common.warehouse import in_memory
from serving.payroll.mapping import PayrollColumn, PayrollMapping

_PAYABLE = ("earned", "released", "paid")
_PAYOUTS = """
    with roles as (
        select *, row_number() over (partition by employee_id order by valid_from desc) as latest_no
        from read_parquet($employees)
        where strftime(valid_from, '%Y-%m') <= $period
    )
    select
        payouts.employee_id, roles.name, roles.department, roles.position, roles.team_id, payouts.period,
        payouts.currency, payouts.gross, payouts.held, payouts.adjustments, payouts.true_ups, payouts.carried_in,
        payouts.net, payouts.payable, payouts.carried_out
    from read_parquet($payouts) as payouts
    left join roles on payouts.employee_id = roles.employee_id and roles.latest_no = 1
    where payouts.period = $period
    order by payouts.employee_id, payouts.currency
"""
_SUMS = """
    select employee_id, currency, component, sum(amount)
    from read_parquet($lines)
    where period = $period and list_contains($statuses, status)
    group by all
"""
_LINES = """
    select * from read_parquet($lines) where period = $period
    order by employee_id, currency, component, origin_period, line_id
"""
Cell = str | Decimal | None


@dataclass(frozen=True)
class MonthFiles:
    """The archived files of a locked month.

    Args:
        period: The month.
        payouts: Its payouts, Parquet.
        lines: Its payout lines, Parquet.
        employees: Roles of employees over time, Parquet.
    """

    period: str
    payouts: Path
    lines: Path
    employees: Path


@dataclass(frozen=True)
class Sheet:
    """A table of a hand-over."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def payroll_rows(
    files: MonthFiles, mapping: PayrollMapping
) -> tuple[Sheet, Sheet, dict[str, dict[str, Decimal]]]:
    """The payroll sheet, the sheet of lines, and the control totals by currency.

    Args:
        files: The archived month.
        mapping: The columns of the payroll sheet.
    """
    names = {"employees": str(files.employees), "payouts": str(files.payouts), "period": files.period}
    of_lines = {"lines": str(files.lines), "period": files.period}
    with in_memory() as connection:
        payouts = _dicts(connection.execute(_PAYOUTS, names))
        found = connection.execute(_SUMS, {**of_lines, "statuses": list(_PAYABLE)}).fetchall()
        cursor = connection.execute(_LINES, of_lines)
        headings = tuple(column[0] for column in cursor.description or ())
        lines = tuple(tuple(_cell(value) for value in row) for row in cursor.fetchall())
    sums = {
        (str(person), str(currency), str(component)): amount for person, currency, component, amount in found
    }
    rows = tuple(tuple(_value(column, payout, sums) for column in mapping.columns) for payout in payouts)
    sheet = Sheet(mapping.title, tuple(column.header for column in mapping.columns), rows)
    return sheet, Sheet("lines", headings, lines), _totals(payouts)


def _dicts(cursor: Any) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _value(
    column: PayrollColumn, payout: Mapping[str, Any], sums: Mapping[tuple[str, str, str], Decimal]
) -> Cell:
    if column.text is not None:
        return column.text
    if column.value is not None:
        return _cell(payout[column.value])
    person, currency = str(payout["employee_id"]), str(payout["currency"])
    amounts = (sums.get((person, currency, component), Decimal(0)) for component in column.components)
    return sum(amounts, Decimal("0.00"))


def _cell(value: Any) -> Cell:
    return value if value is None or isinstance(value, Decimal) else str(value)


def _totals(payouts: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Decimal]]:
    """Sums of every figure by currency: what payroll checks against."""
    figures = ("gross", "held", "adjustments", "true_ups", "carried_in", "net", "payable", "carried_out")
    totals: dict[str, dict[str, Decimal]] = {}
    for payout in payouts:
        sums = totals.setdefault(str(payout["currency"]), dict.fromkeys(figures, Decimal("0.00")))
        for figure in figures:
            sums[figure] += payout[figure]
    return totals
