"""A tiny warehouse in which every gate is open: two employees, three deals, one refund, one held line.

Here belong the good rows the tests of the gates break one by one. Not here: assertions.
"""

from pathlib import Path

import duckdb

from expectations.suites.entities import ENTITIES

DATES = {"hire_date", "valid_from", "date", "surveyed_on", "occurred_on", "moved_on"}
DECIMALS = {"amount": "decimal(18,2)", "share": "decimal(18,12)", "rate_to_base": "decimal(18,8)"}
OPTIONAL = {
    "employees": "email varchar, termination_date date, bonus_base decimal(18,2)",
    "customers": "unified_credit_code varchar, phone varchar, email varchar, referred_by_customer_id varchar, "
    "updated_at timestamp",
    "leads": "customer_id varchar, phone varchar, email varchar, wecom_id varchar, review_status varchar, "
    "reviewed_at timestamp",
    "archive_checks": "recorded_value varchar, verified_value varchar",
}
META = (
    "extra varchar, _load_id varchar, _load_seq bigint, _file varchar, _line bigint, _content_hash varchar, "
    "_is_deleted boolean"
)
LOAD = "'000001-abc', 1, 'f.csv', 2, 'h', false"

_ROWS = f"""
insert into raw_files.loads values ('000001-abc', 1, 'abc', null, timestamp '2026-11-30 01:02:03', 'files');
insert into raw_files.load_files values
    ('000001-abc', 'deals', 'f.csv', 'x', 4, 3, 0, 1), ('000001-abc', 'employees', 'e.csv', 'y', 2, 2, 0, 0),
    ('000001-abc', 'customers', 'c.csv', 'z', 2, 2, 0, 0);
insert into raw_files.load_files
    select '000001-abc', unnest(['archive_checks', 'leads', 'deal_splits', 'transactions', 'fx_rates', 'adjustments']),
        'one.csv', 'o', 1, 1, 0, 0;
insert into raw_files.quarantine values
    ('files', 'deals', 'f.csv:5', 'f.csv', 5, 'amount', 'x', '{{}}', 'wrong_type', '000001-abc');
insert into raw_files.employees values
    ('E1', 'An', 'sales', date '2020-01-01', 'an@x.example', null, 5000, null, {LOAD}),
    ('E2', 'Bo', 'marketing', date '2020-01-01', null, date '2026-09-15', null, null, {LOAD});
insert into raw_files.customers values
    ('C1', 'Acme', timestamp '2026-01-01', '91350100M000100Y43', '+86 10 5555 1234', 'a@b.example', null, null,
        null, {LOAD}),
    ('C2', 'Beta', timestamp '2026-01-01', null, null, null, 'C1', null, null, {LOAD});
insert into raw_files.archive_checks values
    ('A1', 'C1', 'phone', true, timestamp '2026-05-01', '1', '1', null, {LOAD});
insert into raw_files.leads values
    ('L1', 'E2', timestamp '2026-02-01', null, '13800000000', null, null, 'accepted', timestamp '2026-02-02',
        null, {LOAD});
insert into raw_files.deals values
    ('D1', 'C1', 'E1', 1000, 'CNY', timestamp '2026-10-05', 'signed', null, {LOAD}),
    ('D2', 'C2', 'E1', 500, 'CNY', timestamp '2026-10-06', 'signed', null, {LOAD}),
    ('D3', 'C2', 'E1', 500, 'CNY', timestamp '2026-10-06', 'cancelled', null, {LOAD});
insert into raw_files.deal_splits values ('D1', 'E1', 'closing', 1, null, {LOAD});
insert into raw_files.transactions values
    ('T1', 'D1', 'refund', -100, 'CNY', timestamp '2026-11-05', null, {LOAD});
insert into raw_files.fx_rates values ('USD', date '2026-01-01', 7.1, null, {LOAD});
insert into raw_files.adjustments values ('J1', 'E1', '2026-10', 5, 'CNY', 'error', 'E1', 'E9', null, {LOAD});
insert into raw_plans.plans values ('h1', 'p1', 'hold');
insert into raw_plans.plan_files values ('h1', 'p1', 'p1.yml', 'plan_id: p1');
insert into marts.dim_calculation values ('run', timestamp '2026-11-30 00:00:00');
insert into marts.dim_employee values
    ('E1', date '2020-01-01', date '2026-06-01', null), ('E1', date '2026-06-01', date '9999-12-31', null),
    ('E2', date '2020-01-01', date '2026-09-16', date '2026-09-15');
insert into marts.dim_customer values ('C1'), ('C2');
insert into marts.fct_deal_sources values
    ('D1', 'C1', '2026-10', 1000, 'CNY', 'marketing', false),
    ('D2', 'C2', '2026-10', 500, 'CNY', 'self_sourced', false);
insert into marts.fct_lead_validity values ('L1', true, null, timestamp '2026-02-01');
insert into marts.fct_credits values
    ('K1', 'D1', '', 'closing', 'E1', 1, 0.02, 20, 20, '2026-10'),
    ('K2', 'D1', 'T1', 'closing', 'E1', 1, 0.02, -2, -2, '2026-11'),
    ('K3', 'D2', '', 'closing', 'E1', 1, 0.05, 25, 25, '2026-10'),
    ('K4', 'D1', '', 'origination', 'E2', 1, 0.04, 40, 40, '2026-10');
insert into marts.fct_payout_lines values
    ('n1', '2026-10', 'E1', 'closing', 'D1', '', 20, 'CNY', 'earned', '', 'h1', '2026-10', null, false),
    ('n2', '2026-11', 'E1', 'closing', 'D1', 'T1', -2, 'CNY', 'earned', '', 'h1', '2026-10', null, false),
    ('n3', '2026-10', 'E1', 'closing', 'D2', '', 25, 'CNY', 'earned', '', 'h1', '2026-10', null, false),
    ('n4', '2026-10', 'E2', 'origination', 'D1', '', 40, 'CNY', 'held', 'terminated', 'h1', '2026-10', null, false);
insert into marts.fct_payouts values
    ('E1', '2026-10', 'CNY', 45, 0, 0, 0, 0, 45, 45, 0), ('E1', '2026-11', 'CNY', -2, 0, 0, 0, 0, -2, 0, -2),
    ('E2', '2026-10', 'CNY', 40, 40, 0, 0, 0, 0, 0, 0);
insert into marts.fct_provenance
    select line_id, 'files', 'deals', deal_id, '000001-abc', 'h' from marts.fct_payout_lines;
insert into marts.quarantine values ('files', 'deals', 'f.csv:5', '{{}}', 'wrong_type', '000001-abc');
"""

_TABLES = """
create table raw_files.loads (load_id varchar, load_seq bigint, delivery_hash varchar, mapping varchar,
    landed_at timestamp, source varchar);
create table raw_files.load_files (load_id varchar, entity varchar, file varchar, file_hash varchar, rows_in bigint,
    rows_accepted bigint, rows_duplicate bigint, rows_quarantined bigint);
create table raw_files.quarantine (source varchar, source_table varchar, location varchar, file varchar, line bigint,
    field varchar, value varchar, row varchar, reason varchar, load_id varchar);
create table raw_plans.plans (plan_hash varchar, plan_id varchar, terminated_policy varchar);
create table raw_plans.plan_files (plan_hash varchar, plan_id varchar, file varchar, content varchar);
create table marts.dim_calculation (run_id varchar, as_of timestamp);
create table marts.dim_employee (employee_id varchar, valid_from date, valid_to date, termination_date date);
create table marts.dim_customer (customer_key varchar);
create table marts.fct_deal_sources (deal_id varchar, customer_key varchar, period varchar, amount decimal(18,2),
    currency varchar, source varchar, is_relabelled boolean);
create table marts.fct_lead_validity (lead_id varchar, is_valid boolean, reason varchar, created_at timestamp);
create table marts.fct_credits (credit_id varchar, deal_id varchar, transaction_id varchar, pool varchar,
    employee_id varchar, share decimal(18,6), rate decimal(18,12), pool_amount decimal(18,2),
    earning_amount decimal(18,2), period varchar);
create table marts.dim_period (period varchar, is_closed boolean);
create table marts.fct_payout_lines (line_id varchar, period varchar, employee_id varchar, component varchar,
    deal_id varchar, transaction_id varchar, amount decimal(18,2), currency varchar, status varchar, reason varchar,
    plan_hash varchar, origin_period varchar, settles_line_id varchar, is_locked boolean);
create table marts.fct_payouts (employee_id varchar, period varchar, currency varchar, gross decimal(18,2),
    held decimal(18,2), adjustments decimal(18,2), true_ups decimal(18,2), carried_in decimal(18,2), net decimal(18,2),
    payable decimal(18,2), carried_out decimal(18,2));
create table marts.fct_provenance (line_id varchar, source varchar, source_table varchar, record_id varchar,
    load_id varchar, content_hash varchar);
create table marts.quarantine (source varchar, source_table varchar, location varchar, row varchar, reason varchar,
    load_id varchar);
"""


def column_type(column: str) -> str:
    """The type of a template column, by its name."""
    if column in DECIMALS:
        return DECIMALS[column]
    if column in DATES or column.endswith("_on"):
        return "date"
    if column.endswith("_at"):
        return "timestamp"
    return "boolean" if column.startswith("is_") else "varchar"


def build(path: Path, *, rows: bool = True) -> Path:
    """Write the warehouse; without rows only its empty tables."""
    with duckdb.connect(str(path)) as connection:
        for schema in ("raw_files", "raw_plans", "marts"):
            connection.execute(f"create schema {schema}")
        for entity in ENTITIES.values():
            own = [f"{column} {column_type(column)}" for column in (*entity.key, *entity.required)]
            columns = ", ".join([*own, *filter(None, [OPTIONAL.get(entity.name)]), META])
            connection.execute(f"create table {entity.table} ({columns})")
        connection.execute(_TABLES)
        if rows:
            connection.execute(_ROWS)
    return path


def change(path: Path, *statements: str) -> Path:
    """Inject faults into the warehouse."""
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path
