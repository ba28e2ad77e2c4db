"""One way to break each critical check: suite → check → statements run against the good warehouse.

Here belong the bad rows. Not here: assertions. The checks every raw table shares are faulty for all tables at
once (`SHARED`).
"""

from expectations.suites.entities import ENTITIES

SHARED = {
    "columns_are_present": [f"alter table {e.table} drop column _content_hash" for e in ENTITIES.values()],
    "keys_are_filled": [f"insert into {e.table} ({e.key[0]}) values (null)" for e in ENTITIES.values()],
    "keys_are_unique_within_a_delivery": [
        f"insert into {e.table} by name (select {{key}}, '000001-abc' as _load_id from range(2))".replace(
            "{key}", ", ".join(f"{{{column}}} as {column}" for column in e.key)
        )
        for e in ENTITIES.values()
    ],
    "required_columns_are_filled": [
        f"insert into {e.table} by name (select {{key}}, '000001-abc' as _load_id, 1 as _load_seq, 'f' as _file, "
        "9 as _line, 'h' as _content_hash, false as _is_deleted)".replace(
            "{key}", ", ".join(f"{{{column}}} as {column}" for column in e.key)
        )
        for e in ENTITIES.values()
        if e.required
    ],
    "landed_rows_are_those_accepted": [
        f"insert into raw_files.load_files values ('000001-abc', '{name}', 'g', 'x', 9, 9, 1, 0)"
        for name in ENTITIES
    ],
}


def _row(table: str, **values: str) -> str:
    stamp = {
        "_load_id": "'000001-abc'",
        "_load_seq": "1",
        "_file": "'f'",
        "_line": "9",
        "_content_hash": "'h'",
        "_is_deleted": "false",
    }
    filled = {**values, **stamp} if table.startswith("raw_files.") else values
    return f"insert into {table} ({', '.join(filled)}) values ({', '.join(filled.values())})"


def _set(table: str, assignment: str, where: str = "true") -> str:
    return f"update {table} set {assignment} where {where}"


_COLUMN_OF_NULL = {
    "raw_loads": ("raw_files.loads", ["load_id", "delivery_hash"]),
    "raw_quarantine": ("raw_files.quarantine", ["reason", "source_table", "location", "load_id"]),
    "mart_lead_validity": ("marts.fct_lead_validity", ["lead_id", "is_valid"]),
    "mart_deal_sources": ("marts.fct_deal_sources", ["deal_id", "customer_key", "source"]),
    "mart_credits": ("marts.fct_credits", ["credit_id", "deal_id", "employee_id", "earning_amount", "pool"]),
    "mart_payout_lines": (
        "marts.fct_payout_lines",
        ["line_id", "employee_id", "amount", "component", "status"],
    ),
    "mart_payouts": ("marts.fct_payouts", ["employee_id", "period", "currency", "net"]),
    "mart_dim_employee": ("marts.dim_employee", ["employee_id", "valid_from"]),
    "mart_dim_customer": ("marts.dim_customer", ["customer_key"]),
    "mart_quarantine": ("marts.quarantine", ["reason", "load_id"]),
}
_REPEATED = {
    "raw_loads": ("raw_files.loads", ["load_id", "load_seq"]),
    "mart_lead_validity": ("marts.fct_lead_validity", ["lead_id"]),
    "mart_deal_sources": ("marts.fct_deal_sources", ["deal_id"]),
    "mart_credits": ("marts.fct_credits", ["credit_id"]),
    "mart_payout_lines": ("marts.fct_payout_lines", ["line_id"]),
    "mart_payouts": ("marts.fct_payouts", ["employee_id_and_period_and_currency"]),
    "mart_dim_employee": ("marts.dim_employee", ["employee_id_and_valid_from"]),
    "mart_dim_customer": ("marts.dim_customer", ["customer_key"]),
}
_LINES = "marts.fct_payout_lines"
_PAYOUTS = "marts.fct_payouts"
_BEFORE = "timestamp '1899-12-31'"
_OWN: dict[str, dict[str, list[str]]] = {
    "raw_deals": {
        "delivered_file_has_rows": ["delete from raw_files.deals"],
        "amount_is_plausible": [_set("raw_files.deals", "amount = -0.01", "deal_id = 'D1'")],
        "currency_has_three_letters": [_set("raw_files.deals", "currency = 'cny'", "deal_id = 'D1'")],
        "signed_at_is_plausible": [_set("raw_files.deals", f"signed_at = {_BEFORE}", "deal_id = 'D1'")],
        "status_is_known": [_set("raw_files.deals", "status = 'won'", "deal_id = 'D1'")],
    },
    "raw_transactions": {
        "amount_is_plausible": [_set("raw_files.transactions", "amount = 1000000000001")],
        "currency_has_three_letters": [_set("raw_files.transactions", "currency = 'RMB¥'")],
        "occurred_at_is_plausible": [_set("raw_files.transactions", f"occurred_at = {_BEFORE}")],
        "kind_is_known": [_set("raw_files.transactions", "kind = 'gift'")],
    },
    "raw_employees": {
        "delivered_file_has_rows": ["delete from raw_files.employees"],
        "bonus_base_is_not_negative": [_set("raw_files.employees", "bonus_base = -1")],
    },
    "raw_fx_rates": {
        "currency_has_three_letters": [_set("raw_files.fx_rates", "currency = 'US'")],
        "rate_is_positive": [_set("raw_files.fx_rates", "rate_to_base = 0")],
    },
    "raw_adjustments": {
        "amount_is_plausible": [_set("raw_files.adjustments", "amount = -1000000000001")],
        "currency_has_three_letters": [_set("raw_files.adjustments", "currency = 'US'")],
        "author_is_not_the_approver": [_set("raw_files.adjustments", "approver = author")],
    },
    "raw_loads": {"every_delivery_lists_its_files": ["delete from raw_files.load_files"]},
    "raw_load_files": {
        "rows_in_are_accepted_or_quarantined": [
            _set("raw_files.load_files", "rows_in = 9", "entity = 'deals'")
        ],
        "duplicates_are_accepted_rows": [
            _set("raw_files.load_files", "rows_duplicate = 4", "entity = 'deals'")
        ],
        "quarantined_rows_are_in_quarantine": ["delete from raw_files.quarantine"],
    },
    "raw_leads": {
        "created_at_is_plausible": [_set("raw_files.leads", f"created_at = {_BEFORE}")],
        "review_status_is_known": [_set("raw_files.leads", "review_status = 'maybe'")],
    },
    "raw_customers": {
        "delivered_file_has_rows": ["delete from raw_files.customers"],
        "created_at_is_plausible": [_set("raw_files.customers", f"created_at = {_BEFORE}")],
    },
    "raw_archive_checks": {
        "checked_at_is_plausible": [_set("raw_files.archive_checks", f"checked_at = {_BEFORE}")]
    },
    "mart_lead_validity": {
        "reason_is_known": [_set("marts.fct_lead_validity", "is_valid = false, reason = 'ugly'")],
        "invalid_leads_have_a_reason": [_set("marts.fct_lead_validity", "is_valid = false")],
    },
    "mart_deal_sources": {
        "source_is_known": [_set("marts.fct_deal_sources", "source = 'luck'")],
        "period_is_a_month": [_set("marts.fct_deal_sources", "period = '2026-13'")],
        "deals_come_from_the_source": ["delete from raw_files.deals where deal_id = 'D1'"],
        "signed_deals_are_classified": ["delete from marts.fct_deal_sources where deal_id = 'D1'"],
        "amounts_are_those_of_the_deals": [
            _set("marts.fct_deal_sources", "amount = 1000.01", "deal_id = 'D1'")
        ],
    },
    "mart_credits": {
        "pool_is_known": [_set("marts.fct_credits", "pool = 'tips'", "credit_id = 'K3'")],
        "shares_are_between_zero_and_one": [_set("marts.fct_credits", "share = -1", "credit_id = 'K3'")],
        "shares_add_up_to_one": [_set("marts.fct_credits", "share = 0.999999", "credit_id = 'K3'")],
        "credits_add_up_to_the_pool": [
            _set("marts.fct_credits", "earning_amount = 24.99", "credit_id = 'K3'")
        ],
        "credited_deals_are_classified": [_set("marts.fct_credits", "deal_id = 'D9'", "credit_id = 'K3'")],
    },
    "mart_payout_lines": {
        "component_is_known": [_set(_LINES, "component = 'tips'", "line_id = 'n3'")],
        "status_is_known": [_set(_LINES, "status = 'maybe'", "line_id = 'n3'")],
        "amounts_have_two_decimals": [f"alter table {_LINES} alter amount type decimal(18,4)"],
        "currency_has_three_letters": [_set(_LINES, "currency = null", "line_id = 'n3'")],
        "period_is_a_month": [_set(_LINES, "period = '2026-Q4'", "line_id = 'n3'")],
        "lines_have_a_plan": [_set(_LINES, "plan_hash = ''", "line_id = 'n3'")],
        "plans_are_known": [_set(_LINES, "plan_hash = 'h2'", "line_id = 'n3'")],
        "held_lines_have_a_reason": [_set(_LINES, "reason = ''", "line_id = 'n4'")],
        "employees_are_known": [_set(_LINES, "employee_id = 'E7'", "line_id = 'n3'")],
        "unresolved_people_are_not_paid": [_set(_LINES, "employee_id = 'UNRESOLVED'", "line_id = 'n3'")],
        "lines_reconcile_with_credits": ["delete from marts.fct_credits where credit_id = 'K3'"],
    },
    "mart_payouts": {
        "lines_add_up_to_payouts": [
            _set(_PAYOUTS, "gross = 45.01", "employee_id = 'E1' and period = '2026-10'")
        ],
        "held_lines_add_up_to_held": [_set(_PAYOUTS, "gross = 50, held = 50", "employee_id = 'E2'")],
        "net_is_the_sum_of_its_parts": [_set(_PAYOUTS, "net = 0.01, payable = 0.01", "employee_id = 'E2'")],
        "payable_is_net_or_nothing": [_set(_PAYOUTS, "payable = -2", "period = '2026-11'")],
        "a_negative_net_is_carried_on": [_set(_PAYOUTS, "carried_out = 0", "period = '2026-11'")],
        "what_was_carried_out_is_carried_in": [
            _row(
                _PAYOUTS,
                employee_id="'E1'",
                period="'2026-12'",
                currency="'CNY'",
                gross="0",
                held="0",
                adjustments="0",
                true_ups="0",
                carried_in="0",
                net="0",
                carried_out="0",
            )
        ],
    },
    "mart_dim_employee": {
        "validity_has_a_length": [_set("marts.dim_employee", "valid_to = valid_from", "employee_id = 'E2'")],
        "validities_do_not_overlap": [
            _set("marts.dim_employee", "valid_to = date '2026-06-02'", "valid_to = date '2026-06-01'")
        ],
    },
    "mart_quarantine": {"rejected_rows_are_published": ["delete from marts.quarantine"]},
}


def faults() -> dict[tuple[str, str], list[str]]:
    """Every way to break a check that is not shared by all raw tables."""
    found = {(suite, check): sql for suite, checks in _OWN.items() for check, sql in checks.items()}
    for suite, (table, columns) in _COLUMN_OF_NULL.items():
        for column in columns:
            found[suite, f"{column}_is_filled"] = [f"update {table} set {column} = null"]
    for suite, (table, keys) in _REPEATED.items():
        for key in keys:
            found[suite, f"{key}_is_unique"] = [f"insert into {table} select * from {table} limit 1"]
    return found


def shared_faults(key_values: dict[str, str]) -> dict[str, list[str]]:
    """Ways to break the shared checks of all raw tables; `key_values` gives a literal for each key column."""
    return {check: [sql.format_map(key_values) for sql in statements] for check, statements in SHARED.items()}
