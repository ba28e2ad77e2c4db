"""A tiny computed warehouse: one deal with a refund, a bonus without a deal, and the rows they rest on.

Here belong the rows the tests of delivery read. Not here: assertions.
"""

from pathlib import Path

import duckdb

ID_CLOSING = "aa11" + "0" * 28
ID_REFUND = "aa22" + "0" * 28
ID_POINTS = "bb33" + "0" * 28

_STATEMENTS = (
    """
create schema raw_files;
create schema marts;
create table raw_files.deals (deal_id varchar, amount decimal(18,2), signed_at timestamp, extra varchar,
    _load_id varchar, _load_seq bigint, _file varchar, _line bigint, _content_hash varchar, _is_deleted boolean);
insert into raw_files.deals values
    ('D0', 1000, timestamp '2026-10-05', null, '000001-abc', 1, 'deals.csv', 2, 'same', false),
    ('D1', 1000, timestamp '2026-10-05', '{"note":"x"}', '000001-abc', 1, 'deals.csv', 3, 'same', false),
    ('D1', 999, timestamp '2026-10-05', null, '000002-def', 2, 'deals.csv', 2, 'newer', false);
create table raw_files.transactions as
    select 'T1' as transaction_id, 'D1' as deal_id, '000001-abc' as _load_id, 'tx.csv' as _file,
        cast(7 as bigint) as _line, 'tx' as _content_hash;
create table marts.dim_plan_version (plan_hash varchar, plan_id varchar, file varchar, content varchar,
    canonical_json varchar);
insert into marts.dim_plan_version values ('h1', 'p1', 'plans/p1.yml', 'plan_id: p1',
    '{"plan_id": "p1", "currency": "CNY",
    "components": [{"id": "closing", "type": "commission", "rates": {"marketing": "0.02"}}],
    "crediting": {"basis": "signed", "journey": {}}}');
create table marts.dim_plan as select 'p1' as plan_id, 'h1' as plan_hash;
create table marts.dim_employee as select * from (values ('E1', 'An'), ('E2', 'Bo')) as t(employee_id, name);
create table marts.fct_deal_sources (deal_id varchar, period varchar, amount decimal(18,2), currency varchar,
    source varchar, is_creditable boolean, policy_id varchar);
insert into marts.fct_deal_sources values
    ('D1', '2026-10', 1000, 'CNY', 'marketing', true, 'p1'), ('D2', '2026-10', 70, 'USD', 'referral', true, 'p1'),
    ('D3', '2026-10', 500, 'CNY', 'repurchase', false, 'p1');
create table marts.fct_credits (credit_id varchar, deal_id varchar, transaction_id varchar, period varchar,
    currency varchar, pool varchar, employee_id varchar, earning_amount decimal(18,2), business_date date);
insert into marts.fct_credits values
    ('K1', 'D1', '', '2026-10', 'CNY', 'closing', 'E1', 20, date '2026-10-05'),
    ('K2', 'D1', 'T1', '2026-11', 'CNY', 'closing', 'E1', -5, date '2026-11-05'),
    ('K3', 'D1', '', '2026-10', 'CNY', 'closing', 'E2', 10, date '2026-10-05');
create table marts.fct_payout_lines (line_id varchar, period varchar, employee_id varchar, component varchar,
    deal_id varchar, transaction_id varchar, amount decimal(18,2), currency varchar, status varchar,
    plan_hash varchar, component_id varchar, plan_id varchar, origin_period varchar, settles_line_id varchar,
    run_id varchar, basis_amount decimal(18,2), rate decimal(18,12), reason varchar);
insert into marts.fct_payout_lines values
    ('$closing', '2026-10', 'E1', 'closing', 'D1', '', 20, 'CNY', 'earned', 'h1', 'closing', 'p1', '2026-10', null,
        'r1', 1000, 0.02, null),
    ('$refund', '2026-11', 'E1', 'closing', 'D1', 'T1', -5, 'CNY', 'earned', 'h1', 'closing', 'p1', '2026-10', null,
        'r1', -250, 0.02, null),
    ('$points', '2026-10', 'E2', 'points', null, null, 30, 'CNY', 'held', 'h9', 'points', 'p9', '2026-10', null,
        'r1', 30, 1, 'unresolved');
alter table marts.fct_payout_lines add column corrects_line_id varchar;
create table marts.fct_tier_steps (employee_id varchar, plan_hash varchar, component_id varchar, interval_id varchar,
    step_no bigint, deal_id varchar, transaction_id varchar, pool varchar);
create table marts.fct_transfers (deal_id varchar, change_id varchar);
create table marts.fct_points (lead_id varchar, employee_id varchar, period varchar, plan_hash varchar,
    component_id varchar, points decimal(18,6));
insert into marts.fct_points values ('L1', 'E2', '2026-10', 'h9', 'points', 30);
create table marts.fct_measures as
    select 'E2' as employee_id, '2026-10' as period, 'valid_leads' as measure, 1 as value;
create schema lineage;
create table lineage.line_links (line_id varchar, linked_line_id varchar);
insert into lineage.line_links values ('$refund', '$closing');
create table lineage.line_records as select * from (values ('$closing', 'deals', 'D1'), ('$refund', 'deals', 'D1'),
    ('$refund', 'transactions', 'T1')) as t(line_id, source_table, record_id);
create table lineage.line_facts as select '$points' as line_id, 'measure' as kind, 'employee' as scope,
    'E2' as subject_id, '2026-10' as period, 'valid_leads' as name;
create table lineage.fact_records as select 'measure' as kind, 'employee' as scope, 'E2' as subject_id,
    '2026-10' as period, 'valid_leads' as name, 'leads' as source_table, 'L1' as record_id;
create table lineage.source_records as select * from (values ('files', 'deals', 'D1', '000001-abc', 'same'),
    ('files', 'transactions', 'T1', '000001-abc', 'tx'), ('files', 'leads', 'L1', '000001-abc', 'lead'))
    as t(source, source_table, record_id, load_id, content_hash);
create table marts.fct_payouts (employee_id varchar, period varchar, currency varchar, gross decimal(18,2),
    held decimal(18,2), adjustments decimal(18,2), true_ups decimal(18,2), net decimal(18,2), payable decimal(18,2));
insert into marts.fct_payouts values
    ('E1', '2026-10', 'CNY', 20, 0, 0, 0, 20, 20), ('E1', '2026-11', 'CNY', -5, 0, 0, 0, -5, 0),
    ('E2', '2026-10', 'CNY', 30, 30, 0, 0, 0, 0);
create table marts.fct_provenance (line_id varchar, source varchar, source_table varchar, record_id varchar,
    load_id varchar, content_hash varchar);
insert into marts.fct_provenance values
    ('$closing', 'files', 'deals', 'D1', '000001-abc', 'same'),
    ('$refund', 'files', 'transactions', 'T1', '000001-abc', 'tx'),
    ('$refund', 'files', 'deals', 'D1', '000001-abc', 'same'),
    ('$points', 'files', 'leads', 'L1', '000001-abc', 'lead');
create table marts.quarantine (source varchar, source_table varchar, location varchar, reason varchar);
insert into marts.quarantine values
    ('files', 'deals', 'deals.csv:9', 'wrong_type'), ('files', 'deals', 'deals.csv:10', 'wrong_type');
create table marts.fct_empty (period varchar, amount decimal(18,2));
""".replace("$closing", ID_CLOSING)
    .replace("$refund", ID_REFUND)
    .replace("$points", ID_POINTS)
)


def build(path: Path, *statements: str) -> Path:
    """Write the warehouse, then run more statements on it."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(_STATEMENTS)
        for statement in statements:
            connection.execute(statement)
    return path
