"""What must always hold (rulebook 16), on the SQL alone.

Numbers of the tests are those of the rulebook. Number 5 (incremental equals full refresh) is in
``test_later_loads``, number 9 (rows in) in ``test_import_accounts``; number 10 (locked periods) belongs to the
period ledger.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cases import Case
from tests.support.differences import KEYS, difference
from tests.support.factories import Size, cases, make_case
from tests.support.rng import Rng, business_day, local
from tests.support.warehouse import Warehouse

Row = dict[str, Any]
D = Decimal
COMMISSION = ("origination", "closing", "collaboration")
PAID = ("earned", "released")
EVERY_MART = [*KEYS, "fct_provenance"]
pytestmark = pytest.mark.every_run


def test_1_shares_add_up_to_one_and_credits_to_the_pool(warehouse: Warehouse) -> None:
    @given(cases(shard=201))
    def check(case: Case) -> None:
        warehouse.compute(case.company, case.plan_set, ["fct_credits", "fct_attribution"])
        shares: dict[Any, Decimal] = defaultdict(Decimal)
        for row in warehouse.rows("fct_attribution"):
            shares[row["deal_id"], row["model"]] += row["share"]
        earners = _grouped(warehouse.rows("fct_credits"), "deal_id", "transaction_id", "pool")
        for key, rows in earners.items():
            shares[key] = sum((row["share"] for row in rows), Decimal(0))
        assert {key: total for key, total in shares.items() if total != 1} == {}
        assert _wrong_pools(earners) == []
        assert _credited(warehouse) == _moved(warehouse)

    check()


def _grouped(rows: list[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[column] for column in columns)].append(row)
    return found


def _wrong_pools(earners: dict[tuple[str, ...], list[Row]]) -> list[Any]:
    """Pools that all earners have at one rate, and whose earnings do not add up to them."""
    found = []
    for key, rows in earners.items():
        pools = {row["pool_amount"] for row in rows}
        if len({row["rate"] for row in rows}) == 1 and len(pools) == 1 and rows[0]["pool_amount"] is not None:
            earned = sum(row["earning_amount"] for row in rows)
            if earned != rows[0]["pool_amount"]:
                found.append((key, earned, rows[0]["pool_amount"]))
    return found


def _credited(warehouse: Warehouse) -> set[tuple[Any, ...]]:
    """Credited amounts of each pool, added over its earners."""
    return set(
        warehouse.query(
            "select deal_id, transaction_id, pool, sum(credited_amount) from marts.fct_credits group by all"
        )
    )


def _moved(warehouse: Warehouse) -> set[tuple[Any, ...]]:
    """What moved in each transaction, for each pool with earners."""
    return set(
        warehouse.query(
            "select deal_id, transaction_id, pool, sum(remaining_after - remaining_before) "
            "from intermediate.int_credited_transactions "
            "join (select distinct deal_id, pool from marts.fct_credits) using (deal_id) "
            "join intermediate.int_periods on period = strftime(business_date, '%Y-%m') group by all"
        )
    )


def test_2_the_order_of_input_rows_changes_nothing(warehouse: Warehouse) -> None:
    @given(st.integers(0, 2**32 - 1))
    def check(seed: int) -> None:
        case = make_case(202 * 2**32 + seed, Size())
        before = _marts(warehouse, case)
        rng = Rng(seed)
        shuffled = {name: rng.shuffled(rows) for name, rows in _rows(case).items()}
        assert _changes(before, _marts(warehouse, case.with_rows(**shuffled))) == ""

    check()


def _rows(case: Case) -> dict[str, list[Row]]:
    return {
        name: rows for name, rows in vars(case.company).items() if isinstance(rows, list) and name != "plans"
    }


def _marts(warehouse: Warehouse, case: Case) -> dict[str, list[Row]]:
    warehouse.compute(case.company, case.plan_set, EVERY_MART)
    return {mart: warehouse.rows(mart) for mart in KEYS}


def _changes(before: dict[str, list[Row]], after: dict[str, list[Row]]) -> str:
    return "\n".join(text for mart in KEYS if (text := difference(mart, after[mart], before[mart])))


def test_3_a_deal_and_its_full_refund_pay_nothing(warehouse: Warehouse) -> None:
    """Over all periods and across tiers, whatever was held, released or reassigned in between."""

    @given(cases(kinds=["commission", "collaboration", "process_bonus"], shard=203))
    def check(case: Case) -> None:
        refunded = _refunded(case)
        warehouse.compute(refunded.company, refunded.plan_set, ["fct_payout_lines"])
        totals: dict[Any, Decimal] = defaultdict(Decimal)
        for line in warehouse.rows("fct_payout_lines"):
            if line["component"] in COMMISSION and line["status"] in PAID:
                key = (line["employee_id"], line["plan_id"], line["component_id"], line["currency"])
                totals[key] += line["amount"]
        assert {key: total for key, total in totals.items() if total} == {}

    check()


def _refunded(case: Case) -> Case:
    """The same case with every deal refunded in full after all that happened to it."""
    company = case.company
    latest = {row["deal_id"]: row["signed_at"] for row in company.deals}
    for row in company.transactions:
        latest[row["deal_id"]] = max(row["occurred_at"], latest.get(row["deal_id"], row["occurred_at"]))
    refunds = [
        {
            "transaction_id": f"full-{deal['deal_id']}",
            "deal_id": deal["deal_id"],
            "kind": "refund",
            "amount": Decimal(10_000_000),
            "currency": deal["currency"],
            "occurred_at": latest[deal["deal_id"]] + timedelta(days=1 + number % 40),
        }
        for number, deal in enumerate(company.deals)
    ]
    as_of = max([company.as_of, *(row["occurred_at"] for row in refunds)]) + timedelta(days=40)
    return Case(replace(company, as_of=as_of, transactions=[*company.transactions, *refunds]), case.plans)


def test_4_running_twice_changes_nothing(warehouse: Warehouse) -> None:
    @given(cases(shard=204))
    def check(case: Case) -> None:
        assert _changes(_marts(warehouse, case), _marts(warehouse, case)) == ""

    check()


def test_6_selling_more_never_pays_less_under_marginal(warehouse: Warehouse) -> None:
    @given(
        cases(kinds=["commission"], shard=206),
        st.integers(0, 10**6),
        st.sampled_from(["0.01", "7.77", "5000.00"]),
    )
    def check(case: Case, position: int, more: str) -> None:
        case = _marginal(case)
        deals = [deal for deal in case.company.deals if deal["currency"] == "CNY"]
        if not deals:
            return
        chosen = deals[position % len(deals)]
        larger = [
            deal | {"amount": deal["amount"] + Decimal(more)} if deal is chosen else deal
            for deal in case.company.deals
        ]
        before = _closing_pay(warehouse, case)
        after = _closing_pay(warehouse, case.with_rows(deals=larger))
        assert {key: (before[key], after[key]) for key in before if after[key] < before[key]} == {}

    check()


def _marginal(case: Case) -> Case:
    """Marginal tables on amounts, the signed basis, one closer a deal, no refunds."""
    plans = []
    for plan in case.plans:
        changed = plan | {"components": [_marginal_component(component) for component in plan["components"]]}
        if plan.get("crediting"):
            changed["crediting"] = plan["crediting"] | {"basis": "signed"}
        plans.append(changed)
    return Case(replace(case.company, deal_splits=[], transactions=[]), tuple(plans))


def _marginal_component(component: Row) -> Row:
    plain = {key: value for key, value in component.items() if key not in ("cap", "floor", "quota")}
    if not component.get("rate_table"):
        return plain
    tiers = [{"up_to": D("100"), "rate": D("0.01")}, {"up_to": None, "rate": D("0.1")}]
    table = {key: value for key, value in component["rate_table"].items() if key != "quota_kpi"}
    return plain | {"rate_table": table | {"mode": "marginal", "unit": "amount", "tiers": tiers}}


def _closing_pay(warehouse: Warehouse, case: Case) -> dict[str, Decimal]:
    """What each employee's closing credits earn in all."""
    warehouse.compute(case.company, case.plan_set, ["fct_credits"])
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for row in warehouse.rows("fct_credits"):
        if row["pool"] == "closing":
            totals[row["employee_id"]] += row["earning_amount"]
    return totals


def test_7_splitting_a_deal_changes_no_interval_total(warehouse: Warehouse) -> None:
    """Two deals of the same total, date and source earn under a rate table what the one deal earned."""

    @given(cases(kinds=["commission"], shard=207), st.integers(0, 10**6))
    def check(case: Case, position: int) -> None:
        case = Case(replace(case.company, deal_splits=[], transactions=[], ownership_changes=[]), case.plans)
        before = _table_totals(warehouse, case)
        repurchases = {
            deal_id
            for (deal_id,) in warehouse.query(
                "select deal_id from marts.fct_deal_sources where source = 'repurchase' and fx_rate = 1"
            )
        }
        deals = [
            row for row in case.company.deals if row["deal_id"] in repurchases and row["amount"] > D("0.01")
        ]
        if not deals:
            return
        chosen = deals[position % len(deals)]
        part = (chosen["amount"] / 3).quantize(D("0.01"))
        halves = [chosen | {"amount": chosen["amount"] - part}]
        halves.append(chosen | {"deal_id": chosen["deal_id"] + "-2", "amount": part})
        others = [row for row in case.company.deals if row is not chosen]
        assert _table_totals(warehouse, case.with_rows(deals=[*others, *halves])) == before

    check()


def _table_totals(warehouse: Warehouse, case: Case) -> dict[Any, Decimal]:
    warehouse.compute(case.company, case.plan_set, ["fct_credits", "int_table_earnings", "fct_deal_sources"])
    rows = warehouse.query(
        "select employee_id, plan_id, component_id, interval_id, sum(earning_amount) "
        "from intermediate.int_table_earnings group by all"
    )
    return {row[:-1]: row[-1] for row in rows}


def test_8_lines_add_up_to_payouts_and_trace_to_source_records(warehouse: Warehouse) -> None:
    @given(cases(shard=208))
    def check(case: Case) -> None:
        _marts(warehouse, case)
        assert _payouts(warehouse) == _added_lines(warehouse)
        untraced = warehouse.query(
            "select * from marts.fct_payout_lines where line_id not in (select line_id from marts.fct_provenance)"
        )
        assert untraced == []
        ids = [row["line_id"] for row in warehouse.rows("fct_payout_lines")]
        assert len(ids) == len(set(ids))

    check()


def _payouts(warehouse: Warehouse) -> dict[Any, Decimal]:
    return {
        (row["employee_id"], row["period"], row["currency"]): row["net"] - row["carried_in"]
        for row in warehouse.rows("fct_payouts")
        if row["net"] != row["carried_in"]
    }


def _added_lines(warehouse: Warehouse) -> dict[Any, Decimal]:
    """Lines that are paid now, per payout."""
    totals: dict[Any, Decimal] = defaultdict(Decimal)
    for row in warehouse.rows("fct_payout_lines"):
        if row["status"] in PAID:
            totals[row["employee_id"], row["period"], row["currency"]] += row["amount"]
    return {key: total for key, total in totals.items() if total}


def test_dates_of_cases_lie_on_business_days() -> None:
    """15:59:59 and 16:00 UTC are two business days."""
    day = date(2026, 1, 31)
    assert business_day(local(day)) == day
