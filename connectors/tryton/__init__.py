"""Tryton 8.2: parties, employees, users, opportunities, sales, invoices, payments through its REST API.

Belongs here: what the type is. Does not belong here: fetching (`source`), which fields become which columns
(`mapping.yml`).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import Field

from connectors.sources.model import Connection, Resource, RestConnection, SecretSpec, SourceType

CHANGED = "changed_at"
REFERENCE = "reference_to_it"


class TrytonConnection(RestConnection):
    """Keys of sources.yml.

    Attributes:
        url: Address of the server, such as https://erp.example.com.
        database: Name of the database.
        company: Id of the company whose figures are meant, where the user belongs to several.
        page_size: Records of a page.
    """

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+$")]
    database: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    company: Annotated[int, Field(ge=1)] | None = None
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 500


class _Tryton(SourceType):
    def record_address(self, connection: Connection, resource: str, record_id: str) -> str | None:
        """The form of a record in Tryton's web client."""
        model = next((one.object for one in self.resources if one.name == resource), None)
        if model is None or not isinstance(connection, TrytonConnection):
            return None
        return f"{connection.url}/#{connection.database}/model/{model}/{record_id}"


def _resource(name: str, model: str, fields: str, *, dated: bool = True, is_full: bool = False) -> Resource:
    return Resource(
        name=name,
        key=("id",),
        write_mode="full" if is_full else "incremental",
        cursor=None if is_full else CHANGED,
        about=f"records of {model}, inactive ones too",
        sweep=not is_full,
        fields=("id", *fields.split(), "create_date", "write_date"),
        overlap=dt.timedelta(minutes=10),
        dated=dated and not is_full,
        permission=f"a user application of REST whose user may read {model}",
        limits="no limit of the vendor; a page is a request, and after changes all ids are listed",
        object=model,
    )


TRYTON = _Tryton(
    name="tryton",
    about="Tryton 8.2 over its REST API (modules sale_opportunity and account_invoice)",
    connection=TrytonConnection,
    secrets=(SecretSpec("key", "key of a validated user application of REST"),),
    resources=(
        _resource("users", "res.user", "name login email employee active", is_full=True),
        _resource(
            "employees",
            "company.employee",
            "party.id party.name party.email company start_date end_date supervisor",
            is_full=True,
        ),
        _resource("parties", "party.party", "name code active phone mobile email", dated=False),
        _resource(
            "opportunities",
            "sale.opportunity",
            "number reference description party.id party.name employee company currency.code amount "
            "conversion_probability state start_date end_date lost_reason",
        ),
        _resource(
            "sales",
            "sale.sale",
            "number reference description party company currency.code untaxed_amount total_amount state sale_date "
            "origin invoice_state shipment_state",
        ),
        _resource(
            "sale_lines",
            "sale.line",
            "sale type product product.code product.name quantity unit.symbol unit_price amount description",
        ),
        _resource(
            "invoices",
            "account.invoice",
            "number reference type state party company currency.code untaxed_amount total_amount invoice_date sales",
        ),
        _resource(
            "invoice_lines",
            "account.invoice.line",
            "invoice type product quantity unit.symbol unit_price amount origin",
        ),
        _resource(
            "payments",
            "account.move.line",
            "date debit credit party invoice_payment invoice_payment.type invoice_payment.currency.code",
        ),
    ),
    extractor="connectors.tryton.source:TrytonExtractor",
    folder=Path(__file__).parent,
)
