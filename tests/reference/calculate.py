"""The reference calculation: a company in, the marts of credit and pay out.

Belongs here: the order of the chain (rulebook 1). Does not belong here: any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tests.reference import attribution, credit_rows, result_sources, transfers
from tests.reference.caps import limit_lines
from tests.reference.commission_lines import commission_lines
from tests.reference.company import Company
from tests.reference.growth import Growths
from tests.reference.lines import Decisions, Line, identified, line_rows, settled, unread_month
from tests.reference.measures import Measures
from tests.reference.parts import Part, all_parts
from tests.reference.payouts import adjustment_lines, payout_rows
from tests.reference.points import lead_points, point_lines, point_rows
from tests.reference.process_bonus import ProcessMonths, bonus_lines, process_rows
from tests.reference.rate_tables import hand_out
from tests.reference.tasks import Tasks
from tests.reference.templates import Row
from tests.reference.world import World

Marts = dict[str, list[Row]]
ExtraLines = Callable[["Marts"], list[dict[str, Any]]]


def calculate(
    company: Company,
    extra_lines: ExtraLines | None = None,
    kpi_values: Mapping[tuple[str, str, str], Decimal | None] | None = None,
) -> Marts:
    """All marts of credit and pay.

    Args:
        company: delivered rows and plans.
        extra_lines: given the marts so far (measures, credits, tasks, …), returns the scorecard bonus
            lines as dicts with the fields of `lines.Line` (period, employee_id, component,
            component_id, amount, currency, plan_id, plan_hash, …); they go through holds, caps and
            draws like every other line.
        kpi_values: KPI values by (employee_id, kpi_id, period), for growth and tasks on KPIs.

    Returns:
        Rows by mart name, with the columns of contracts B.
    """
    world = World(company, kpi_values)
    parts = all_parts(world)
    hand_out(world, parts)
    measures = Measures(world, parts)
    process = ProcessMonths(world)
    marts = _upstream(world, parts, measures)
    lines = commission_lines(world, parts, process)
    growth = Growths(world, measures, lines)
    tasks = Tasks(world, measures)
    points = lead_points(world)
    marts |= {
        "fct_task_results": tasks.rows,
        "fct_growth": growth.rows,
        "fct_points": point_rows(points),
        "fct_process_bonus": process_rows(process, lines),
    }
    monthly = [*point_lines(world, points), *bonus_lines(world, process), *tasks.lines, *growth.lines]
    monthly += [identified(Line(**row)) for row in (extra_lines(marts) if extra_lines else [])]
    lines += _settled_monthly(world, monthly)
    lines += limit_lines(world, lines)
    lines += adjustment_lines(world)
    return marts | {"fct_payout_lines": line_rows(lines), "fct_payouts": payout_rows(world, lines)}


def _upstream(world: World, parts: list[Part], measures: Measures) -> Marts:
    """Everything before the lines."""
    return {
        "int_assignments": credit_rows.assignment_rows(world),
        "int_customers_resolved": credit_rows.identity_rows(world),
        "int_ownership": credit_rows.ownership_rows(world),
        "fct_lead_validity": credit_rows.validity_rows(world),
        "fct_deal_sources": credit_rows.source_rows(world),
        "fct_attribution": attribution.rows(world),
        "fct_attribution_weights": world.fits.rows(),
        "fct_credits": credit_rows.credit_rows(world, parts),
        "fct_transfers": transfers.rows(world),
        "fct_measures": measures.rows(),
        "fct_result_sources": result_sources.rows(world, parts),
    }


def _settled_monthly(world: World, lines: list[Line]) -> list[Line]:
    """Monthly lines after resolutions."""
    decisions = Decisions(world)
    found: list[Line] = []
    for monthly in lines:
        line = decisions.unread_line(unread_month(world, monthly, lookback(world, monthly)))
        found.extend(settled(line, decisions.for_line(line, None), world.last_period))
    return found


def lookback(world: World, line: Line) -> int:
    """Months before its own that a monthly line is computed from (sections 6, 7 and 9)."""
    component = world.book.component(line.plan_id, line.component_id)
    if line.component == "task":
        return int(component["history_months"])
    if line.component in ("growth_bonus", "team_growth"):
        return 12 if component["baseline"] == "last_year" else int(component["baseline_months"])
    if line.component.startswith("bonus_"):  # quarterly KPIs
        return (int(line.period[5:]) - 1) % 3
    return 0
