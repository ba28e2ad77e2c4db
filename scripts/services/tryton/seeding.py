"""Fill a fresh Tryton with a small company; run by the Python of Tryton's own environment, never imported.

    python seeding.py CONFIGURATION DATABASE_URL

Writes one line of JSON: the key for REST, and ids by name.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from decimal import Decimal
from typing import Any

from proteus import Model, Wizard
from proteus import config as proteus_config
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax, get_accounts
from trytond.modules.account_invoice.tests.tools import create_payment_term, set_fiscalyear_invoice_sequences
from trytond.modules.company.tests.tools import create_company, get_company

TODAY = dt.date.today()  # noqa: DTZ011  the day of the server, as Tryton itself takes it
SALESPEOPLE = {"li": "李四", "wang": "王五"}
CUSTOMERS = ("客户甲", "客户乙", "客户丙", "客户丁")
GOODS = (("面霜", "300", "80"), ("疗程", "1980", "400"))
#: description, customer, salesperson, amount, state
OPPORTUNITIES = (
    ("线索一", None, None, None, "lead"),
    ("商机一", 0, "li", "5000.00", "opportunity"),
    ("商机二", 1, "wang", "8000.00", "opportunity"),
    ("商机三", 2, "li", "12000.00", "opportunity"),
    ("成交一", 0, "li", "1980.00", "won"),
    ("成交二", 1, "wang", "600.00", "won"),
    ("输单一", 3, "wang", "700.00", "lost"),
    ("取消一", 3, "wang", "900.00", "cancelled"),
)


def _company() -> dict[str, Any]:
    """Company, chart of accounts, fiscal year, tax, payment terms."""
    currency = Model.get("currency.currency")(
        name="Renminbi", symbol="¥", code="CNY", numeric_code="156", rounding=Decimal("0.01"), digits=2
    )
    rate = currency.rates.new()
    rate.date, rate.rate = dt.date(TODAY.year - 2, 1, 1), Decimal(1)
    currency.save()
    party = Model.get("party.party")(name="总部有限公司")
    party.save()
    create_company(party=party, currency=currency)
    create_chart()
    days = (TODAY - dt.timedelta(days=200), TODAY + dt.timedelta(days=160))
    set_fiscalyear_invoice_sequences(create_fiscalyear(today=days)).click("create_period")
    tax = create_tax(Decimal(".13"))
    tax.save()
    term = create_payment_term()
    term.save()
    return {"company": get_company(), "accounts": get_accounts(), "tax": tax, "term": term}


def _people(base: dict[str, Any]) -> None:
    """Salespeople with users, customers."""
    Party, Employee, User = map(Model.get, ("party.party", "company.employee", "res.user"))  # noqa: N806
    base["employees"] = {}
    for login, name in SALESPEOPLE.items():
        party = Party(name=name)
        contact = party.contact_mechanisms.new(type="email")
        contact.value = f"{login}@example.com"
        party.save()
        employee = Employee(party=party, company=base["company"])
        employee.save()
        user = User(name=name, login=login, email=f"{login}@example.com")
        user.companies.append(Model.get("company.company")(base["company"].id))
        user.company = base["company"]
        user.employees.append(Employee(employee.id))
        user.employee = employee
        user.save()
        base["employees"][login] = employee
    base["customers"] = []
    for number, name in enumerate((*CUSTOMERS, "没有往来的客户")):
        party = Party(name=name, customer_payment_term=base["term"])
        contact = party.contact_mechanisms.new(type="mobile")
        contact.value = f"+861380013800{number}"
        party.save()
        base["customers"].append(party)


def _goods(base: dict[str, Any]) -> None:
    """Products, and stock of them."""
    unit = Model.get("product.uom").find([("name", "=", "Unit")])[0]
    accounts = base["accounts"]
    category = Model.get("product.category")(
        name="会计", accounting=True, account_expense=accounts["expense"], account_revenue=accounts["revenue"]
    )
    category.customer_taxes.append(base["tax"])
    category.save()
    base["products"] = []
    for name, price, cost in GOODS:
        template = Model.get("product.template")(
            name=name,
            default_uom=unit,
            type="goods",
            salable=True,
            list_price=Decimal(price),
            cost_price_method="average",
            account_category=category,
        )
        template.products[0].cost_price = Decimal(cost)
        template.save()
        base["products"].append(template.products[0])
    Location, Move = map(Model.get, ("stock.location", "stock.move"))  # noqa: N806
    base["supplier"], base["storage"] = (Location.find([("code", "=", one)])[0] for one in ("SUP", "STO"))
    moves = [
        Move(
            product=product,
            unit=unit,
            quantity=100,
            from_location=base["supplier"],
            to_location=base["storage"],
            effective_date=TODAY - dt.timedelta(days=90),
            unit_price=product.cost_price,
            currency=base["company"].currency,
        )
        for product in base["products"]
    ]
    Move.save(moves)
    Move.click(moves, "do")


def _opportunities(base: dict[str, Any]) -> None:
    """Opportunities in every state."""
    Opportunity = Model.get("sale.opportunity")  # noqa: N806
    base["opportunities"] = {}
    for description, customer, salesperson, amount, state in OPPORTUNITIES:
        one = Opportunity(description=description, reference=f"ref {description}")
        if customer is not None:
            one.party, one.employee = base["customers"][customer], base["employees"][salesperson]
            one.amount, one.payment_term = Decimal(amount), base["term"]
            line = one.lines.new()
            line.product, line.quantity = base["products"][1 if description == "成交一" else 0], 1
        one.save()
        if state != "lead":
            one.click("opportunity")
        for wanted, button in (("won", "convert"), ("lost", "lost"), ("cancelled", "cancel")):
            if state == wanted:
                one.click(button)
        base["opportunities"][description] = one


def _sales(base: dict[str, Any]) -> None:
    """Converted opportunities are sold, shipped and invoiced; the first is paid, the other's invoice stays a draft."""
    Sale, Invoice = map(Model.get, ("sale.sale", "account.invoice"))  # noqa: N806
    sales = Sale.find([], order=[("id", "ASC")])
    for sale in sales:
        sale.warehouse = Model.get("stock.location").find([("type", "=", "warehouse")])[0]
    Sale.save(sales)
    for button in ("quote", "confirm", "process"):
        Sale.click(sales, button)
    Shipment = Model.get("stock.shipment.out")  # noqa: N806
    shipments = Shipment.find([])
    for button in ("assign_try", "pick", "pack", "do"):
        Shipment.click(shipments, button)
    base["invoices"] = {sale.origin.description: sale.invoices[0].id for sale in Sale.find([])}
    invoice = Invoice(base["invoices"]["成交一"])
    invoice.invoice_date = TODAY
    invoice.click("post")
    cash = base["accounts"]["cash"]
    journal = Model.get("account.journal").find([("type", "=", "cash")])[0]
    method = Model.get("account.invoice.payment.method")(
        name="现金", journal=journal, credit_account=cash, debit_account=cash
    )
    method.save()
    wizard = Wizard("account.invoice.pay", [invoice])
    wizard.form.payment_method, wizard.form.date = method, TODAY
    wizard.execute("choice")


def _loss(base: dict[str, Any]) -> None:
    """An inventory finds fewer goods than there should be."""
    inventory = Model.get("stock.inventory")(location=base["storage"], date=TODAY)
    inventory.save()
    inventory.click("complete_lines")
    for line in inventory.lines:
        line.quantity = (line.expected_quantity or 0) - 2
    inventory.save()
    inventory.click("confirm")


def main(configuration: str, url: str) -> None:
    """Fill the database and say what is in it."""
    settings = proteus_config.set_trytond(database=url, user="admin", config_file=configuration)
    settings.skip_warning = True
    base = _company()
    for step in (_people, _goods, _opportunities, _sales, _loss):
        step(base)
    application = Model.get("res.user.application")(user=settings.user, application="rest")
    application.save()
    said = {
        "key": application.key,
        "company": base["company"].id,
        "employees": {login: one.id for login, one in base["employees"].items()},
        "customers": [one.id for one in base["customers"]],
        "opportunities": {name: one.id for name, one in base["opportunities"].items()},
        "invoices": base["invoices"],
    }
    print(json.dumps(said, ensure_ascii=False))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
