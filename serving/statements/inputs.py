"""Queries of the inputs of plan components in one month: credits, tiers, visits, tasks, growth, scorecards."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.database import TextRow, tables_of, text_rows

if TYPE_CHECKING:
    import duckdb

_PARAMETER = re.compile(r"\$(\w+)")
_INPUTS: dict[str, tuple[str, str, str]] = {
    "credits": (
        "fct_credits",
        """
        select credits.deal_id, nullif(credits.transaction_id, '') as transaction_id, deals.source, credits.share,
            credits.credited_amount, credits.rate, credits.earning_amount, credits.currency
        from marts.fct_credits as credits
        left join marts.fct_deal_sources as deals on credits.deal_id = deals.deal_id
        where credits.employee_id = $employee_id and credits.period = $period and credits.pool = $pool
            and credits.plan_id is not distinct from $plan_id
            and credits.component_id is not distinct from $component_id
        order by credits.deal_id, credits.transaction_id
        """,
        "commission collaboration",
    ),
    "tiers": (
        "fct_tiers",
        """
        select interval_id, total_amount, counted_total, quota, tier_no, rate, tier_to, earning_amount, currency
        from marts.fct_tiers
        where employee_id = $employee_id and period = $period and plan_id = $plan_id
            and component_id = $component_id
        """,
        "commission",
    ),
    "leads": (
        "fct_points",
        """
        select count(*) as lead_count, sum(points) as points, point_value, sum(amount) as amount, currency
        from marts.fct_points
        where employee_id = $employee_id and period = $period and plan_id = $plan_id
            and component_id = $component_id
        group by point_value, currency order by point_value
        """,
        "points",
    ),
    "visits": (
        "fct_process_bonus",
        """
        select valid_visits, target, visitors, signed_customers, conversion, min_conversion, is_reached, bonus,
            origination_held, release_period
        from marts.fct_process_bonus
        where employee_id = $employee_id and period = $period and plan_id = $plan_id
            and component_id = $component_id
        """,
        "process_bonus",
    ),
    "tasks": (
        "fct_task_results",
        """
        select profile, measure, wanted_target, capability, target, actual, attainment, weight, task_score, reason
        from marts.fct_task_results
        where employee_id = $employee_id and period = $period and plan_id = $plan_id
            and component_id = $component_id
        order by measure
        """,
        "task",
    ),
    "growth": (
        "fct_growth",
        """
        select distinct growth.scope, growth.scope_id, growth.measure, growth.value, growth.baseline, growth.growth,
            growth.rate, growth.reason
        from marts.fct_growth as growth
        where growth.period = $period and growth.plan_id = $plan_id and growth.component_id = $component_id
            and (
                (growth.scope = 'employee' and growth.scope_id = $employee_id)
                or (growth.scope = 'team' and growth.scope_id in (
                    select roles.team_id
                    from marts.dim_employee as roles
                    where roles.employee_id = $employee_id
                        and roles.valid_from <= last_day(cast($period || '-01' as date))
                        and roles.valid_to > cast($period || '-01' as date)
                ))
            )
        order by growth.scope, growth.scope_id
        """,
        "growth_bonus team_growth",
    ),
    "items": (
        "fct_scorecard_items",
        """
        select kpi_id, "group", weight, attainment, base_score, training_bonus, score, status, reason
        from marts.fct_scorecard_items
        where employee_id = $employee_id and period = $period and plan_id = $plan_id
        order by "group", kpi_id
        """,
        "scorecard",
    ),
    "card": (
        "fct_scorecards",
        """
        select business_score, management_score, violations, total_score, grade
        from marts.fct_scorecards
        where employee_id = $employee_id and period = $period and plan_id = $plan_id
        """,
        "scorecard",
    ),
}
"""By name: the mart, the query, and the types of components it belongs to."""


@dataclass(frozen=True, slots=True)
class Component:
    """A component; `pool` is what its credits are of."""

    plan_id: str | None
    component_id: str
    component_type: str
    pool: str


def input_rows(
    connection: "duckdb.DuckDBPyConnection", employee_id: str, period: str, component: Component
) -> dict[str, tuple[TextRow, ...]]:
    """What a component rests on in the month, by name; tables without rows are left out."""
    values = {
        "employee_id": employee_id,
        "period": period,
        "plan_id": component.plan_id,
        "component_id": component.component_id,
        "pool": component.pool,
    }
    present = tables_of(connection, "marts")
    found: dict[str, tuple[TextRow, ...]] = {}
    for name, (mart, query, types) in _INPUTS.items():
        if mart in present and component.component_type in types.split():
            used = [values[parameter] for parameter in _PARAMETER.findall(query)]
            if rows := text_rows(connection, _PARAMETER.sub("?", query), used):
                found[name] = rows
    return found
