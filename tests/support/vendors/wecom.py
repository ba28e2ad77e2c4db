"""WeCom for the proof that holds for every type.

Belongs here: contacts in the simulator. Does not belong here: faults (test_wecom_faults.py).
"""

from __future__ import annotations

from typing import Any

from demo.simulators.wecom import WecomSimulator
from tests.support.connected_system import PAGE, PATIENCE, Simulated

ADDED = 1_767_600_000  # 2026-01-05 08:00 UTC
USERS = ("rocky", "zhangsan")


class Wecom(Simulated):
    """Contacts of two users in the simulator; WeCom keeps no time of a change."""

    type, resource = "wecom", "contacts"

    def simulated(self) -> Any:
        return WecomSimulator({"users": [], "contacts": []})

    def entry(self) -> dict[str, Any]:
        return {
            "address": self.simulator.url,
            "corpid": "ww0simulated",
            "users_per_request": "1",
            "page_size": str(PAGE),
            "patience": PATIENCE,
            "secrets": {"corpsecret": self.secret("corpsecret", "simulated-secret")},
        }

    def error_in_a_200(self) -> Any:
        return {"errcode": -1, "errmsg": "system busy"}

    def put(self, number: int, amount: str, second: int = 0) -> None:
        self.delete(number, second)
        contact = {"external_userid": f"wo{number:04d}", "name": f"客户{number}", "type": 1, "gender": 0}
        follow = {
            "userid": USERS[number % 2],
            "remark": amount,
            "createtime": ADDED,
            "tag_id": ["et1"],
            "remark_mobiles": [],
            "add_way": 1,
        }
        self.simulator.records["contacts"].append({"external_contact": contact, "follow_info": follow})

    def delete(self, number: int, second: int = 0) -> None:
        del second
        rows = self.simulator.records["contacts"]
        rows[:] = [row for row in rows if row["external_contact"]["external_userid"] != f"wo{number:04d}"]

    def record_id(self, number: int) -> str:
        return f"wo{number:04d}|{ADDED}|{USERS[number % 2]}"

    def amount_of(self, record: dict[str, Any]) -> str:
        return str(record["follow_info"]["remark"])
