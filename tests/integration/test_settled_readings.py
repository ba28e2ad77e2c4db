"""A small company whose delivery asks for the settled readings 41 to 48: imported by the command line, then computed.

As of the time that a run chooses: a split that cannot be read, a day between two plans, installments, shares from a
spreadsheet, a latest fact with milliseconds, one typed ahead, names that mean none, names in question.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets.plans import build_plans_assets
from orchestration.defs.resources import home_resource
from orchestration.runs.dagster_instance import open_instance
from orchestration.runs.outcome import outcome_of
from orchestration.settings import load_settings
from tests.support.command_line import run_here
from tests.support.landed import computed
from tests.support.warehouse import Warehouse

MARTS = ("above_deal", "dim_calculation", "fct_payout_lines", "fct_payouts", "in_the_future", "quarantine")

FILES = {
    "employees": """
        employee_id,name,email,department,hire_date
        S1,Seller One,,sales,2025-01-01
        S2,Seller Two,two@corp.example,sales,2025-01-01
        S3,Seller Three,Three@corp.example,sales,2025-01-01
        S4,Seller Four,three@corp.example,sales,soon
        M1,Marketer One,,marketing,2025-01-01
        M2,Marketer Two,,marketing,2025-01-01
        """,
    "customers": """
        customer_id,name,created_at
        C1,First Firm,2025-12-01T09:00:00+08:00
        C2,Second Firm,2025-12-01T09:00:00+08:00
        C3,Third Firm,2025-12-01T09:00:00+08:00
        C4,Fourth Firm,2025-12-01T09:00:00+08:00
        C5,Fifth Firm,2025-12-01T09:00:00+08:00
        C6,Sixth Firm,2025-12-01T09:00:00+08:00
        """,
    "leads": """
        lead_id,company_name,phone,owner_employee_id,created_at
        L1,无,15400000001,M1,2026-01-05T10:00:00+08:00
        L2,无,17900000002,M2,2026-01-06T10:00:00+08:00
        L3,N/A,19400000003,M1,2026-01-05T10:00:00+08:00
        L4,N/A,13800000004,M2,2026-01-06T10:00:00+08:00
        """,
    "deals": """
        deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status
        D1,C1,S1,10000.00,CNY,2026-01-10T10:00:00+08:00,signed
        D2,C2,S1,2000.00,CNY,2026-03-31T10:00:00+08:00,signed
        D3,C3,S1,1000.00,CNY,2026-04-01T10:00:00+08:00,signed
        D4,C4,S1,100.00,CNY,2026-01-12T10:00:00+08:00,signed
        D5,C5,S1,1000.00,CNY,2026-04-30T15:59:59.999Z,signed
        D6,C5,S1,1000.00,CNY,{ahead},signed
        D7,C6,three@corp.example,1000.00,CNY,2026-01-20T10:00:00+08:00,signed
        """,
    "deal_splits": """
        deal_id,pool,employee_id,share
        D1,closing,S1,sixty
        D1,closing,S2,forty
        D4,closing,S1,0.333333333333
        D4,closing,S2,0.333333333333
        D4,closing,S3,0.333333333333
        """,
    "transactions": """
        transaction_id,deal_id,kind,amount,currency,occurred_at
        P1,D3,payment,333.33,CNY,2026-04-10T10:00:00+08:00
        P2,D3,payment,333.33,CNY,2026-04-11T10:00:00+08:00
        P3,D3,payment,333.34,CNY,2026-04-12T10:00:00+08:00
        P4,D3,payment,50.00,CNY,2026-04-13T10:00:00+08:00
        P5,D5,payment,1000.00,CNY,2026-04-30T15:59:59.999Z
        """,
    "adjustments": """
        adjustment_id,employee_id,period,amount,currency,reason,author,approver
        A1,S2,2026-03,70.00,CNY,overtime,S2,two@corp.example
        """,
}
PLAN = """
plan_id: {name}
title: {{zh: 例, en: Example}}
valid_from: {start}
{end}
applies_to:
  departments: [sales, marketing]
crediting:
  basis: {basis}
components:
  - type: commission
    pool: closing
    rates: {{marketing: 0.05, self_sourced: 0.05, referral: 0.05, repurchase: 0.05}}
  - {{type: points, departments: [marketing], base: 5, point_value: 1.00}}
"""


FORGOTTEN = "no plan for marketing, sales on 2026-03-31"


@pytest.fixture(scope="module")
def home(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the imported delivery, and beside it the plans."""
    folder = tmp_path_factory.mktemp("readings")
    delivery, plans = folder / "delivery", folder / "plans"
    delivery.mkdir()
    plans.mkdir()
    for name, rows in FILES.items():
        lines = [line.strip() for line in rows.strip().splitlines()]
        text = "\n".join(lines).replace(
            "{ahead}", f"{datetime.now(UTC) + timedelta(days=60):%Y-%m-%dT%H:%M:%SZ}"
        )
        (delivery / f"{name}.csv").write_text(f"{text}\n", encoding="utf-8")
    first = PLAN.format(name="q1", start="2026-01-01", end="valid_to: 2026-03-31", basis="signed")
    second = PLAN.format(name="q2", start="2026-04-01", end="", basis="collected")
    (plans / "q1.yml").write_text(first, encoding="utf-8")
    (plans / "q2.yml").write_text(second, encoding="utf-8")
    home = Path(shutil.copytree(empty_home, folder / "home"))
    imported = run_here(home, "import", delivery)
    assert imported.returncode == 0, imported.stdout + imported.stderr
    return home


@pytest.fixture(scope="module")
def warehouse(home: Path) -> Warehouse:
    """The marts as of the time a run would choose; nobody said up to when."""
    return computed(home, home.parent / "plans", MARTS)


def test_a_day_between_two_plans_is_said_by_the_check_of_a_run_and_by_plan_validate(home: Path) -> None:
    plans = home.parent / "plans"
    said = run_here(home, "plan", "validate", plans).stdout
    assert FORGOTTEN in " ".join(said.split())
    settings = load_settings(home=home, plans=(plans,))
    with open_instance(settings) as instance:
        resources = {"home": home_resource(settings)}
        done = dg.materialize([build_plans_assets()], instance=instance, resources=resources)
    [warned] = outcome_of(done).not_passed
    assert (warned.check, warned.blocking) == ("no_day_without_a_plan", False)
    assert FORGOTTEN in warned.about


def _lines(made: Warehouse, deal: str) -> list[tuple[object, ...]]:
    return made.query(
        "select employee_id, amount, status, reason from marts.fct_payout_lines where deal_id = "
        f"'{deal}' order by transaction_id, employee_id"
    )


def test_splits_that_cannot_be_read_hold_the_deal(warehouse: Warehouse) -> None:
    assert _lines(warehouse, "D1") == [("S1", Decimal("500.00"), "held", "row_in_quarantine")]


def test_a_day_between_two_plans_is_held(warehouse: Warehouse) -> None:
    assert _lines(warehouse, "D2") == [("S1", Decimal("0.00"), "held", "no_plan")]


def test_installments_earn_what_the_deal_earns_and_no_more(warehouse: Warehouse) -> None:
    amounts = [line[1] for line in _lines(warehouse, "D3")]
    assert amounts == [Decimal("16.67"), Decimal("16.66"), Decimal("16.67")]
    above = warehouse.query("select transaction_id, above_amount from marts.above_deal")
    assert above == [("P4", Decimal("50.00"))]


def test_three_thirds_add_up(warehouse: Warehouse) -> None:
    assert [line[:2] for line in _lines(warehouse, "D4")] == [
        ("S1", Decimal("1.67")),
        ("S2", Decimal("1.67")),
        ("S3", Decimal("1.66")),
    ]


def test_the_latest_fact_is_known_and_one_typed_ahead_is_not(warehouse: Warehouse) -> None:
    assert [line[1] for line in _lines(warehouse, "D5")] == [Decimal("50.00")]
    assert _lines(warehouse, "D6") == []
    assert warehouse.query("select source_table, row_count from marts.in_the_future") == [("deals", 1)]
    (as_of,) = warehouse.query("select cast(as_of as varchar) from marts.dim_calculation")
    assert as_of == ("2026-04-30 15:59:59.999",)


def test_names_that_mean_none_identify_nobody(warehouse: Warehouse) -> None:
    points = warehouse.query(
        "select employee_id, amount from marts.fct_payout_lines where component = 'points' order by all"
    )
    assert points == [("M1", Decimal("10.00")), ("M2", Decimal("10.00"))]


def test_an_address_that_one_in_quarantine_has_too_names_nobody(warehouse: Warehouse) -> None:
    held = ("UNRESOLVED", Decimal("50.00"), "held", "unresolved;row_in_quarantine")
    assert _lines(warehouse, "D7") == [held]


def test_who_approves_by_another_name_is_the_same_person(warehouse: Warehouse) -> None:
    rows = warehouse.query("select location, reason from marts.quarantine where source_table = 'adjustments'")
    assert rows == [("adjustments.csv:2", "same_person")]
    assert not warehouse.query("select * from marts.fct_payout_lines where component = 'adjustment'")


def test_what_is_paid_is_the_sum_of_payable(warehouse: Warehouse) -> None:
    paid = warehouse.query("select sum(payable), sum(greatest(net, 0)) from marts.fct_payouts")
    assert paid == [(Decimal("125.00"), Decimal("125.00"))]
