"""Marts of a made-up company for the tests of reports; any number of employees.

Here belong rows. Not here: assertions.
"""

from pathlib import Path

import duckdb

TYPES = {
    "dim_employee": "employee_id varchar, name varchar, department varchar, position varchar, team_id varchar, "
    "manager_id varchar, valid_from date, valid_to date",
    "dim_customer": "customer_key varchar, name varchar",
    "fct_payouts": "employee_id varchar, period varchar, currency varchar, gross decimal(18,2), held decimal(18,2), "
    "adjustments decimal(18,2), true_ups decimal(18,2), carried_in decimal(18,2), net decimal(18,2), "
    "payable decimal(18,2), "
    "carried_out decimal(18,2)",
    "fct_payout_lines": "employee_id varchar, period varchar, component varchar, deal_id varchar, currency varchar, "
    "amount decimal(18,2), status varchar, reason varchar, line_id varchar, basis_amount decimal(18,2), "
    "rate decimal(18,12), origin_period varchar",
    "fct_deal_sources": "deal_id varchar, source varchar, customer_key varchar",
    "fct_scorecards": "employee_id varchar, period varchar, plan_id varchar, component_id varchar, "
    "business_score decimal(18,4), management_score decimal(18,4), violations bigint, service_bonus decimal(18,6), "
    "total_score decimal(18,4), grade varchar, rank bigint, annual_award_eligible boolean, department varchar, "
    "days_in_role bigint, days_in_period bigint, reason varchar",
    "fct_scorecard_items": "employee_id varchar, period varchar, plan_id varchar, component_id varchar, "
    'kpi_id varchar, "group" varchar, weight decimal(18,6), value decimal(28,6), target decimal(28,6), '
    "attainment decimal(28,6), base_score decimal(18,4), training_bonus decimal(18,4), score decimal(18,4), "
    "status varchar, reason varchar, is_reached boolean, course_id varchar",
    "fct_result_sources": "employee_id varchar, period varchar, source varchar, amount decimal(18,2), "
    "share decimal(28,6), near_certain_share_3m decimal(28,6)",
    "rpt_suggestions": "employee_id varchar, period varchar, kind varchar, kpi_id varchar, gap decimal(28,6), "
    "points_gain decimal(18,4), money_gain decimal(18,2), currency varchar, course_id varchar, text_zh varchar, "
    "text_en varchar, ordinal bigint",
    "fct_journey_alerts": "alert_id varchar, kind varchar, customer_key varchar, deal_id varchar, stage varchar, "
    "responsible_employee_id varchar, due_at timestamp, raised_at timestamp, detail varchar, state varchar, "
    "closed_at timestamp",
    "rpt_leaderboard": "board varchar, period varchar, team_id varchar, employee_id varchar, value decimal(28,6), "
    "rank bigint",
    "fct_transfers": "change_id varchar, deal_id varchar, customer_key varchar, from_employee_id varchar, "
    "to_employee_id varchar, changed_at timestamp, signed_at timestamp, days_to_sign bigint, post_activities bigint, "
    "is_near_certain boolean, is_abnormal boolean, has_reason boolean, counted_share decimal(18,6)",
    "rpt_talent_signals": "employee_id varchar, period varchar, signal varchar, evidence varchar",
    "fct_growth": "scope varchar, scope_id varchar, period varchar, measure varchar, value decimal(28,6), "
    "baseline decimal(28,6), growth decimal(28,6), rate decimal(18,12), reason varchar",
}

_ROWS = """
insert into marts.dim_employee
    select 'E' || n, case n % 3 when 0 then '王海燕' when 1 then '欧阳明月' else 'Ruth Reed' end || n, 'sales',
        'seller', 'S' || (n - 1) // 8, 'E' || ((n - 1) // 8 * 8 + 1), date '2024-01-01', date '9999-12-31'
    from range(1, $people + 1) as t(n);
insert into marts.dim_customer values ('C1', '上海百和美容院');
insert into marts.fct_payouts
    select 'E' || n, strftime(date '2025-01-01' + to_months(cast(m as integer)), '%Y-%m'), 'CNY',
        1000 * n + m, 100, -5, 0, 0, 1000 * n + m - 105, 1000 * n + m - 105, 0
    from range(1, $people + 1) as t(n), range(22) as months(m);
insert into marts.fct_payout_lines
    select 'E' || n, '2026-10', c, case c when 'closing' then 'D1' when 'origination' then 'D2' end, 'CNY', 100 * n,
        'earned', null, 'line-' || c || '-' || n, if(c = 'points', 8, 10000 * n), if(c = 'points', 1.5, 0.015),
        if(c = 'closing', '2026-08', '2026-10')
    from range(1, $people + 1) as t(n), unnest(['closing', 'origination', 'points', 'bonus_business']) as x(c);
insert into marts.fct_payout_lines
    select 'E' || n, '2026-10', 'closing', 'D2', 'CNY', 100, 'held', 'transfer;process', 'line-held-' || n, 5000, 0.02,
        '2026-10'
    from range(1, $people + 1) as t(n);
insert into marts.fct_payout_lines values
    ('E1', '2026-10', 'draw', null, 'CNY', -70, 'earned', 'draw_recovered', 'line-draw', null, null, '2026-10');
insert into marts.fct_deal_sources values ('D1', 'marketing', 'C1'), ('D2', 'repurchase', 'C2');
insert into marts.fct_scorecards
    select 'E' || n, strftime(date '2025-12-01' + to_months(cast(m as integer)), '%Y-%m'), 'card_2026', 'scorecard',
        90, 80, 1, 5, 86.25, 'B', n, true, 'sales', 31, 31, null
    from range(1, $people + 1) as t(n), range(11) as months(m);
insert into marts.fct_scorecard_items
    select 'E' || n, '2026-10', 'card_2026', 'scorecard', 'kpi_' || k, if(k < 12, 'business', 'management'), 10 + k,
        k * 1.1, 12, k * 1.1 / 12, 50 + k, if(k = 3, 5, 0), 55 + k,
        case k when 1 then 'excluded' when 2 then 'no_data' else 'scored' end,
        case k when 1 then 'course_not_completed' when 2 then 'no_target' end, k > 10, if(k = 1, 'C-1', null)
    from range(1, $people + 1) as t(n), range(1, 21) as kpis(k);
insert into marts.fct_result_sources
    select 'E' || n, '2026-10', s, 500, 0.5, 0.25
    from range(1, $people + 1) as t(n), unnest(['own', 'transferred']) as x(s);
insert into marts.rpt_suggestions
    select 'E' || n, '2026-10', 'reach_target', 'kpi_' || k, 3.5, 2.25, 1000 - k, 'CNY', 'C-1',
        '把指标 ' || k || ' 提高', 'Raise KPI ' || k, k
    from range(1, $people + 1) as t(n), range(1, 16) as kpis(k);
insert into marts.fct_journey_alerts
    select 'A' || n || '-' || a, if(a = 1, 'held_payout', 'late'), 'C1', 'D1', if(a = 1, null, 'visited'), 'E' || n,
        timestamp '2026-09-30 17:00:00', timestamp '2026-09-30 17:00:00', '2026-09 process: 5.00 CNY', 'open',
        null
    from range(1, $people + 1) as t(n), range(1, 16) as alerts(a);
insert into marts.rpt_leaderboard
    select b, '2026-10', if(b like 'team%', 'S' || (n - 1) // 8, null), 'E' || n, 0.5 + n, $people + 1 - n
    from range(1, $people + 1) as t(n),
        unnest(['score', 'commission', 'growth', 'team_score', 'team_commission']) as x(b);
insert into marts.rpt_leaderboard values ('teams', '2026-10', null, 'team:S0', 700, 1);
insert into marts.fct_transfers values
    ('O1', 'D1', 'C1', 'E1', 'E2', timestamp '2026-10-05', timestamp '2026-10-09', 4, 0, true, true, false, 0.2),
    ('O2', null, 'C1', 'E2', 'E1', timestamp '2026-10-31 17:00:00', null, null, 3, false, false, true, null);
insert into marts.rpt_talent_signals values ('E2', '2026-10', 'sales_candidate', 'new_customers 2026-08 6/5');
insert into marts.fct_growth values
    ('team', 'S0', '2026-10', 'sales_amount', 120, 100, 0.2, 0.05, null),
    ('team', 'S1', '2026-10', 'sales_amount', 120, null, null, 0, 'no_baseline');
"""
_NAMES = """
create table marts.dim_kpi as
    select 'kpi_' || k as kpi_id, '指标' || k as name_zh, 'Figure ' || k as name_en,
        if(k = 5, 'ratio', 'count') as unit, if(k = 6, 'lower', 'higher') as direction
    from range(1, 21) as kpis(k);
create table marts.dim_plan as
    select 'card_2026' as plan_id, '计分卡甲' as title_zh, 'Card A' as title_en;
create table marts.dim_course as select 'C-1' as course_id, '客户档案' as title;
create table marts.dim_calculation as select 'run1' as run_id, timestamp '2026-10-31 15:59:59' as as_of;
"""


def build(path: Path, *statements: str, people: int = 10, with_names: bool = True) -> Path:
    """Write the database, then run more statements on it.

    Args:
        path: The file.
        statements: What is special in a test.
        people: How many employees.
        with_names: With the names of KPIs, plans and courses; without, as in a snapshot of before they were marts.
    """
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for table, columns in TYPES.items():
            connection.execute(f"create table marts.{table} ({columns})")
        connection.execute(_ROWS.replace("$people", str(people)))
        if with_names:
            connection.execute(_NAMES)
        for statement in statements:
            connection.execute(statement)
    return path
