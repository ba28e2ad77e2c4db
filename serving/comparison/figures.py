"""Reads the figures of a calculation that a comparison of plans needs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from serving.comparison.diff import LineSum, PlanFigures, Subject
from serving.database import open_readonly, require, tables_of

if TYPE_CHECKING:
    import duckdb

NEEDED = ("fct_payout_lines", "dim_employee")
STANDINGS = {
    "fct_tiers": "select employee_id, period, 'tier', component_id, cast(tier_no as varchar) from marts.fct_tiers",
    "fct_scorecards": """
        select employee_id, period, 'grade', component_id, grade from marts.fct_scorecards where grade is not null
    """,
    "fct_growth": """
        select case scope when 'team' then 'team:' else '' end || scope_id, period, 'growth_rate', component_id,
            rtrim(rtrim(cast(cast(100 * rate as decimal(18, 4)) as varchar), '0'), '.') || ' %'
        from marts.fct_growth
    """,
}
"""By mart: subject, period, kind, component and what was reached."""


def plan_figures(database: Path, periods: Sequence[str]) -> PlanFigures:
    """Read the figures of some periods.

    Args:
        database: The warehouse or a copy of it with computed marts.
        periods: Months, 2026-10.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it has no payout lines.
    """
    with open_readonly(database) as connection:
        require(connection, database, *NEEDED)
        return PlanFigures(
            lines=_lines(connection, periods),
            levels=_levels(connection, periods),
            names=_names(connection),
        )


def _lines(connection: "duckdb.DuckDBPyConnection", periods: Sequence[str]) -> tuple[LineSum, ...]:
    rows = connection.execute(
        """
        select employee_id, period, component, currency,
            cast(sum(case when status in ('earned', 'released', 'paid') then amount else 0 end) as decimal(18, 2)),
            cast(sum(case when status = 'held' then amount else 0 end) as decimal(18, 2))
        from marts.fct_payout_lines
        where period in (select unnest(?))
        group by employee_id, period, component, currency
        order by employee_id, period, component, currency
        """,
        [list(periods)],
    ).fetchall()
    return tuple(LineSum(*row) for row in rows)


def _levels(connection: "duckdb.DuckDBPyConnection", periods: Sequence[str]) -> dict[Subject, str]:
    """What was reached; under two plans in one month both, joined."""
    present = tables_of(connection, "marts")
    found: dict[Subject, str] = {}
    for mart, query in STANDINGS.items():
        if mart not in present:
            continue
        rows = connection.execute(
            "select subject, period, kind, component_id, string_agg(reached, '; ' order by reached) "
            f"from ({query}) as levels (subject, period, kind, component_id, reached) "
            "where period in (select unnest(?)) group by subject, period, kind, component_id",
            [list(periods)],
        ).fetchall()
        found.update(
            {(subject, period, kind, component): text for subject, period, kind, component, text in rows}
        )
    return found


def _names(connection: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    rows = connection.execute(
        "select employee_id, max_by(name, valid_from) from marts.dim_employee where name is not null group by 1"
    ).fetchall()
    return dict(rows)
