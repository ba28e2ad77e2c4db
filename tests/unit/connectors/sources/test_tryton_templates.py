"""What Tryton's own mapping makes of its records: owners through opportunities, money through invoices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.sources.configuration.loading import load_sources
from tests.support.extracted import Home, write_sources
from tests.support.vendors.tryton import Tryton, at

DAY = dt.date(2026, 3, 5)
CURRENCY = {"id": 1, "code": "CNY"}


def _record(key: int, **fields: Any) -> dict[str, Any]:
    return {"id": key, "create_date": at(0), "write_date": None, "company": {"id": 1}} | fields


def _invoice(key: int, **fields: Any) -> dict[str, Any]:
    money = {"total_amount": Decimal("113.00"), "untaxed_amount": Decimal("100.00"), "currency": CURRENCY}
    what = {
        "type": "out",
        "state": "posted",
        "sales": [4],
        "number": "1",
        "reference": None,
        "party": {"id": 7},
    }
    return _record(key, invoice_date=DAY) | money | what | fields


def _fill(erp: Tryton) -> None:
    erp.put(4, "100.00")
    erp.simulator.records |= {
        "company.employee": [
            _record(3, party={"id": 2, "name": "李四", "email": "li@example.com"}, supervisor=None)
            | {"start_date": None, "end_date": None}
        ],
        "party.party": [
            _record(7, name="客户甲", code="7", active=True, mobile="13800138000", phone=None, email=None)
        ],
        "sale.sale": [
            _record(number, number=str(number), state=state, origin=origin, sale_date=DAY, party={"id": 7})
            | {"total_amount": Decimal("113.00"), "untaxed_amount": Decimal("100.00"), "currency": CURRENCY}
            | dict.fromkeys(("reference", "description", "invoice_state", "shipment_state"))
            for number, state, origin in (
                (4, "processing", "sale.opportunity,5"),
                (5, "quotation", "sale.opportunity,5"),
                (6, "processing", None),
            )
        ],
        "account.invoice": [
            _invoice(8),
            _invoice(9, state="draft", total_amount=None),
            _invoice(10, type="in"),
            _invoice(11, sales=[4, 6]),
        ],
        "account.move.line": [
            _record(number, date=DAY, debit=Decimal(0), credit=Decimal("113.00"), party={"id": 7})
            | {"invoice_payment": invoice, "invoice_payments": [invoice]}
            for number, invoice in ((20, _invoice(8)), (21, _invoice(10, type="in")))
        ],
    }


@pytest.fixture
def erp(tmp_path: Path) -> Iterator[Tryton]:
    with Tryton(tmp_path) as made:
        _fill(made)
        yield made


@pytest.fixture
def home(erp: Tryton, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "erp", "type": "tryton"} | erp.entry())
    home = Home(tmp_path)
    assert home.extract().failures == []
    return home


def test_a_confirmed_sale_of_an_opportunity_is_a_deal_of_its_employee(home: Home) -> None:
    report = home.deliver()
    assert report is not None
    assert report.quarantined == 0
    assert home.rows("select deal_id, customer_id, owner_employee_id, amount from raw_files.deals") == [
        ("sale-4", "party-7", "3", Decimal("113.00"))
    ]
    assert home.rows("select source, source_user_id, employee_id from raw_files.source_users") == [
        ("erp", "3", "li@example.com")
    ]
    assert home.rows("select lead_id, customer_id, owner_employee_id from raw_files.leads") == [
        ("opportunity-5", "party-7", "3")
    ]


def test_only_posted_invoices_of_customers_and_their_payments_are_transactions(home: Home) -> None:
    home.deliver()
    assert home.rows(
        "select transaction_id, deal_id, kind, amount from raw_files.transactions order by all"
    ) == [
        ("invoice-8", "sale-4", "invoice", Decimal("113.00")),
        ("payment-20", "sale-4", "payment", Decimal("113.00")),
    ]


def test_an_owner_who_changed_on_the_opportunity_owns_the_deal(erp: Tryton, home: Home) -> None:
    home.deliver()
    employees = erp.simulator.records["company.employee"]
    employees.append(
        employees[0] | {"id": 30, "party": {"id": 9, "name": "王五", "email": "wang@example.com"}}
    )
    erp.simulator.records["sale.opportunity"][0] |= {"employee": {"id": 30}, "write_date": at(7200)}
    home.extract()
    home.deliver()
    owners = "select owner_employee_id from raw_files.deals order by _load_seq"
    assert home.rows(owners) == [("3",), ("30",)]


def test_the_address_of_a_record_is_its_form(erp: Tryton, home: Home) -> None:
    (instance,) = home.instances()
    address = instance.type.record_address(instance.connection, "sales", "4")
    assert address == f"{erp.simulator.url}/#tryton/model/sale.sale/4"


def test_the_entry_for_its_database_is_a_valid_instance(tmp_path: Path) -> None:
    text = (Path(__file__).parents[4] / "connectors" / "tryton" / "database.yml").read_text(encoding="utf-8")
    entry = "".join(f"    {line}" for line in text.splitlines(keepends=True)).replace(
        "    name:", "  - name:", 1
    )
    path = tmp_path / "sources.yml"
    path.write_text("sources:\n" + entry, encoding="utf-8")
    (instance,) = load_sources(path)
    assert {one.name for one in instance.resources} >= {"opportunity_history", "payments", "stock_moves"}
