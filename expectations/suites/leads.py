"""Suites of leads: as delivered, and as classified by the lead rules.

Belongs here: plausibility and rates against history. Does not belong here: the lead rules themselves (dbt_project),
which decide lead by lead and never block a run.
"""

from expectations.model import Suite, critical, warning
from expectations.suites.entities import ENTITIES
from expectations.suites.raw import raw_suite
from expectations.suites.sql import (
    current,
    in_force,
    known_value,
    not_after_as_of,
    plausible,
    volume_against_history,
)

REASONS = (
    "missing_contact",
    "bad_contact",
    "duplicate",
    "existing_customer",
    "out_of_profile",
    "rejected",
    "stale",
)
# Bounds set 2026-11 for a look at the source, not for pay: half of the leads cannot be called, or the share
# of valid leads of a month moved by more than 30 points against the three months before.
NO_CONTACT_SHARE = "0.5"
VALID_SHARE_MOVE = "0.3"

_leads = ENTITIES["leads"]

RAW_LEADS = raw_suite(
    "leads",
    plausible(critical, _leads, "created_at"),
    known_value(critical, _leads, "review_status", "accepted", "rejected"),
    not_after_as_of(_leads, "created_at"),
    current(
        warning,
        _leads,
        "reviews_follow_creation",
        "reviewed_at is not before created_at.",
        "t.reviewed_at < t.created_at",
        "reviewed_at",
    ),
    warning.rows(
        "most_leads_can_be_contacted",
        f"At most {NO_CONTACT_SHARE} of the leads have neither phone nor e-mail nor WeCom id.",
        f"""
        with counted as (
            select
                count(*) as leads,
                sum(
                    case
                    when coalesce(nullif(t.phone, ''), nullif(t.email, ''), nullif(t.wecom_id, '')) is null
                    then 1 else 0 end
                ) as without_contact
            from @rows as t where {in_force(_leads)}
        )
        select * from counted where without_contact > {NO_CONTACT_SHARE} * leads
        """,
    ),
    volume_against_history(_leads),
    when_empty="no lead was delivered, as with a CRM export of deals only: no deal can be marketing-sourced",
    meaning="Leads as they came from their source: the base of points and origination.",
)

LEAD_VALIDITY = Suite(
    "mart_lead_validity",
    "marts.fct_lead_validity",
    "marts",
    "Every lead with its verdict and reasons.",
    (
        critical.not_null("lead_id"),
        critical.unique("lead_id"),
        critical.not_null("is_valid"),
        critical.in_set("reason", *REASONS),
        critical.where(
            "invalid_leads_have_a_reason",
            "A lead has a reason exactly when it is not valid.",
            "t.is_valid = (nullif(t.reason, '') is not null)",
            "is_valid",
            "reason",
        ),
        warning.rows(
            "valid_share_is_like_before",
            f"The valid share of the last month's leads is within {VALID_SHARE_MOVE} of the months before.",
            f"""
            with monthly as (
                select date_trunc('month', t.created_at) as month, count(*) as leads,
                    sum(case when t.is_valid then 1 else 0 end) as valid_leads,
                    row_number() over (order by date_trunc('month', t.created_at) desc) as age
                from @rows as t group by date_trunc('month', t.created_at)
            ),
            shares as (
                select
                    max(case when age = 1 then month end) as month,
                    sum(case when age = 1 then leads end) as leads,
                    sum(case when age = 1 then valid_leads end)
                        / sum(case when age = 1 then leads end) as latest,
                    sum(case when age between 2 and 4 then valid_leads end)
                        / sum(case when age between 2 and 4 then leads end) as before
                from monthly
            )
            select * from shares where leads >= 20 and abs(latest - before) > {VALID_SHARE_MOVE}
            """,
        ),
    ),
    when_empty="no lead was delivered, so none was judged",
)

SUITES = (RAW_LEADS, LEAD_VALIDITY)
