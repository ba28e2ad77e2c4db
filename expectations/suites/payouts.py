"""Suites of payout lines and payouts: known people, plans and values, and sums that agree with credits and payouts."""

from expectations.model import Suite, critical, warning

COMPONENTS = (
    "origination",
    "closing",
    "collaboration",
    "points",
    "process_bonus",
    "task",
    "growth_bonus",
    "team_growth",
    "contribution",
    "bonus_business",
    "bonus_management",
    "draw",
    "cap",
    "adjustment",
    "true_up",
)
# Components that rest on no calculation of this run: posted by people or against an earlier, locked period.
_POSTED = "('adjustment', 'true_up')"
_PAYABLE = "('earned', 'released', 'paid')"

# What is locked agrees with the credits of its time; of now the differences are posted as true-ups.
_LINES_AND_CREDITS = """
    with first_lines as (
        select t.* from @rows as t
        where t.component in ('origination', 'closing', 'collaboration') and nullif(t.deal_id, '') is not null
            and t.settles_line_id is null and not t.is_locked
    ),
    lines as (
        select deal_id, coalesce(transaction_id, '') as transaction_id, component as pool,
            sum(amount) as line_amount
        from first_lines group by deal_id, coalesce(transaction_id, ''), component
    ),
    credits as (
        select deal_id, coalesce(transaction_id, '') as transaction_id, pool,
            sum(earning_amount) as credit_amount
        from marts.fct_credits
        where period not in (select p.period from marts.dim_period as p where p.is_closed)
        group by deal_id, coalesce(transaction_id, ''), pool
    )
    select
        coalesce(credits.deal_id, lines.deal_id) as deal_id,
        coalesce(credits.transaction_id, lines.transaction_id) as transaction_id,
        coalesce(credits.pool, lines.pool) as pool, credit_amount, line_amount
    from credits full outer join lines
        on credits.deal_id = lines.deal_id
        and credits.transaction_id = lines.transaction_id and credits.pool = lines.pool
    where coalesce(credit_amount, 0) <> coalesce(line_amount, 0)
"""

_PAID_AFTER_LEAVING = f"""
    select t.line_id, t.period, t.employee_id, t.component, t.amount, t.status, e.termination_date
    from @rows as t
    inner join (
        select employee_id, max(termination_date) as termination_date from marts.dim_employee group by employee_id
    ) as e on t.employee_id = e.employee_id
    left join (select distinct plan_hash, terminated_policy from raw_plans.plans) as p
        on t.plan_hash = p.plan_hash
    where try_cast(t.origin_period || '-01' as date) > e.termination_date
        and t.status = 'earned' and t.amount > 0
        and t.component not in {_POSTED}
        and coalesce(p.terminated_policy, 'hold') <> 'pay'
"""

PAYOUT_LINES = Suite(
    "mart_payout_lines",
    "marts.fct_payout_lines",
    "marts",
    "Every line of pay.",
    (
        critical.not_null("line_id"),
        critical.unique("line_id"),
        critical.not_null("employee_id"),
        critical.not_null("amount"),
        critical.not_null("component"),
        critical.in_set("component", *COMPONENTS),
        critical.not_null("status"),
        critical.in_set("status", "earned", "held", "released", "forfeited", "paid"),
        critical.where(
            "amounts_have_two_decimals",
            "amount is a decimal with two places.",
            "typeof(t.amount) not like 'DECIMAL(%,2)' or t.amount <> round(t.amount, 2)",
            "amount",
        ),
        critical.where(
            "currency_has_three_letters",
            "currency has three capital letters (ISO 4217).",
            "t.currency is null or not regexp_matches(t.currency, '^[A-Z][A-Z][A-Z]$')",
            "currency",
        ),
        critical.where(
            "period_is_a_month",
            "period has the form YYYY-MM.",
            "t.period is null or try_cast(t.period || '-01' as date) is null",
            "period",
        ),
        critical.where(
            "lines_have_a_plan",
            "A line names its plan by hash, unless it is held for want of one.",
            f"nullif(t.plan_hash, '') is null and t.component not in {_POSTED} "
            "and not (t.status = 'held' and coalesce(t.reason, '') like '%no_plan%')",
            "plan_hash",
        ),
        critical.where(
            "plans_are_known",
            "The plan of a line is one of the loaded plans.",
            f"nullif(t.plan_hash, '') is not null and t.component not in {_POSTED} and not t.is_locked "
            "and t.plan_hash not in (select f.plan_hash from raw_plans.plan_files as f)",
            "plan_hash",
        ),
        critical.where(
            "held_lines_have_a_reason",
            "A held or forfeited line says why.",
            "t.status in ('held', 'forfeited') and nullif(t.reason, '') is null",
            "reason",
        ),
        critical.where(
            "employees_are_known",
            "employee_id is an employee or UNRESOLVED.",
            "t.employee_id <> 'UNRESOLVED' and not t.is_locked "
            "and t.employee_id not in (select e.employee_id from marts.dim_employee as e)",
            "employee_id",
        ),
        critical.where(
            "unresolved_people_are_not_paid",
            "A line of UNRESOLVED is held.",
            f"t.employee_id = 'UNRESOLVED' and t.status in {_PAYABLE}",
            "employee_id",
        ),
        warning.rows(
            "leavers_are_not_paid_without_a_rule",
            "No line of a period after the last day employed is payable, unless the plan says pay.",
            _PAID_AFTER_LEAVING,
            "employee_id",
        ),
        critical.rows(
            "lines_reconcile_with_credits",
            "The commission lines of a transaction and pool add up to their credits (a later release counts once).",
            _LINES_AND_CREDITS,
            "amount",
        ),
        warning.where(
            "everybody_is_resolved",
            "No line belongs to UNRESOLVED (it blocks the approval of its period).",
            "t.employee_id = 'UNRESOLVED'",
            "employee_id",
        ),
    ),
    when_empty="nothing was earned: there is no credit in a plan's time",
)

_KEYS = "employee_id, period, currency"
_PAYABLE_LINES = f"""
    with lines as (
        select {_KEYS},
            sum(case when status in {_PAYABLE} then amount else 0 end) as payable,
            sum(case when status = 'held' then amount else 0 end) as held
        from marts.fct_payout_lines group by {_KEYS}
    ),
    payouts as (
        select {_KEYS}, sum(gross - held + adjustments + true_ups) as payable, sum(held) as held
        from @rows as t group by {_KEYS}
    )
    select
        coalesce(lines.employee_id, payouts.employee_id) as employee_id,
        coalesce(lines.period, payouts.period) as period,
        coalesce(lines.currency, payouts.currency) as currency,
        lines.payable as lines_payable, payouts.payable as payouts_payable,
        lines.held as lines_held, payouts.held as payouts_held
    from lines full outer join payouts
        on lines.employee_id = payouts.employee_id and lines.period = payouts.period
        and lines.currency = payouts.currency
    where coalesce(lines.{{column}}, 0) <> coalesce(payouts.{{column}}, 0)
"""
_TOTAL = "(t.carried_in + t.gross - t.held + t.adjustments + t.true_ups)"

PAYOUTS = Suite(
    "mart_payouts",
    "marts.fct_payouts",
    "marts",
    "What each employee gets per period and currency.",
    (
        critical.not_null("employee_id"),
        critical.not_null("period"),
        critical.not_null("currency"),
        critical.unique("employee_id", "period", "currency"),
        critical.not_null("net"),
        critical.rows(
            "lines_add_up_to_payouts",
            "The payable lines of an employee, period and currency add up to the payout.",
            _PAYABLE_LINES.format(column="payable"),
            "gross",
        ),
        critical.rows(
            "held_lines_add_up_to_held",
            "The held lines of an employee, period and currency add up to held.",
            _PAYABLE_LINES.format(column="held"),
            "held",
        ),
        critical.where(
            "net_is_the_sum_of_its_parts",
            "net = carried_in + gross - held + adjustments + true_ups; it may be negative.",
            f"t.net is distinct from {_TOTAL}",
            "net",
        ),
        critical.where(
            "payable_is_net_or_nothing",
            "payable = net, or 0 when net is negative.",
            "t.payable is distinct from greatest(t.net, 0)",
            "payable",
        ),
        critical.where(
            "a_negative_net_is_carried_on",
            "carried_out is what is missing to zero, and nothing else.",
            f"abs(coalesce(t.carried_out, 0)) <> greatest(-{_TOTAL}, 0)",
            "carried_out",
        ),
        critical.rows(
            "what_was_carried_out_is_carried_in",
            "carried_in is the carried_out of the payout before.",
            """
            select o.* from (
                select t.*, lag(t.carried_out) over (
                    partition by t.employee_id, t.currency order by t.period
                ) as carried_out_before from @rows as t
            ) as o where abs(coalesce(o.carried_in, 0)) <> abs(coalesce(o.carried_out_before, 0))
            """,
            "carried_in",
        ),
    ),
    when_empty="nothing was earned, so nobody is paid",
)
