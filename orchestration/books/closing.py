"""A month of payroll and scorecards for Dagster: where it stands, what it pays, what is left to look at.

Belongs here: figures of the partitions and their checks. Does not belong here: commands of people (``periods``).
Nothing is approved or locked here: that takes two persons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connectors.common.warehouse import open_warehouse
from ledger.entries.entry import PROGRAM
from ledger.entries.life import PeriodState, standing_of
from orchestration.books.calculation import hindrances, note_calculation, required_figures
from orchestration.books.home import home_ledger, read_entries
from orchestration.errors import InputError
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_HELD = """
    select coalesce(reason, '') || ' ' || currency, sum(amount), count(*)
    from marts.fct_payout_lines
    where period = ? and status = 'held'
    group by 1
    order by 1
"""
_TRUE_UPS = """
    select origin_period || ' ' || currency, sum(amount), count(*)
    from marts.fct_payout_lines
    where period = ? and component = 'true_up'
    group by 1
    order by 1
"""
_UNRECONCILED = """
    with lines as (
        select
            employee_id,
            currency,
            sum(case when status in ('earned', 'released', 'paid') then amount else 0 end) as paid
        from marts.fct_payout_lines
        where period = $period
        group by employee_id, currency
    )
    select coalesce(lines.employee_id, payouts.employee_id)
    from lines
    full outer join (select * from marts.fct_payouts where period = $period) as payouts
        on lines.employee_id = payouts.employee_id and lines.currency = payouts.currency
    where coalesce(lines.paid, 0) + coalesce(payouts.carried_in, 0) != coalesce(payouts.net, 0)
        or payouts.payable != greatest(payouts.net, 0)
    order by 1
"""
_SCORECARDS = """
    select count(*), count(total_score), round(avg(total_score), 2), count(*) filter (grade is not null)
    from marts.fct_scorecards
    where period = ?
"""


@dataclass(frozen=True)
class Finding:
    """A check of a month.

    Args:
        passed: Whether there is nothing to look at.
        text: What there is.
        figures: Amount and lines of each part.
    """

    passed: bool
    text: str = ""
    figures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PayrollMonth:
    """A month of payroll.

    Args:
        about: State, totals, entries.
        checks: By name: ready_for_approval, nothing_held, true_ups, reconciliation.
    """

    about: dict[str, Any]
    checks: dict[str, Finding]


def payroll_month(settings: Settings, month: str, *, calculate: bool) -> PayrollMonth:
    """Note the calculation of an open month in the ledger and say where the month stands.

    Args:
        settings: Where everything lies.
        month: The month.
        calculate: Note the calculation; only after a run that passed.

    Raises:
        InputError: Nothing of the month is published.
    """
    figures = required_figures(settings, month)
    if calculate and standing_of(read_entries(settings), month).lock is None:
        with home_ledger(settings) as ledger:
            note_calculation(settings, ledger, month, PROGRAM)
    standing = standing_of(read_entries(settings), month)
    is_open = standing.state in {PeriodState.OPEN, PeriodState.CALCULATED}
    hindering = hindrances(settings, month, figures) if is_open else ()
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        held, true_ups = _parts(connection, _HELD, month), _parts(connection, _TRUE_UPS, month)
        wrong = [str(row[0]) for row in connection.execute(_UNRECONCILED, {"period": month}).fetchall()]
    for one in hindering:
        emit("books", "note", f"{month}: hinders the approval: {one}", remark=True)
    about: dict[str, Any] = {
        "state": standing.state.value,
        "exports": len(standing.exports),
        "lines": figures.lines,
        "lines_hash": figures.lines_hash,
        **{f"payable {currency}": sums["payable"] for currency, sums in figures.totals.items()},
    }
    if standing.lock is not None:
        about |= {
            "locked_by": standing.lock.by,
            "locked_at": standing.lock.at,
            "entry": standing.lock.entry_hash,
        }
    checks = {
        "ready_for_approval": Finding(not hindering, "\n".join(hindering)),
        "nothing_held": Finding(not held, _said(held), _texts(held)),
        "true_ups": Finding(True, _said(true_ups), _texts(true_ups)),
        "reconciliation": Finding(
            not wrong, f"lines and payouts differ for {', '.join(wrong)}" if wrong else ""
        ),
    }
    return PayrollMonth(about, checks)


def scorecard_month(settings: Settings, month: str) -> dict[str, Any]:
    """Figures of the scorecards of a month.

    Raises:
        InputError: Nothing of the month is published.
    """
    required_figures(settings, month)
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        found = connection.execute(_SCORECARDS, [month]).fetchone()
    if found is None:
        raise InputError(f"nothing of {month} is published")
    cards, scored, mean, graded = found
    folder = settings.published / "current" / "fct_scorecards" / f"period={month}"
    return {
        "cards": int(cards),
        "scored": int(scored),
        "graded": int(graded),
        "mean score": str(mean) if mean is not None else "",
        "folder": str(folder),
    }


def _parts(connection: DuckDBPyConnection, query: str, month: str) -> dict[str, tuple[Decimal, int]]:
    rows = connection.execute(query, [month]).fetchall()
    return {str(name): (Decimal(amount), int(lines)) for name, amount, lines in rows}


def _texts(parts: dict[str, tuple[Decimal, int]]) -> dict[str, str]:
    return {name: f"{amount:,} in {lines} lines" for name, (amount, lines) in parts.items()}


def _said(parts: dict[str, tuple[Decimal, int]]) -> str:
    return "; ".join(f"{name}: {text}" for name, text in _texts(parts).items())
