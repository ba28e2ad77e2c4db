"""What is published of a month, as far as the books ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from ledger.archive.lines import lines_hash, read_lines
from orchestration.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TOTALS = """
    select currency, sum(payable), sum(held), sum(true_ups), sum(carried_out)
    from marts.fct_payouts
    where period = ?
    group by currency
    order by currency
"""


@dataclass(frozen=True)
class PeriodFigures:
    """Published figures of a month.

    Args:
        lines_hash: Over its payout lines.
        lines: Their number.
        unresolved_lines: Lines that belong to nobody.
        unreadable_rows: Rows in quarantine whose key cannot be read.
        totals: Payable, held, true-ups and carried balance by currency.
    """

    lines_hash: str
    lines: int
    unresolved_lines: int
    unreadable_rows: int
    totals: dict[str, dict[str, str]] = field(default_factory=dict)


def published_figures(settings: Settings, period: str) -> PeriodFigures | None:
    """The published figures of a month; None when nothing is published, or not this month."""
    if not settings.snapshot.exists():
        return None
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        if not _count(connection, "marts.dim_period where period = ?", period):
            return None
        lines = read_lines(connection, "marts.fct_payout_lines", period)
        totals = {
            str(currency): dict(
                zip(("payable", "held", "true_ups", "carried_out"), map(str, sums), strict=True)
            )
            for currency, *sums in connection.execute(_TOTALS, [period]).fetchall()
        }
        return PeriodFigures(
            lines_hash(lines),
            len(lines),
            _count(
                connection, "marts.fct_payout_lines where employee_id = 'UNRESOLVED' and period = ?", period
            ),
            _count(connection, "marts.open_quarantine where not is_key_readable and ? != ''", period),
            totals,
        )


def published_months(settings: Settings) -> tuple[str, str] | None:
    """The first and the last published month; None when nothing is published."""
    if not settings.snapshot.exists():
        return None
    with open_warehouse(settings.snapshot, read_only=True) as connection:
        [(first, last)] = connection.execute(
            "select min(period), max(period) from marts.dim_period"
        ).fetchall()
    return (str(first), str(last)) if first else None


def _count(connection: DuckDBPyConnection, what: str, period: str) -> int:
    return int(connection.execute(f"select count(*) from {what}", [period]).fetchall()[0][0])
