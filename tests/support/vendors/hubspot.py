"""HubSpot for the proof that holds for every type.

Belongs here: its deals in the simulator. Does not belong here: faults (test_hubspot_faults.py).
"""

from __future__ import annotations

from typing import Any

from demo.simulators.hubspot import HubspotSimulator
from tests.support.connected_system import PAGE, PATIENCE, Simulated, moment

OBJECTS = ("owners", "contacts", "companies", "deals", "calls", "meetings", "notes")
FIRST = 1000  # ids have as many digits as they like; these grow from three to four


class Hubspot(Simulated):
    """Deals in the simulator."""

    type, resource = "hubspot", "deals"

    def simulated(self) -> Any:
        return HubspotSimulator({name: [] for name in OBJECTS}, most=PAGE + 2)

    def entry(self) -> dict[str, Any]:
        return {
            "address": self.simulator.url,
            "page_size": str(PAGE),
            "patience": PATIENCE,
            "secrets": {"access_token": self.secret("access_token", "simulated-token")},
        }

    def records_of(self, body: Any) -> list[Any] | None:
        found: list[Any] | None = body["results"] if isinstance(body, dict) and "total" in body else None
        return found

    def put(self, number: int, amount: str, second: int = 0) -> None:
        rows = self.simulator.records["deals"]
        rows[:] = [row for row in rows if row["id"] != self.record_id(number)]
        won = {"value": "closedwon", "timestamp": _z(second), "sourceType": "CRM_UI"}
        properties = {
            "dealname": f"Deal {number}",
            "amount": amount,
            "deal_currency_code": None,
            "dealstage": "closedwon",
            "pipeline": "default",
            "closedate": _z(0),
            "hs_is_closed_won": "true",
            "dealtype": None,
            "hubspot_owner_id": "7",
            "hs_primary_associated_company": "5",
            "createdate": _z(0),
            "hs_lastmodifieddate": _z(second),
        }
        rows.append(
            {
                "id": self.record_id(number),
                "properties": properties,
                "propertiesWithHistory": {"dealstage": [won]},
            }
        )

    def delete(self, number: int, second: int = 0) -> None:
        for row in self.simulator.records["deals"]:
            if row["id"] == self.record_id(number):
                row["archived"] = True
                row["properties"]["hs_lastmodifieddate"] = _z(second)

    def record_id(self, number: int) -> str:
        return str(FIRST - 4 + number)

    def amount_of(self, record: dict[str, Any]) -> str:
        return str(record["properties"]["amount"])


def _z(second: int) -> str:
    """A moment as HubSpot writes it."""
    return moment(second).replace("+0000", "Z")
