"""What happens in the real Tryton between two extractions, through its own API.

Belongs here: those calls. Does not belong here: what arrives of it (the tests).
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from orchestration.settings import ROOT
from scripts.services.tryton import Tryton
from tests.support.extracted import write_sources


def change(tryton: Tryton) -> int:
    """An opportunity is won, one is lost, an owner changes, an invoice is posted, records are deleted; the new sale."""
    seed = tryton.seed
    opportunities = seed["opportunities"]
    sale = win(tryton, opportunities["商机一"])
    tryton.call("POST", f"sale.opportunity/{opportunities['商机二']}/lost")
    # of a won opportunity Tryton lets nobody change the owner
    tryton.call("PUT", f"sale.opportunity/{opportunities['商机三']}", {"employee": seed["employees"]["wang"]})
    post_invoice(tryton, seed["invoices"]["成交二"])
    tryton.call("DELETE", f"sale.opportunity/{opportunities['取消一']}")
    tryton.call("DELETE", f"party.party/{seed['customers'][4]}")
    tryton.call("PUT", f"party.party/{seed['customers'][3]}", {"active": False})
    return sale


def win(tryton: Tryton, opportunity: int) -> int:
    """Convert an opportunity and confirm its sale, by which it is won; the sale."""
    tryton.call("POST", f"sale.opportunity/{opportunity}/convert")
    sales = tryton.call("GET", "sale.sale?f=origin")
    (sale,) = [one["id"] for one in sales if one["origin"] == f"sale.opportunity,{opportunity}"]
    for step in ("quote", "confirm", "process"):
        tryton.call("POST", f"sale.sale/{sale}/{step}")
    return int(sale)


def invoice_of(tryton: Tryton, sale: int) -> int:
    """The invoice of a sale."""
    found = tryton.call("GET", "account.invoice?f=sales")
    (invoice,) = [one["id"] for one in found if one["sales"] == [sale]]
    return int(invoice)


def post_invoice(tryton: Tryton, invoice: int) -> None:
    """Post a draft invoice, as of today."""
    today = dt.datetime.now(dt.UTC).date()
    day = {"__class__": "date", "year": today.year, "month": today.month, "day": today.day}
    tryton.call("PUT", f"account.invoice/{invoice}", {"invoice_date": day})
    tryton.call("POST", f"account.invoice/{invoice}/post")


def over_rest(home: Path, tryton: Tryton) -> None:
    """A sources.yml with Tryton's REST API."""
    key = home / "secret_key"
    key.write_text(tryton.seed["key"], encoding="utf-8")
    entry = {
        "url": tryton.url,
        "database": tryton.database,
        "page_size": "3",
        "secrets": {"key": {"file": str(key)}},
    }
    write_sources(home / "sources.yml", {"name": "erp", "type": "tryton"} | entry)


def from_database(home: Path, tryton: Tryton) -> None:
    """A sources.yml with Tryton's database, as connectors/tryton/database.yml describes it."""
    url = home / "secret_url"
    url.write_text(tryton.database_url, encoding="utf-8")
    text = (ROOT / "connectors" / "tryton" / "database.yml").read_text(encoding="utf-8")
    entry: dict[str, Any] = YAML(typ="safe", pure=True).load(io.StringIO(text))
    write_sources(home / "sources.yml", entry | {"secrets": {"url": {"file": str(url)}}})
