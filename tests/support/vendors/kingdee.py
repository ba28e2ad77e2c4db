"""Kingdee K3Cloud for the proof that holds for every type.

Belongs here: sales orders in the simulator. Does not belong here: faults (test_kingdee_faults.py).
"""

from __future__ import annotations

from typing import Any

from demo.simulators.kingdee import APP_ID, KingdeeSimulator, error
from tests.support.connected_system import PAGE, PATIENCE, Simulated, moment

FORMS = (
    "BD_Customer",
    "SAL_SaleOrder",
    "AR_receivable",
    "AR_RECEIVEBILL",
    "AR_REFUNDBILL",
    "STK_InStock",
    "SAL_OUTSTOCK",
    "STK_MisDelivery",
)


class Kingdee(Simulated):
    """Sales orders in the simulator; a deleted one is gone without a trace."""

    type, resource = "kingdee", "sales_orders"

    def simulated(self) -> Any:
        return KingdeeSimulator({form: [] for form in FORMS})

    def entry(self) -> dict[str, Any]:
        return {
            "address": f"{self.simulator.url}/k3cloud",
            "acct_id": "6666",
            "username": "reader",
            "page_size": str(PAGE),
            "patience": PATIENCE,
            "secrets": {
                "app_id": self.secret("app_id", APP_ID),
                "app_secret": self.secret("app_secret", "simulated-secret"),
            },
        }

    def error_in_a_200(self) -> Any:
        return error("会话信息已丢失，请重新登录", 1).body

    def put(self, number: int, amount: str, second: int = 0) -> None:
        self.delete(number, second)
        self.simulator.records["SAL_SaleOrder"].append(
            {
                "FID": 100_000 + number,
                "FBillNo": f"XSDD{number:06d}",
                "FDate": "2026-03-01T00:00:00",
                "FDocumentStatus": "C",
                "FCancelStatus": "A",
                "FCustId.FNumber": "CUST0001",
                "FSalerId.FNumber": "01900_GW000012_100278",
                "FSettleCurrId.FCode": "CNY",
                "FBillAllAmount": float(amount),
                "FModifyDate": local(second),
                "FApproveDate": local(second),
                "FCancelDate": None,
            }
        )

    def delete(self, number: int, second: int = 0) -> None:
        del second
        rows = self.simulator.records["SAL_SaleOrder"]
        rows[:] = [row for row in rows if row["FID"] != 100_000 + number]

    def record_id(self, number: int) -> str:
        return str(100_000 + number)

    def amount_of(self, record: dict[str, Any]) -> str:
        return f"{record['FBillAllAmount']:.2f}"


def local(second: int) -> str:
    """A moment as K3Cloud writes it: local, without an offset."""
    return moment(second)[:23]
