"""One thing that is wrong in a built warehouse, and the reconciliation test that must see it.

Belongs here: the faults as data, in words the table of ``dbt_project/tests/README.md``. Does not belong here: how
they are tried (``test_reconciliation_gates``).
"""

from __future__ import annotations

from tests.integration.fault_injection_pay import PAY_FAULTS
from tests.integration.faults import Fault, one_row

_CALCULATED = "scratch.intermediate.int_payout_lines"
_FLAT = "status = 'earned' and component = 'closing' and rate is not null and amount > 0"
_REFUNDED = (
    "select deal_id from scratch.intermediate.int_credited_transactions group by deal_id "
    "having sum(remaining_after - remaining_before) = 0 and min(remaining_after - remaining_before) < 0"
)

FAULTS = (
    Fault(
        "assert_rows_in_are_accepted_or_quarantined",
        "a quarantined row vanishes",
        f"delete from raw_files.quarantine where {one_row('raw_files.quarantine', 'location')}",
    ),
    Fault(
        "assert_rows_in_are_accepted_or_quarantined",
        "an accepted row is not landed",
        f"delete from raw_files.deals where {one_row('raw_files.deals', 'deal_id')}",
    ),
    Fault(
        "assert_rows_in_are_accepted_or_quarantined",
        "a row comes in that is neither accepted nor quarantined",
        "update raw_files.load_files set rows_in = rows_in + 1 where entity = 'leads'",
    ),
    Fault(
        "assert_quarantine_shows_every_rejected_row",
        "a rejected row is not published",
        f"delete from marts.quarantine where {one_row('marts.quarantine', 'location')}",
    ),
    Fault(
        "assert_customers_hold_every_record_once",
        "a lead belongs to no customer",
        "delete from scratch.intermediate.int_customer_identifiers where source = 'leads' and "
        + one_row("scratch.intermediate.int_customer_identifiers", "record_id", "source = 'leads'"),
    ),
    Fault(
        "assert_customers_hold_every_record_once",
        "a customer counts a record twice",
        "update marts.dim_customer set record_count = record_count + 1 where "
        + one_row("marts.dim_customer", "customer_key", "record_count > 0"),
    ),
    Fault(
        "assert_every_lead_is_judged",
        "a lead has no verdict",
        f"delete from marts.fct_lead_validity where {one_row('marts.fct_lead_validity', 'lead_id')}",
    ),
    Fault(
        "assert_lead_verdicts_agree_with_their_reasons",
        "a duplicate is called valid",
        "update marts.fct_lead_validity set is_valid = true where "
        + one_row("marts.fct_lead_validity", "lead_id", "reason = 'duplicate'"),
    ),
    Fault(
        "assert_every_deal_has_a_source",
        "a deal has no source",
        f"delete from marts.fct_deal_sources where {one_row('marts.fct_deal_sources', 'deal_id')}",
    ),
    Fault(
        "assert_deal_sources_reconcile_with_delivered_deals",
        "a classified deal is a fen larger than delivered",
        "update marts.fct_deal_sources set amount = amount + 0.01 where "
        + one_row("marts.fct_deal_sources", "deal_id"),
    ),
    Fault(
        "assert_shares_add_up_to_one",
        "an attribution share is a millionth too large",
        "update marts.fct_attribution set share = share + 0.000001 where model = 'linear' and "
        + one_row("marts.fct_attribution", "deal_id"),
    ),
    Fault(
        "assert_shares_add_up_to_one",
        "one closer of several is missing",
        f"delete from marts.fct_credits where {one_row('marts.fct_credits', 'credit_id', 'share < 1')}",
    ),
    Fault(
        "assert_marketing_deals_have_originators",
        "a marketing deal has no originators",
        "delete from scratch.intermediate.int_pool_shares where pool = 'origination' and "
        + one_row("scratch.intermediate.int_pool_shares", "deal_id", "pool = 'origination'"),
    ),
    Fault(
        "assert_credited_amounts_add_up_to_the_transactions",
        "a credit is a fen too small",
        "update marts.fct_credits set credited_amount = credited_amount - 0.01 where "
        + one_row("marts.fct_credits", "credit_id"),
    ),
    Fault(
        "assert_credited_amounts_add_up_to_the_transactions",
        "a transaction has no closers",
        "delete from marts.fct_credits where pool = 'closing' and " + one_row("marts.fct_credits", "deal_id"),
    ),
    Fault(
        "assert_credits_reconcile_with_delivered_transactions",
        "a refund is not credited",
        "delete from marts.fct_credits where pool = 'closing' and "
        + one_row("marts.fct_credits", "transaction_id", "credited_amount < 0 and transaction_id <> ''"),
    ),
    Fault(
        "assert_credits_add_up_to_the_pool",
        "an earning is a fen too large",
        "update marts.fct_credits set earning_amount = earning_amount + 0.01 where "
        + one_row("marts.fct_credits", "credit_id", "pool = 'origination' and rate > 0"),
    ),
    Fault(
        "assert_credits_add_up_to_the_pool",
        "a pool is paid at another rate than shown",
        "update marts.fct_credits set rate = 0.5 where pool = 'closing' and "
        + one_row("marts.fct_credits", "deal_id", "pool = 'closing' and rate > 0 and share = 1"),
    ),
    Fault(
        "assert_interval_earnings_equal_the_table",
        "a part of an interval's earning is a fen too small",
        "update scratch.intermediate.int_table_earnings set earning_amount = earning_amount - 0.01 "
        "where deal_id = (select min(deal_id) from scratch.intermediate.int_table_earnings)",
    ),
    Fault(
        "assert_interval_earnings_equal_the_table",
        "a credit of an interval is paid twice",
        "insert into scratch.intermediate.int_table_earnings select * from scratch.intermediate.int_table_earnings "
        "where deal_id = (select min(deal_id) from scratch.intermediate.int_table_earnings)",
    ),
    Fault(
        "assert_tiers_reached_earn_what_their_credits_earn",
        "a total earns more than its credits were handed",
        "update scratch.intermediate.int_tiers_reached set earning_amount = earning_amount + 0.01",
    ),
    Fault(
        "assert_lines_equal_their_credits",
        "a commission line is lost",
        f"delete from {_CALCULATED} where {one_row(_CALCULATED, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_refunded_deals_pay_nothing",
        "a refunded deal keeps its commission",
        f"delete from {_CALCULATED} where component = 'closing' and amount < 0 and status = 'earned' "
        f"and deal_id in ({_REFUNDED})",
    ),
    Fault(
        "assert_every_transfer_is_listed",
        "a transfer is not listed",
        f"delete from marts.fct_transfers where {one_row('marts.fct_transfers', 'change_id')}",
    ),
    Fault(
        "assert_every_transfer_is_listed",
        "a deal is paired with two transfers",
        "insert into marts.fct_transfers select * from marts.fct_transfers where "
        + one_row("marts.fct_transfers", "deal_id", "deal_id is not null"),
    ),
    Fault(
        "assert_measures_equal_the_credits",
        "a sales amount is not what was credited",
        "update marts.fct_measures set value = value + 1 where measure = 'sales_amount' and period = '2026-03' and "
        + one_row("marts.fct_measures", "employee_id", "employee_id not like 'team:%'"),
    ),
    Fault(
        "assert_measures_equal_the_credits",
        "a source of results is missing",
        "delete from marts.fct_result_sources where amount > 0 and "
        + one_row("marts.fct_result_sources", "employee_id", "amount > 0"),
    ),
    *PAY_FAULTS,
)
