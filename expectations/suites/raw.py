"""Suites of the landed deliveries: every template, the facts that make money, and the load accounting.

Rows that break their template were quarantined at the import, so a critical check here means that the landing itself
went wrong. Only rows in force are validated: a bad row that a later delivery corrected blocks nothing. Leads and the
customer archive have modules of their own.
"""

from expectations.model import Check, Suite, critical, warning
from expectations.suites.entities import ENTITIES, META_COLUMNS, Entity
from expectations.suites.sql import (
    ABSURD_AMOUNT,
    COMPLETED,
    NOT_A_CURRENCY,
    current,
    delivered_has_rows,
    exists_in,
    in_force,
    known_value,
    not_after_as_of,
    plausible,
    volume_against_history,
)

# Share set 2026-11: more than one rejected row in five means a wrong mapping, not a few slips.
QUARANTINE_SHARE = "0.2"
_STAMP = ("_load_id", "_load_seq", "_file", "_content_hash", "_is_deleted")


def landing_checks(entity: Entity) -> tuple[Check, ...]:
    """What holds for every raw table: columns, stamped rows, filled keys, one row per key and delivery."""
    key = ", ".join(f"t.{column}" for column in entity.key)
    unstamped = " or ".join(f"t.{column} is null" for column in (*_STAMP, *entity.key))
    unstamped += " or (t._line is null and not t._is_deleted)"
    checks = [
        critical.has_columns(*entity.key, *entity.required, *META_COLUMNS),
        critical.where(
            "keys_are_filled",
            "Every row has its key, delivery, file, line (unless it marks a deletion) and hash.",
            unstamped,
        ),
        critical.rows(
            "keys_are_unique_within_a_delivery",
            f"One delivery has one row per {', '.join(entity.key)}.",
            f"select t._load_id, {key}, count(*) as rows_found from @rows as t "
            f"group by t._load_id, {key} having count(*) > 1",
            *entity.key,
        ),
    ]
    checks.append(_landed_rows(entity))
    if entity.required:
        missing = " or ".join(f"t.{column} is null" for column in entity.required)
        meaning = f"{', '.join(entity.required)} are filled."
        checks.append(
            current(critical, entity, "required_columns_are_filled", meaning, missing, *entity.required)
        )
    return tuple(checks)


def _landed_rows(entity: Entity) -> Check:
    return critical.rows(
        "landed_rows_are_those_accepted",
        "A completed delivery landed as many rows as its account says: accepted less duplicates.",
        f"""
        with landed as (
            select t._load_id as load_id,
                sum(case when coalesce(t._is_deleted, false) then 0 else 1 end) as rows_landed
            from @rows as t where t._load_id in {COMPLETED} group by t._load_id
        ),
        accounts as (
            select f.load_id, sum(f.rows_accepted - f.rows_duplicate) as rows_expected
            from raw_files.load_files as f
            where f.entity = '{entity.name}' and f.load_id in {COMPLETED} group by f.load_id
        )
        select coalesce(landed.load_id, accounts.load_id) as load_id, rows_landed, rows_expected
        from landed full outer join accounts on landed.load_id = accounts.load_id
        where coalesce(rows_landed, 0) <> coalesce(rows_expected, 0)
        """,
    )


def raw_suite(name: str, *checks: Check, when_empty: str, meaning: str = "") -> Suite:
    """The suite `raw_<name>`: the checks of every landing, then the given ones."""
    entity = ENTITIES[name]
    told = meaning or f"Landed rows of the template {name}."
    return Suite(f"raw_{name}", entity.table, "raw", told, (*landing_checks(entity), *checks), when_empty)


def _amount(entity: Entity, *, signed: bool) -> Check:
    lower = f"t.amount < -{ABSURD_AMOUNT}" if signed else "t.amount < 0"
    meaning = f"amount lies between {'minus ' + ABSURD_AMOUNT if signed else '0'} and {ABSURD_AMOUNT}."
    return current(
        critical, entity, "amount_is_plausible", meaning, f"{lower} or t.amount > {ABSURD_AMOUNT}", "amount"
    )


def _currency(entity: Entity) -> Check:
    meaning = "currency has three capital letters (ISO 4217)."
    return current(critical, entity, "currency_has_three_letters", meaning, NOT_A_CURRENCY, "currency")


_deals = ENTITIES["deals"]
DEALS = raw_suite(
    "deals",
    delivered_has_rows(critical, _deals),
    _amount(_deals, signed=False),
    _currency(_deals),
    plausible(critical, _deals, "signed_at"),
    known_value(critical, _deals, "status", "signed", "cancelled"),
    not_after_as_of(_deals, "signed_at"),
    exists_in(_deals, "customer_id", ENTITIES["customers"]),
    volume_against_history(_deals),
    when_empty="no deal was delivered: nothing is credited on deals",
    meaning="Deals as they came from their source: the base of every commission.",
)

_transactions = ENTITIES["transactions"]
TRANSACTIONS = raw_suite(
    "transactions",
    _amount(_transactions, signed=True),
    _currency(_transactions),
    plausible(critical, _transactions, "occurred_at"),
    known_value(critical, _transactions, "kind", "invoice", "payment", "refund", "cancellation"),
    exists_in(_transactions, "deal_id", _deals),
    volume_against_history(_transactions),
    when_empty="no invoice, payment or refund was delivered: deals are paid on signing only",
)

_splits = ENTITIES["deal_splits"]
SPLITS = raw_suite(
    "deal_splits",
    known_value(warning, _splits, "pool", "closing", "collaboration"),
    exists_in(_splits, "deal_id", _deals),
    warning.rows(
        "shares_add_up_to_one",
        "The shares of a deal and pool add up to 1; otherwise the deal is held.",
        "select t.deal_id, t.pool, sum(t.share) as shares from @rows as t "
        f"where {in_force(_splits)} group by t.deal_id, t.pool having sum(t.share) <> 1",
        "share",
    ),
    when_empty="no deal is split: the owner at signing closes alone",
)

_employees = ENTITIES["employees"]
EMPLOYEES = raw_suite(
    "employees",
    delivered_has_rows(critical, _employees),
    current(
        critical,
        _employees,
        "bonus_base_is_not_negative",
        "bonus_base is not negative.",
        "t.bonus_base < 0",
        "bonus_base",
    ),
    current(
        warning,
        _employees,
        "leavers_left_after_they_came",
        "termination_date is not before hire_date.",
        "t.termination_date < t.hire_date",
        "hire_date",
        "termination_date",
    ),
    when_empty="no employee was delivered: every credit stays UNRESOLVED",
)

_rates = ENTITIES["fx_rates"]
FX_RATES = raw_suite(
    "fx_rates",
    _currency(_rates),
    current(
        critical,
        _rates,
        "rate_is_positive",
        "rate_to_base is positive.",
        "t.rate_to_base <= 0",
        "rate_to_base",
    ),
    when_empty="no exchange rate was delivered: all money has to be in the plan's currency",
)

_adjustments = ENTITIES["adjustments"]
ADJUSTMENTS = raw_suite(
    "adjustments",
    _amount(_adjustments, signed=True),
    _currency(_adjustments),
    current(
        critical,
        _adjustments,
        "author_is_not_the_approver",
        "An adjustment is approved by someone other than its author.",
        "t.author = t.approver",
        "author",
        "approver",
    ),
    when_empty="nothing was adjusted by hand",
)

LOADS = Suite(
    "raw_loads",
    "raw_files.loads",
    "raw",
    "Completed deliveries; a delivery without a row here is invisible.",
    (
        critical.not_null("load_id"),
        critical.unique("load_id"),
        critical.unique("load_seq"),
        critical.not_null("delivery_hash"),
        critical.rows(
            "every_delivery_lists_its_files",
            "A completed delivery has at least one file.",
            "select t.* from @rows as t "
            "where t.load_id not in (select f.load_id from raw_files.load_files as f)",
        ),
    ),
    when_empty="nothing was ever delivered",
)

LOAD_FILES = Suite(
    "raw_load_files",
    "raw_files.load_files",
    "raw",
    "The account of every delivered file: rows in = rows accepted + rows quarantined.",
    (
        critical.where(
            "rows_in_are_accepted_or_quarantined",
            "rows_in = rows_accepted + rows_quarantined, always.",
            "t.rows_in is distinct from t.rows_accepted + t.rows_quarantined",
            "rows_in",
        ),
        critical.where(
            "duplicates_are_accepted_rows",
            "rows_duplicate is between 0 and rows_accepted.",
            "t.rows_duplicate is null or t.rows_duplicate < 0 or t.rows_duplicate > t.rows_accepted",
            "rows_duplicate",
        ),
        critical.rows(
            "quarantined_rows_are_in_quarantine",
            "A delivery has quarantined rows in its account exactly when they lie in quarantine.",
            f"""
            with accounts as (
                select t.load_id, sum(t.rows_quarantined) as rows_quarantined
                from @rows as t where t.load_id in {COMPLETED} group by t.load_id
            ),
            kept as (
                select q.load_id, count(*) as rows_kept from raw_files.quarantine as q group by q.load_id
            )
            select accounts.*, kept.rows_kept
            from accounts left join kept on accounts.load_id = kept.load_id
            where (accounts.rows_quarantined > 0) <> (coalesce(kept.rows_kept, 0) > 0)
            """,
        ),
        warning.where(
            "few_rows_are_quarantined",
            f"At most {QUARANTINE_SHARE} of the rows of a file are quarantined.",
            f"t.rows_quarantined > {QUARANTINE_SHARE} * t.rows_in",
            "rows_quarantined",
        ),
    ),
    when_empty="nothing was ever delivered",
)

QUARANTINE = Suite(
    "raw_quarantine",
    "raw_files.quarantine",
    "raw",
    "Rejected rows, each with its place and reason.",
    (
        critical.not_null("reason"),
        critical.not_null("source_table"),
        critical.not_null("location"),
        critical.not_null("load_id"),
    ),
    when_empty="no row was rejected",
)

_SPECIAL = (DEALS, TRANSACTIONS, SPLITS, EMPLOYEES, FX_RATES, ADJUSTMENTS)
_ELSEWHERE = {"leads", "customers", "archive_checks"}  # leads.py, archive.py
_GENERIC = tuple(
    raw_suite(name, when_empty=f"no {name.replace('_', ' ')} were delivered")
    for name in ENTITIES
    if name not in _ELSEWHERE and f"raw_{name}" not in {suite.name for suite in _SPECIAL}
)

SUITES = (LOADS, LOAD_FILES, QUARANTINE, *_SPECIAL, *_GENERIC)
