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
create table marts.dim_plan_version (plan_hash varchar, plan_id varchar, file varchar, content varchar);
insert into marts.dim_plan_version values ('h1', 'p1', 'plans/p1.yml', 'plan_id: p1');
create table marts.dim_plan as select 'p1' as plan_id, 'h1' as plan_hash;
create table marts.dim_employee as select * from (values ('E1', 'An'), ('E2', 'Bo')) as t(employee_id, name);
create table marts.fct_deal_sources (deal_id varchar, period varchar, amount decimal(18,2), currency varchar,
    source varchar, is_creditable boolean);
insert into marts.fct_deal_sources values
    ('D1', '2026-10', 1000, 'CNY', 'marketing', true), ('D2', '2026-10', 70, 'USD', 'referral', true),
    ('D3', '2026-10', 500, 'CNY', 'repurchase', false);
create table marts.fct_credits (credit_id varchar, deal_id varchar, transaction_id varchar, period varchar,
    currency varchar, pool varchar, employee_id varchar, earning_amount decimal(18,2));
insert into marts.fct_credits values
    ('K1', 'D1', '', '2026-10', 'CNY', 'closing', 'E1', 20), ('K2', 'D1', 'T1', '2026-11', 'CNY', 'closing', 'E1', -5),
    ('K3', 'D1', '', '2026-10', 'CNY', 'closing', 'E2', 10);
create table marts.fct_payout_lines (line_id varchar, period varchar, employee_id varchar, component varchar,
    deal_id varchar, transaction_id varchar, amount decimal(18,2), currency varchar, status varchar,
    plan_hash varchar);
insert into marts.fct_payout_lines values
    ('$closing', '2026-10', 'E1', 'closing', 'D1', '', 20, 'CNY', 'earned', 'h1'),
    ('$refund', '2026-11', 'E1', 'closing', 'D1', 'T1', -5, 'CNY', 'earned', 'h1'),
    ('$points', '2026-10', 'E2', 'points', null, null, 30, 'CNY', 'held', 'h9');
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
