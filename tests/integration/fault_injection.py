"""One thing that is wrong in a built warehouse, and the reconciliation test that must see it.

Belongs here: the faults as data, in words the table of ``dbt_project/tests/README.md``. Does not belong here: how
they are tried (``test_reconciliation_gates``).
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Singular dbt test, the fault in words (the test id), and SQL that changes rows of the demo company."""

    test: str
    what: str
    sql: str


def _one(table: str, key: str, condition: str = "true") -> str:
    return f"{key} = (select min({key}) from {table} where {condition})"


_LINES = "marts.fct_payout_lines"
_FLAT = "status = 'earned' and component = 'closing' and rate is not null and amount > 0"
_POINTS = "component = 'points'"
_RELEASED = "status = 'released'"
_LEFT = (
    "select lines.line_id from marts.fct_payout_lines as lines inner join marts.fct_credits as credits "
    "on lines.deal_id = credits.deal_id and lines.component = credits.pool and lines.employee_id = credits.employee_id "
    "and lines.transaction_id = credits.transaction_id inner join marts.dim_employee as people "
    "on lines.employee_id = people.employee_id and credits.origin_date > people.termination_date "
    "where lines.status = 'held' and lines.amount > 0"
)
_REFUNDED = (
    "select deal_id from scratch.intermediate.int_credited_transactions group by deal_id "
    "having sum(remaining_after - remaining_before) = 0 and min(remaining_after - remaining_before) < 0"
)

FAULTS = (
    Fault(
        "assert_rows_in_are_accepted_or_quarantined",
        "a quarantined row vanishes",
        f"delete from raw_files.quarantine where {_one('raw_files.quarantine', 'location')}",
    ),
    Fault(
        "assert_rows_in_are_accepted_or_quarantined",
        "an accepted row is not landed",
        f"delete from raw_files.deals where {_one('raw_files.deals', 'deal_id')}",
    ),
    Fault(
        "assert_rows_in_are_accepted_or_quarantined",
        "a row comes in that is neither accepted nor quarantined",
        "update raw_files.load_files set rows_in = rows_in + 1 where entity = 'leads'",
    ),
    Fault(
        "assert_quarantine_shows_every_rejected_row",
        "a rejected row is not published",
        f"delete from marts.quarantine where {_one('marts.quarantine', 'location')}",
    ),
    Fault(
        "assert_customers_hold_every_record_once",
        "a lead belongs to no customer",
        "delete from scratch.intermediate.int_customer_identifiers where source = 'leads' and "
        + _one("scratch.intermediate.int_customer_identifiers", "record_id", "source = 'leads'"),
    ),
    Fault(
        "assert_customers_hold_every_record_once",
        "a customer counts a record twice",
        "update marts.dim_customer set record_count = record_count + 1 where "
        + _one("marts.dim_customer", "customer_key", "record_count > 0"),
    ),
    Fault(
        "assert_every_lead_is_judged",
        "a lead has no verdict",
        f"delete from marts.fct_lead_validity where {_one('marts.fct_lead_validity', 'lead_id')}",
    ),
    Fault(
        "assert_lead_verdicts_agree_with_their_reasons",
        "a duplicate is called valid",
        "update marts.fct_lead_validity set is_valid = true where "
        + _one("marts.fct_lead_validity", "lead_id", "reason = 'duplicate'"),
    ),
    Fault(
        "assert_every_deal_has_a_source",
        "a deal has no source",
        f"delete from marts.fct_deal_sources where {_one('marts.fct_deal_sources', 'deal_id')}",
    ),
    Fault(
        "assert_deal_sources_reconcile_with_delivered_deals",
        "a classified deal is a fen larger than delivered",
        f"update marts.fct_deal_sources set amount = amount + 0.01 where {_one('marts.fct_deal_sources', 'deal_id')}",
    ),
    Fault(
        "assert_shares_add_up_to_one",
        "an attribution share is a millionth too large",
        "update marts.fct_attribution set share = share + 0.000001 where model = 'linear' and "
        + _one("marts.fct_attribution", "deal_id"),
    ),
    Fault(
        "assert_shares_add_up_to_one",
        "one closer of several is missing",
        f"delete from marts.fct_credits where {_one('marts.fct_credits', 'credit_id', 'share < 1')}",
    ),
    Fault(
        "assert_marketing_deals_have_originators",
        "a marketing deal has no originators",
        "delete from scratch.intermediate.int_pool_shares where pool = 'origination' and "
        + _one("scratch.intermediate.int_pool_shares", "deal_id", "pool = 'origination'"),
    ),
    Fault(
        "assert_credited_amounts_add_up_to_the_transactions",
        "a credit is a fen too small",
        "update marts.fct_credits set credited_amount = credited_amount - 0.01 where "
        + _one("marts.fct_credits", "credit_id"),
    ),
    Fault(
        "assert_credited_amounts_add_up_to_the_transactions",
        "a transaction has no closers",
        "delete from marts.fct_credits where pool = 'closing' and " + _one("marts.fct_credits", "deal_id"),
    ),
    Fault(
        "assert_credits_reconcile_with_delivered_transactions",
        "a refund is not credited",
        "delete from marts.fct_credits where pool = 'closing' and "
        + _one("marts.fct_credits", "transaction_id", "credited_amount < 0 and transaction_id <> ''"),
    ),
    Fault(
        "assert_credits_add_up_to_the_pool",
        "an earning is a fen too large",
        "update marts.fct_credits set earning_amount = earning_amount + 0.01 where "
        + _one("marts.fct_credits", "credit_id", "pool = 'origination' and rate > 0"),
    ),
    Fault(
        "assert_credits_add_up_to_the_pool",
        "a pool is paid at another rate than shown",
        "update marts.fct_credits set rate = 0.5 where pool = 'closing' and "
        + _one("marts.fct_credits", "deal_id", "pool = 'closing' and rate > 0 and share = 1"),
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
        f"delete from {_LINES} where {_one(_LINES, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_refunded_deals_pay_nothing",
        "a refunded deal keeps its commission",
        f"delete from {_LINES} where component = 'closing' and amount < 0 and status = 'earned' "
        f"and deal_id in ({_REFUNDED})",
    ),
    Fault(
        "assert_every_transfer_is_listed",
        "a transfer is not listed",
        f"delete from marts.fct_transfers where {_one('marts.fct_transfers', 'change_id')}",
    ),
    Fault(
        "assert_every_transfer_is_listed",
        "a deal is paired with two transfers",
        "insert into marts.fct_transfers select * from marts.fct_transfers where "
        + _one("marts.fct_transfers", "deal_id", "deal_id is not null"),
    ),
    Fault(
        "assert_measures_equal_the_credits",
        "a sales amount is not what was credited",
        "update marts.fct_measures set value = value + 1 where measure = 'sales_amount' and period = '2026-03' and "
        + _one("marts.fct_measures", "employee_id", "employee_id not like 'team:%'"),
    ),
    Fault(
        "assert_measures_equal_the_credits",
        "a source of results is missing",
        "delete from marts.fct_result_sources where amount > 0 and "
        + _one("marts.fct_result_sources", "employee_id", "amount > 0"),
    ),
    Fault(
        "assert_points_lines_equal_their_leads",
        "a lead's points are in no line",
        f"delete from {_LINES} where {_one(_LINES, 'line_id', _POINTS)}",
    ),
    Fault(
        "assert_process_bonus_equals_its_lines",
        "a held pool is shown as released",
        "update marts.fct_process_bonus set origination_released = origination_released + origination_held, "
        "origination_held = 0 where origination_held > 0",
    ),
    Fault(
        "assert_rated_lines_equal_rate_times_basis",
        "a growth line pays another rate than it shows",
        f"update {_LINES} set rate = rate + 0.01 where component = 'growth_bonus'",
    ),
    Fault(
        "assert_rated_lines_equal_rate_times_basis",
        "a task line pays another score",
        "update marts.fct_task_results set task_score = task_score + 1",
    ),
    Fault(
        "assert_caps_hold",
        "a component cap is lifted",
        f"delete from {_LINES} where component = 'cap' and reason = 'above_cap' and component_id <> 'plan_cap'",
    ),
    Fault(
        "assert_caps_hold",
        "a plan cap is lifted",
        f"delete from {_LINES} where component = 'cap' and reason = 'above_cap' and component_id = 'plan_cap'",
    ),
    Fault(
        "assert_draws_are_recovered_no_further_than_paid",
        "more is recovered than was advanced",
        f"update {_LINES} set amount = amount - 0.01 where component = 'draw' and reason = 'draw_recovered'",
    ),
    Fault(
        "assert_every_kpi_is_computed_or_observed",
        "a KPI has neither a model nor observations",
        "insert into raw_plans.kpi_catalogue by name select 'unknown' as kpi_id, false as is_observed",
    ),
    Fault(
        "assert_every_line_has_a_plan",
        "a line names no plan",
        f"update {_LINES} set plan_hash = null where {_one(_LINES, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_every_line_has_a_plan",
        "the text of a plan is gone",
        "delete from raw_plans.plan_files where plan_id = 'marketing_sales_2026'",
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "the deal of a line cannot be found",
        "delete from raw_files.deals where " + _one(_LINES, "deal_id", "deal_id is not null"),
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "the records of a delivery that was never completed",
        "update raw_files.deals set _load_id = 'nowhere'",
    ),
    Fault(
        "assert_nothing_is_paid_beyond_its_deal",
        "a payment goes beyond its deal",
        "insert into marts.above_deal values ('D1', 'T1', '2025-03', 'CNY', 100.00, 0.01)",
    ),
    Fault(
        "assert_no_row_lies_in_the_future",
        "a row was typed ahead",
        "insert into marts.in_the_future values ('deals', 1, timestamp '2126-05-20 00:00:00')",
    ),
    Fault(
        "assert_rows_in_quarantine_can_be_assigned",
        "the key of a rejected row cannot be read",
        "update marts.open_quarantine set is_key_readable = false where "
        + _one("marts.open_quarantine", "location"),
    ),
    Fault(
        "assert_released_lines_have_a_held_line",
        "a released line settles nothing",
        f"delete from {_LINES} where status = 'held' "
        f"and md5(line_id || '|settled') = (select min(line_id) from {_LINES} where {_RELEASED})",
    ),
    Fault(
        "assert_released_lines_have_a_held_line",
        "more is released than was held",
        f"update {_LINES} set amount = amount + 1 where {_one(_LINES, 'line_id', _RELEASED)}",
    ),
    Fault(
        "assert_nobody_is_paid_after_leaving",
        "a leaver's held line is paid",
        f"update {_LINES} set status = 'earned', reason = null where line_id in ({_LEFT})",
    ),
    Fault(
        "assert_unresolved_money_is_held",
        "money of an unknown user is paid",
        f"update {_LINES} set employee_id = 'UNRESOLVED' where {_one(_LINES, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_lines_belong_to_computed_months",
        "a line is posted in a month to come",
        f"update {_LINES} set period = '2099-01' where {_one(_LINES, 'line_id')}",
    ),
    Fault(
        "assert_lines_add_up_to_payouts",
        "a line changes after the payouts were made",
        f"update {_LINES} set amount = amount + 0.01 where {_one(_LINES, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_lines_add_up_to_payouts",
        "a payout is missing",
        f"delete from marts.fct_payouts where {_one('marts.fct_payouts', 'employee_id')} and period = '2026-03'",
    ),
    Fault(
        "assert_payouts_carry_forward",
        "a negative balance is forgotten",
        "update marts.fct_payouts set carried_out = -5, net = -5 where period = '2026-03' and carried_out = 0",
    ),
    Fault(
        "assert_payouts_carry_forward",
        "a balance comes from nowhere",
        "update marts.fct_payouts set carried_in = -5 where period = '2026-03' and carried_in = 0",
    ),
)
