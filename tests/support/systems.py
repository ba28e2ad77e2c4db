"""Connected systems for the proof that holds for every type: each is one entry of `SYSTEMS`.

Belongs here: how a test starts a system of a type, puts, changes and deletes a record, and describes it in sources.yml.
Does not belong here: the proof (tests/unit/connectors/sources/test_every_type_of_system.py), faults of one vendor.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Self

from demo.simulators.salesforce import SalesforceSimulator
from tests.support.connected_system import PAGE, PATIENCE, Simulated, System, moment
from tests.support.vendors.ads import OceanEngine, TencentAds
from tests.support.vendors.hubspot import Hubspot
from tests.support.vendors.kingdee import Kingdee
from tests.support.vendors.training import Moodle, Xapi
from tests.support.vendors.tryton import Tryton
from tests.support.vendors.wecom import Wecom

__all__ = ["PAGE", "SYSTEMS", "Salesforce", "Sql", "System", "moment"]


class Salesforce(Simulated):
    """Opportunities in the simulator."""

    type, resource = "salesforce", "opportunities"

    def simulated(self) -> Any:
        simulator = SalesforceSimulator({"Opportunity": []}, page_size=PAGE)
        for name in (
            "User",
            "Account",
            "Lead",
            "OpportunityFieldHistory",
            "OpportunityHistory",
            "Task",
            "Event",
        ):
            simulator.records[name] = []
        return simulator

    def entry(self) -> dict[str, Any]:
        return {
            "instance_url": self.simulator.url,
            "patience": PATIENCE,
            "secrets": {
                "client_id": self.secret("client_id", "simulated-client"),
                "client_secret": self.secret("client_secret", "simulated-secret"),
            },
        }

    def error_in_a_200(self) -> Any:
        return [{"errorCode": "UNKNOWN_EXCEPTION", "message": "An unexpected error occurred."}]

    def records_of(self, body: Any) -> list[Any] | None:
        found: list[Any] | None = body.get("records") if isinstance(body, dict) else None
        return found

    def put(self, number: int, amount: str, second: int = 0) -> None:
        rows = self.simulator.records["Opportunity"]
        rows[:] = [row for row in rows if row["Id"] != self.record_id(number)]
        rows.append(
            {
                "Id": self.record_id(number),
                "Name": f"Deal {number}",
                "AccountId": "001A",
                "OwnerId": "005A",
                "Amount": float(amount),
                "CloseDate": "2026-03-01",
                "StageName": "Closed Won",
                "IsWon": True,
                "IsClosed": True,
                "Type": None,
                "LeadSource": None,
                "CreatedDate": moment(0),
                "SystemModstamp": moment(second),
                "IsDeleted": False,
            }
        )

    def delete(self, number: int, second: int = 0) -> None:
        for row in self.simulator.records["Opportunity"]:
            if row["Id"] == self.record_id(number):
                row |= {"IsDeleted": True, "SystemModstamp": moment(second)}

    def record_id(self, number: int) -> str:
        return f"006{number:012d}"

    def amount_of(self, record: dict[str, Any]) -> str:
        return f"{record['Amount']:.2f}"


class Sql(System):
    """Rows of a table in SQLite."""

    type, resource, is_simulated = "sql", "invoices", False
    cursor: str | None = "updated_at"

    def __enter__(self) -> Self:
        self.database = sqlite3.connect(self.folder / "erp.sqlite", isolation_level=None)
        self.database.execute(
            "create table invoices (id integer primary key, amount decimal(18,2), updated_at timestamp, note text)"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def entry(self) -> dict[str, Any]:
        described = {"table": "invoices", "key": "id"} | ({"cursor": self.cursor} if self.cursor else {})
        return {
            "resources": {"invoices": described},
            "chunk_size": str(PAGE),
            "secrets": {"url": self.secret("url", f"sqlite:///{self.folder / 'erp.sqlite'}")},
            "mapping": {
                "transactions": {
                    "from": "invoices",
                    "columns": {
                        "transaction_id": "id",
                        "deal_id": {"constant": "D1"},
                        "kind": {"constant": "invoice"},
                        "amount": "amount",
                        "currency": {"constant": "CNY"},
                        "occurred_at": "updated_at",
                    },
                }
            },
        }

    def put(self, number: int, amount: str, second: int = 0) -> None:
        at = moment(second)[:19].replace("T", " ")
        self.database.execute("insert or replace into invoices values (?, ?, ?, null)", [number, amount, at])

    def delete(self, number: int, second: int = 0) -> None:
        del second  # the database keeps no time of it
        self.database.execute("delete from invoices where id = ?", [number])

    def record_id(self, number: int) -> str:
        return str(number)

    def amount_of(self, record: dict[str, Any]) -> str:
        return (
            str(record["amount"])[:-7]
            if len(str(record["amount"]).partition(".")[2]) > 2
            else str(record["amount"])
        )


class SqlWithoutCursor(Sql):
    """The same, read whole each time."""

    cursor = None


#: a new type is an entry here
SYSTEMS: dict[str, type[System]] = {
    "salesforce": Salesforce,
    "sql": Sql,
    "sql without a cursor": SqlWithoutCursor,
    "tryton": Tryton,
    "hubspot": Hubspot,
    "wecom": Wecom,
    "kingdee": Kingdee,
    "ocean_engine": OceanEngine,
    "tencent_ads": TencentAds,
    "xapi": Xapi,
    "moodle": Moodle,
}
