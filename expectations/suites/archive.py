"""Suites of the customer archive: formats, staleness and agreement with the audits.

A badly kept archive lowers KPIs; it never stops pay, so formats are warnings. Does not belong here: the
archive KPIs (dbt_project) and the normalisation of phones and names (customer identity).
"""

from expectations.model import critical, warning
from expectations.suites.entities import ENTITIES
from expectations.suites.raw import raw_suite
from expectations.suites.sql import (
    bad_credit_code,
    bad_email,
    bad_phone,
    current,
    delivered_has_rows,
    exists_in,
    in_force,
    plausible,
    volume_against_history,
)

# Bounds set 2026-11 for a look at the source: most of the archive untouched for a year, most audits failed.
STALE_SHARE = "0.9"
WRONG_SHARE = "0.5"

_customers = ENTITIES["customers"]

CUSTOMERS = raw_suite(
    "customers",
    delivered_has_rows(critical, _customers),
    plausible(critical, _customers, "created_at"),
    current(
        warning,
        _customers,
        "credit_codes_are_well_formed",
        "unified_credit_code has 18 characters and a right check digit.",
        bad_credit_code("t.unified_credit_code"),
        "unified_credit_code",
    ),
    current(
        warning,
        _customers,
        "phones_are_well_formed",
        "phone is a phone number.",
        bad_phone("t.phone"),
        "phone",
    ),
    current(
        warning,
        _customers,
        "emails_are_well_formed",
        "email is an e-mail address.",
        bad_email("t.email"),
        "email",
    ),
    current(
        warning,
        _customers,
        "nobody_refers_to_oneself",
        "A customer is not referred by itself.",
        "t.referred_by_customer_id = t.customer_id",
        "referred_by_customer_id",
    ),
    warning.rows(
        "archive_is_kept_up_to_date",
        f"At most {STALE_SHARE} of the customers were not touched within a year of the as-of time.",
        f"""
        with counted as (
            select
                count(*) as customers,
                sum(
                    case when coalesce(t.updated_at, t.created_at) < @as_of - interval 365 day
                    then 1 else 0 end
                ) as stale_customers
            from @rows as t where {in_force(_customers)}
        )
        select * from counted where stale_customers > {STALE_SHARE} * customers
        """,
        "updated_at",
    ),
    volume_against_history(_customers),
    when_empty="no customer record was delivered: customers are known by their leads only",
    meaning="Customer records as they came from their source.",
)

_checks = ENTITIES["archive_checks"]

ARCHIVE_CHECKS = raw_suite(
    "archive_checks",
    plausible(critical, _checks, "checked_at"),
    exists_in(_checks, "customer_id", _customers),
    current(
        warning,
        _checks,
        "verdicts_agree_with_values",
        "A field judged correct has the verified value, a field judged wrong has another.",
        "t.recorded_value is not null and t.verified_value is not null "
        "and t.is_correct <> (trim(t.recorded_value) = trim(t.verified_value))",
        "is_correct",
    ),
    warning.rows(
        "most_audited_fields_are_correct",
        f"At most {WRONG_SHARE} of the audited fields are wrong.",
        f"""
        with counted as (
            select count(*) as fields, sum(case when t.is_correct then 0 else 1 end) as wrong_fields
            from @rows as t where {in_force(_checks)}
        )
        select * from counted where wrong_fields > {WRONG_SHARE} * fields
        """,
        "is_correct",
    ),
    when_empty="no audit of the archive was delivered: archive accuracy has no data",
)

SUITES = (CUSTOMERS, ARCHIVE_CHECKS)
