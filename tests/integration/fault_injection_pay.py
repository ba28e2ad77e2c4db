"""Faults in what is paid: points, bonuses, lines and payouts (see ``fault_injection``).

Belongs here: faults of lines and payouts. Does not belong here: faults of what comes in and of credits.
"""

from __future__ import annotations

from tests.integration.faults import Fault, one_row

_LINES = "marts.fct_payout_lines"
#: what is calculated now; the tests that prove the computation read it, not what is published
_CALCULATED = "scratch.intermediate.int_payout_lines"
_FLAT = "status = 'earned' and component = 'closing' and rate is not null and amount > 0"
_POINTS = "component = 'points'"
_RELEASED = "status = 'released'"
_LEFT = (
    "select lines.line_id from scratch.intermediate.int_payout_lines as lines inner join marts.fct_credits as credits "
    "on lines.deal_id = credits.deal_id and lines.component = credits.pool and lines.employee_id = credits.employee_id "
    "and lines.transaction_id = credits.transaction_id inner join marts.dim_employee as people "
    "on lines.employee_id = people.employee_id and credits.origin_date > people.termination_date "
    "where lines.status = 'held' and lines.amount > 0"
)


def _changed(view: str, rows: str) -> str:
    """A view of lineage gives its rows, `kept`, and what comes behind."""
    return (
        f"create table kept as select * from {view}; drop view {view}; "
        f"create view {view} as select * from kept {rows}; select count(*) from kept"
    )


PAY_FAULTS = (
    Fault(
        "assert_points_lines_equal_their_leads",
        "a lead's points are in no line",
        f"delete from {_CALCULATED} where {one_row(_CALCULATED, 'line_id', _POINTS)}",
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
        f"update {_CALCULATED} set rate = rate + 0.01 where component = 'growth_bonus'",
    ),
    Fault(
        "assert_rated_lines_equal_rate_times_basis",
        "a task line pays another score",
        "update marts.fct_task_results set task_score = task_score + 1",
    ),
    Fault(
        "assert_caps_hold",
        "a component cap is lifted",
        f"delete from {_CALCULATED} where component = 'cap' and reason = 'above_cap' and component_id <> 'plan_cap'",
    ),
    Fault(
        "assert_caps_hold",
        "a plan cap is lifted",
        f"delete from {_CALCULATED} where component = 'cap' and reason = 'above_cap' and component_id = 'plan_cap'",
    ),
    Fault(
        "assert_draws_are_recovered_no_further_than_paid",
        "more is recovered than was advanced",
        f"update {_CALCULATED} set amount = amount - 0.01 where component = 'draw' and reason = 'draw_recovered'",
    ),
    Fault(
        "assert_every_kpi_is_computed_or_observed",
        "a KPI has neither a model nor observations",
        "insert into raw_plans.kpi_catalogue by name select 'unknown' as kpi_id, false as is_observed",
    ),
    Fault(
        "assert_every_line_has_a_plan",
        "a line names no plan",
        f"update {_CALCULATED} set plan_hash = null where {one_row(_CALCULATED, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_every_line_has_a_plan",
        "the text of a plan is gone",
        "delete from raw_plans.plan_files where plan_id = 'marketing_sales_2026'",
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "the deal of a line cannot be found",
        "delete from raw_files.deals where " + one_row(_LINES, "deal_id", "deal_id is not null"),
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "the records of a delivery that was never completed",
        "update raw_files.deals set _load_id = 'nowhere'",
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "a record is named twice",
        _changed("lineage.source_records", "union all select * from kept where source_table = 'deals'"),
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "a record has no hash",
        _changed(
            "lineage.source_records",
            "where false union all select * replace (null as content_hash) from kept",
        ),
    ),
    Fault(
        "assert_every_line_traces_to_a_source_record",
        "a record belongs to a line that does not exist",
        "insert into raw_ledger.locked_provenance by name "
        "select * replace ('nobody' as line_id) from marts.fct_provenance limit 1",
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
        + one_row("marts.open_quarantine", "location"),
    ),
    Fault(
        "assert_released_lines_have_a_held_line",
        "a released line settles nothing",
        f"delete from {_CALCULATED} where status = 'held' "
        f"and md5(line_id || '|settled') = (select min(line_id) from {_CALCULATED} where {_RELEASED})",
    ),
    Fault(
        "assert_released_lines_have_a_held_line",
        "more is released than was held",
        f"update {_CALCULATED} set amount = amount + 1 where {one_row(_CALCULATED, 'line_id', _RELEASED)}",
    ),
    Fault(
        "assert_nobody_is_paid_after_leaving",
        "a leaver's held line is paid",
        f"update {_CALCULATED} set status = 'earned', reason = null where line_id in ({_LEFT})",
    ),
    Fault(
        "assert_unresolved_money_is_held",
        "money of an unknown user is paid",
        f"update {_LINES} set employee_id = 'UNRESOLVED' where {one_row(_LINES, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_lines_belong_to_computed_months",
        "a line is posted in a month to come",
        f"update {_LINES} set period = '2099-01' where {one_row(_LINES, 'line_id')}",
    ),
    Fault(
        "assert_lines_add_up_to_payouts",
        "a line changes after the payouts were made",
        f"update {_LINES} set amount = amount + 0.01 where {one_row(_LINES, 'line_id', _FLAT)}",
    ),
    Fault(
        "assert_lines_add_up_to_payouts",
        "a payout is missing",
        f"delete from marts.fct_payouts where {one_row('marts.fct_payouts', 'employee_id')} and period = '2026-03'",
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
