"""Suites of the published marts: the last checkpoint before publication.

Belongs here: keys, known values, and reconciliation (deals = deal sources, credits = pools, lines = credits, lines =
payouts). Text keys may be empty or NULL alike where a row has none (a line without a deal, the signing of a deal).
"""

from expectations.model import Suite, critical, warning
from expectations.suites.entities import ENTITIES
from expectations.suites.payouts import PAYOUT_LINES, PAYOUTS
from expectations.suites.sql import in_force

_DEALS = ENTITIES["deals"]
_DELIVERED = f"{_DEALS.table} as d where {in_force(_DEALS, 'd')}"

DEAL_SOURCES = Suite(
    "mart_deal_sources",
    "marts.fct_deal_sources",
    "marts",
    "Every signed deal with its classification.",
    (
        critical.not_null("deal_id"),
        critical.unique("deal_id"),
        critical.not_null("customer_key"),
        critical.not_null("source"),
        critical.in_set("source", "marketing", "self_sourced", "referral", "repurchase"),
        critical.where(
            "period_is_a_month",
            "period has the form YYYY-MM.",
            "t.period is null or try_cast(t.period || '-01' as date) is null",
            "period",
        ),
        critical.rows(
            "deals_come_from_the_source",
            "Every classified deal is a delivered deal.",
            f"select t.deal_id from @rows as t where t.deal_id not in (select d.deal_id from {_DELIVERED})",
            "deal_id",
        ),
        critical.rows(
            "signed_deals_are_classified",
            "Every delivered deal signed up to the as-of time is classified.",
            f"select d.deal_id, d.signed_at, d.amount from {_DELIVERED} "
            "and d.status = 'signed' and d.signed_at <= @as_of "
            "and d.deal_id not in (select t.deal_id from @rows as t where t.deal_id is not null)",
            "deal_id",
        ),
        critical.rows(
            "amounts_are_those_of_the_deals",
            "A deal has the amount of its source record (where the currency is the same).",
            f"select t.deal_id, t.amount, t.currency, d.amount as source_amount from @rows as t, {_DELIVERED} "
            "and t.deal_id = d.deal_id and t.currency = d.currency and t.amount is distinct from d.amount",
            "amount",
        ),
        warning.where(
            "claims_of_self_sourcing_hold",
            "No deal claimed as self-sourced came from a marketing lead (paid as classified; look at it).",
            "t.is_relabelled",
            "is_relabelled",
        ),
    ),
    when_empty="no deal was signed up to the as-of time",
)

CREDITS = Suite(
    "mart_credits",
    "marts.fct_credits",
    "marts",
    "Who gets how much of each transaction, by pool.",
    (
        critical.not_null("credit_id"),
        critical.unique("credit_id"),
        critical.not_null("deal_id"),
        critical.not_null("employee_id"),
        critical.not_null("earning_amount"),
        critical.not_null("pool"),
        critical.in_set("pool", "origination", "closing", "collaboration"),
        critical.where(
            "shares_are_between_zero_and_one",
            "share lies between 0 and 1.",
            "t.share is null or t.share < 0 or t.share > 1",
            "share",
        ),
        critical.rows(
            "shares_add_up_to_one",
            "The shares of a pool add up to 1.",
            "select t.deal_id, t.transaction_id, t.pool, sum(t.share) as shares from @rows as t "
            "group by t.deal_id, t.transaction_id, t.pool having sum(t.share) <> 1",
            "share",
        ),
        critical.rows(
            "credits_add_up_to_the_pool",
            "The earnings of a pool add up to the pool, to the smallest unit (where the pool has one rate).",
            "select t.deal_id, t.transaction_id, t.pool, max(t.pool_amount) as pool_amount, "
            "sum(t.earning_amount) as earnings from @rows as t group by t.deal_id, t.transaction_id, t.pool "
            "having count(distinct t.rate) = 1 and count(t.rate) = count(*) "
            "and min(t.pool_amount) = max(t.pool_amount) "
            "and sum(t.earning_amount) <> max(t.pool_amount)",
            "earning_amount",
        ),
        critical.rows(
            "credited_deals_are_classified",
            "Every credited deal has a deal source.",
            "select t.credit_id, t.deal_id from @rows as t "
            "where t.deal_id not in (select s.deal_id from marts.fct_deal_sources as s)",
            "deal_id",
        ),
        warning.where(
            "employees_are_resolved",
            "No credit belongs to UNRESOLVED (it blocks the approval of its period).",
            "t.employee_id = 'UNRESOLVED'",
            "employee_id",
        ),
    ),
    when_empty="no deal was credited: there is no creditable deal in a plan's time",
)

DIM_EMPLOYEE = Suite(
    "mart_dim_employee",
    "marts.dim_employee",
    "marts",
    "Employees and their assignments over time (half-open).",
    (
        critical.not_null("employee_id"),
        critical.not_null("valid_from"),
        critical.unique("employee_id", "valid_from"),
        critical.where(
            "validity_has_a_length",
            "valid_to is after valid_from.",
            "t.valid_to is null or t.valid_to <= t.valid_from",
            "valid_from",
            "valid_to",
        ),
        critical.rows(
            "validities_do_not_overlap",
            "An employee has one assignment at a time.",
            """
            select o.* from (
                select t.employee_id, t.valid_from, t.valid_to,
                    lead(t.valid_from) over (partition by t.employee_id order by t.valid_from) as next_from
                from @rows as t
            ) as o where o.valid_to > o.next_from
            """,
            "valid_to",
        ),
    ),
    when_empty="no employee was delivered",
)

DIM_CUSTOMER = Suite(
    "mart_dim_customer",
    "marts.dim_customer",
    "marts",
    "Customers after identity resolution.",
    (
        critical.not_null("customer_key"),
        critical.unique("customer_key"),
    ),
    when_empty="no customer and no lead was delivered",
)

QUARANTINE = Suite(
    "mart_quarantine",
    "marts.quarantine",
    "marts",
    "Rejected rows as published.",
    (
        critical.not_null("reason"),
        critical.not_null("load_id"),
        critical.rows(
            "rejected_rows_are_published",
            "Every rejected row of a completed delivery is published.",
            """
            select q.load_id, q.source_table, q.location, q.reason from raw_files.quarantine as q
            where q.load_id in (select l.load_id from raw_files.loads as l)
                and not exists (
                    select 1 from @rows as t
                    where t.load_id = q.load_id and t.source_table = q.source_table and t.location = q.location
                )
            """,
        ),
    ),
    when_empty="no row was rejected",
)

SUITES = (DEAL_SOURCES, CREDITS, PAYOUT_LINES, PAYOUTS, DIM_EMPLOYEE, DIM_CUSTOMER, QUARANTINE)
