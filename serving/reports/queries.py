"""SQL of the reports; columns in the order of the fields in `model.py`.

`$p0` is the month; with `$p1` they are the first and last month, or the moments a month begins and ends.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the tables without which it gives no rows."""

    sql: str
    needs: tuple[str, ...]


PERIODS = Query("select distinct period from marts.fct_payouts order by period", ("marts.fct_payouts",))

CALCULATION = Query(
    "select run_id, as_of from marts.dim_calculation",
    ("marts.dim_calculation",),
)
CATALOGUE = Query(
    "select kpi_id, name_zh, name_en, unit, direction from marts.dim_kpi",
    ("marts.dim_kpi",),
)
PLANS = Query("select plan_id, title_zh, title_en from marts.dim_plan", ("marts.dim_plan",))
COURSES = Query(
    "select course_id, title from marts.dim_course where title is not null", ("marts.dim_course",)
)

PEOPLE = Query(
    """
    with latest as (
        select *, row_number() over (partition by employee_id order by valid_from desc) as number
        from marts.dim_employee
        where valid_from < cast($p0 || '-01' as date) + interval 1 month
    )
    select employee_id, coalesce(name, employee_id), department, position, team_id, manager_id
    from latest
    where number = 1 and (
        valid_to > cast($p0 || '-01' as date)
        or employee_id in (select employee_id from marts.fct_payouts where period = $p0)
    )
    order by employee_id
    """,
    ("marts.dim_employee", "marts.fct_payouts"),
)
CARDS = Query(
    """
    select
        employee_id, plan_id, component_id, business_score, management_score, coalesce(violations, 0), service_bonus,
        total_score, grade, rank, annual_award_eligible, department, days_in_role, days_in_period, reason
    from marts.fct_scorecards
    where period = $p0
    order by employee_id, days_in_role desc, plan_id, component_id
    """,
    ("marts.fct_scorecards",),
)
ITEMS = Query(
    """
    select
        employee_id, plan_id, component_id, kpi_id, "group", weight, value, target, attainment, base_score,
        training_bonus, score, status, reason, is_reached, course_id
    from marts.fct_scorecard_items
    where period = $p0
    order by employee_id, "group", weight desc, kpi_id
    """,
    ("marts.fct_scorecard_items",),
)
PAYOUTS = Query(
    """
    select employee_id, currency, gross, held, adjustments, true_ups, carried_in, payable, carried_out
    from marts.fct_payouts
    where period = $p0
    order by employee_id, abs(gross) desc, currency
    """,
    ("marts.fct_payouts",),
)
HELD = Query(
    """
    select employee_id, coalesce(reason, ''), currency, sum(amount), count(*)
    from marts.fct_payout_lines
    where period = $p0 and status = 'held'
    group by 1, 2, 3
    order by 1, sum(amount) desc, 2, 3
    """,
    ("marts.fct_payout_lines",),
)
COMPONENTS = Query(
    """
    select employee_id, component, currency, sum(amount), count(*)
    from marts.fct_payout_lines
    where period = $p0 and status in ('earned', 'released', 'paid')
    group by 1, 2, 3
    having sum(amount) != 0
    order by 1, sum(amount) desc, 2, 3
    """,
    ("marts.fct_payout_lines",),
)
LINES = Query(
    """
    select
        lines.employee_id, lines.line_id, lines.component, lines.deal_id,
        coalesce(customers.name, deals.customer_key), lines.basis_amount, lines.rate, lines.amount, lines.currency,
        lines.status, lines.reason, lines.origin_period
    from marts.fct_payout_lines as lines
    left join marts.fct_deal_sources as deals on lines.deal_id = deals.deal_id
    left join marts.dim_customer as customers on deals.customer_key = customers.customer_key
    where lines.period = $p0
    order by lines.employee_id, lines.component, lines.deal_id nulls first, lines.amount desc, lines.line_id
    """,
    ("marts.fct_payout_lines", "marts.fct_deal_sources", "marts.dim_customer"),
)
SOURCES = Query(
    """
    select lines.employee_id, coalesce(deals.source, 'no_source'), lines.currency, sum(lines.amount), count(*)
    from marts.fct_payout_lines as lines
    left join marts.fct_deal_sources as deals on lines.deal_id = deals.deal_id
    where lines.period = $p0 and lines.status in ('earned', 'released', 'paid') and lines.deal_id is not null
    group by 1, 2, 3
    having sum(lines.amount) != 0
    order by 1, sum(lines.amount) desc, 2, 3
    """,
    ("marts.fct_payout_lines", "marts.fct_deal_sources"),
)
TRUE_UPS = Query(
    """
    select
        employee_id, line_id, origin_period, corrected_component, locked_amount + posted_amount, calculated_amount,
        amount, currency, change, source_table, record_id, old_values, new_values
    from marts.fct_true_up_causes
    where period = $p0
    order by employee_id, origin_period, line_id, change != 'changed', source_table, record_id
    """,
    ("marts.fct_true_up_causes",),
)
ENTRIES = Query(
    """
    select sequence, event, "at", "by", entry_hash
    from marts.period_ledger
    where period = $p0 and event in ('approved', 'locked', 'paid')
    order by sequence
    """,
    ("marts.period_ledger",),
)
SCORES = Query(
    """
    select employee_id, period, arg_max(total_score, days_in_role)
    from marts.fct_scorecards
    where period between $p0 and $p1 and total_score is not null
    group by 1, 2
    """,
    ("marts.fct_scorecards",),
)
PAYABLES = Query(
    "select employee_id, period, currency, payable from marts.fct_payouts where period between $p0 and $p1",
    ("marts.fct_payouts",),
)
RESULTS = Query(
    """
    select employee_id, source, amount, share, near_certain_share_3m
    from marts.fct_result_sources
    where period = $p0
    order by employee_id, amount desc, source
    """,
    ("marts.fct_result_sources",),
)
SUGGESTIONS = Query(
    """
    select employee_id, kind, kpi_id, gap, points_gain, money_gain, currency, course_id, text_zh, text_en
    from marts.rpt_suggestions
    where period = $p0
    order by employee_id, ordinal
    """,
    ("marts.rpt_suggestions",),
)
ALERTS = Query(
    """
    select
        alerts.responsible_employee_id, alerts.kind, alerts.stage, coalesce(customers.name, alerts.customer_key),
        alerts.customer_key, alerts.deal_id, coalesce(alerts.due_at, alerts.raised_at)
    from marts.fct_journey_alerts as alerts
    left join marts.dim_customer as customers on alerts.customer_key = customers.customer_key
    where alerts.state = 'open' and alerts.responsible_employee_id is not null
    order by coalesce(alerts.due_at, alerts.raised_at), alerts.alert_id
    """,
    ("marts.fct_journey_alerts", "marts.dim_customer"),
)
LAPSED = Query(
    """
    select responsible_employee_id, count(*)
    from marts.fct_journey_alerts
    where state = 'lapsed' and responsible_employee_id is not null
    group by 1
    """,
    ("marts.fct_journey_alerts",),
)
PLACES = Query(
    """
    select board, team_id, employee_id, value, rank
    from marts.rpt_leaderboard
    where period = $p0
    order by board, team_id nulls first, rank, employee_id
    """,
    ("marts.rpt_leaderboard",),
)
TRANSFERS = Query(
    """
    select
        transfers.from_employee_id, transfers.to_employee_id, coalesce(customers.name, transfers.customer_key),
        transfers.deal_id, transfers.changed_at, transfers.signed_at, transfers.days_to_sign,
        transfers.post_activities, transfers.is_near_certain, transfers.is_abnormal, transfers.has_reason,
        transfers.counted_share
    from marts.fct_transfers as transfers
    left join marts.dim_customer as customers on transfers.customer_key = customers.customer_key
    where (transfers.changed_at >= cast($p0 as timestamp) and transfers.changed_at < cast($p1 as timestamp))
        or (transfers.signed_at >= cast($p0 as timestamp) and transfers.signed_at < cast($p1 as timestamp))
    order by transfers.is_abnormal desc, transfers.changed_at, transfers.change_id, transfers.deal_id
    """,
    ("marts.fct_transfers", "marts.dim_customer"),
)
SIGNALS = Query(
    "select employee_id, signal, evidence from marts.rpt_talent_signals where period = $p0 order by all",
    ("marts.rpt_talent_signals",),
)
TEAM_GROWTH = Query(
    """
    select scope_id, measure, value, baseline, growth, rate, reason
    from marts.fct_growth
    where scope = 'team' and period = $p0
    order by scope_id, measure
    """,
    ("marts.fct_growth",),
)
