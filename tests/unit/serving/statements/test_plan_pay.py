"""An employee's month explained from the marts of a tiny warehouse."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from serving.errors import UnknownPeriodError
from serving.statements.statement import PayExplanation, UnknownEmployeeError, explain_pay

HELD = "a" * 32
RELEASED = "d" * 32
PLAN = {"plan_id": "p", "components": [{"id": "closing", "type": "commission", "pool": "closing"}]}
RATES = {"rates": {"marketing": "0.02"}, "rate_table": None, "cap": None, "floor": None}
# line_id, period, component, component_id, deal_id, basis, rate, amount, status, reason, plan_id
LINES = [
    (HELD, "2026-01", "closing", "closing", "D1", 1000, "0.02", 20, "held", "transfer", "p"),
    (RELEASED, "2026-02", "closing", "closing", "D1", 1000, "0.02", 20, "released", "transfer", "p"),
    ("b", "2026-01", "cap", "closing", None, 9, None, -1, "earned", "above_cap", "p"),
    ("c", "2026-01", "adjustment", "A1", None, 5, None, 5, "earned", "taxi", None),
    ("d", "2026-01", "closing", "", "D2", 8, None, 0, "held", "no_plan", None),
]
STATEMENTS = """
    create schema marts;
    create table marts.dim_employee as select * from (values
        ('E1', 'An', 'sales', 'seller', 'S1', date '2025-01-01', date '2026-01-16'),
        ('E1', 'An', 'service', null, null, date '2026-01-16', date '9999-12-31')
    ) as t (employee_id, name, department, position, team_id, valid_from, valid_to);
    create table marts.fct_payout_lines (line_id varchar, period varchar, component varchar, component_id varchar,
        deal_id varchar, basis_amount decimal(18,2), rate decimal(18,12), amount decimal(18,2), status varchar,
        reason varchar, plan_id varchar, plan_hash varchar default 'h', employee_id varchar default 'E1',
        transaction_id varchar default '', kpi_id varchar, currency varchar default 'CNY',
        origin_period varchar default '2026-01', settles_line_id varchar);
    create table marts.fct_payouts as select 'E1' as employee_id, '2026-01' as period, 'CNY' as currency,
        19.00 as gross, 20.00 as held, 5.00 as adjustments, 0.00 as true_ups, 0.00 as carried_in, 4.00 as net,
        4.00 as payable, 0.00 as carried_out;
    create table marts.fct_deal_sources as select 'D1' as deal_id, 'marketing' as source;
    create table marts.fct_credits as select 'E1' as employee_id, '2026-01' as period, 'closing' as pool,
        'D1' as deal_id, '' as transaction_id, 1.0 as share, 1000.00 as credited_amount, 0.02 as rate,
        20.00 as earning_amount, 'CNY' as currency, 'p' as plan_id, 'closing' as component_id;
    create table marts.fct_transfers as select 'D1' as deal_id, 'C7' as change_id, false as has_reason,
        false as is_abnormal, timestamp '2026-01-01' as changed_at;
"""
PLAN_TABLES = """
    create table marts.dim_plan as select 'p' as plan_id, 'h' as plan_hash, 'Plan' as title_en, '方案' as title_zh,
        date '2026-01-01' as valid_from, date '2027-01-01' as valid_to, 'CNY' as currency;
    create table marts.dim_plan_role as select 'h' as plan_hash, 'sales' as department, '' as position,
        date '2026-01-01' as valid_from, date '2027-01-01' as valid_to;
    create table marts.dim_plan_component as select 'p' as plan_id, 'h' as plan_hash, 'sales' as department,
        '' as position, * from (values
        ('closing', 'commission', 1), ('points', 'points', 2), ('roi', 'roi', 3)
    ) as t (component_id, component_type, ordinal),
        (select date '2026-01-01' as valid_from, date '2027-01-01' as valid_to);
    create table marts.dim_plan_version (plan_hash varchar, plan_id varchar, canonical_json varchar);
"""


def build(path: Path, *, with_plans: bool) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute(STATEMENTS)
        columns = (
            "line_id, period, component, component_id, deal_id, basis_amount, rate, amount, status, reason"
        )
        insert = f"insert into marts.fct_payout_lines ({columns}, plan_id) values ({', '.join('?' * 11)})"
        connection.executemany(insert, LINES)
        connection.execute(
            f"update marts.fct_payout_lines set settles_line_id = '{HELD}' where line_id = '{RELEASED}'"
        )
        if with_plans:
            connection.execute(PLAN_TABLES)
            component = PLAN["components"][0] | RATES  # type: ignore[index]
            text = json.dumps(PLAN | {"components": [component]})
            connection.execute("insert into marts.dim_plan_version values ('h', 'p', ?)", [text])
    return path


@pytest.fixture
def explained(tmp_path: Path) -> PayExplanation:
    return explain_pay(build(tmp_path / "w.duckdb", with_plans=True), "E1", "2026-01", "en")


def test_roles_have_their_days_in_the_month(explained: PayExplanation) -> None:
    assert [(role["department"], role["last_day"], role["days"]) for role in explained.roles] == [
        ("sales", "2026-01-15", "15"),
        ("service", "2026-01-31", "16"),
    ]


def test_components_come_from_the_plans_and_the_lines_and_roi_pays_nobody(explained: PayExplanation) -> None:
    assert [(one.plan_id, one.component_id, one.name) for one in explained.components] == [
        ("p", "closing", "closing commission"),
        ("p", "points", "lead points"),
        (None, "adjustment", "adjustment"),
        (None, "no_plan", "closing commission"),
    ]


def test_a_component_says_what_it_is_its_credits_and_its_lines_with_the_cap_on_it(
    explained: PayExplanation,
) -> None:
    closing = explained.components[0]
    assert closing.about == "marketing lead 2 %"
    assert [(row["deal_id"], row["source"]) for row in closing.inputs["credits"]] == [("D1", "marketing")]
    assert [(one.line["component"], one.line["amount"]) for one in closing.lines] == [
        ("cap", "-1.00"),
        ("closing", "20.00"),
    ]


def test_a_held_line_says_why_what_releases_it_and_when_that_happened(explained: PayExplanation) -> None:
    capped, held = explained.components[0].lines
    assert (capped.remark, capped.holds) == ("what is above the cap", ())
    assert [hold.reason for hold in held.holds] == ["transfer"]
    assert "C7" in held.holds[0].meaning
    assert HELD in held.holds[0].release
    assert held.settled == "2026-02 released"


def test_free_text_of_an_adjustment_stays_as_it_is(explained: PayExplanation) -> None:
    assert explained.components[2].lines[0].remark == "taxi"


def test_the_sums_of_the_month_and_plain_data(explained: PayExplanation) -> None:
    assert explained.payouts[0]["net"] == "4.00"
    assert json.loads(json.dumps(explained.as_dict()))["name"] == "An"


def test_a_published_snapshot_answers_without_the_texts_of_the_plans(tmp_path: Path) -> None:
    found = explain_pay(build(tmp_path / "s.duckdb", with_plans=False), "E1", "2026-01", "en")
    assert [(plan["plan_id"], plan["plan_hash"]) for plan in found.plans] == [("p", "h")]
    assert [(one.component_id, one.about) for one in found.components if one.plan_id] == [("closing", "")]
    assert "not in this database" in found.notes[0]


def test_an_unknown_employee_or_month_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = build(tmp_path / "w.duckdb", with_plans=True)
    with pytest.raises(UnknownEmployeeError, match="Known ids are for example E1"):
        explain_pay(path, "E9", "2026-01")
    with pytest.raises(UnknownPeriodError, match="2026-01 to 2026-02"):
        explain_pay(path, "E1", "2026-03")
