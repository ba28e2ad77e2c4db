"""Training systems for the proof that holds for every type.

Belongs here: those systems. Does not belong here: faults of one vendor.
"""

from __future__ import annotations

from typing import Any

from demo.simulators.moodle import MoodleSimulator
from demo.simulators.xapi import XapiSimulator
from tests.support.connected_system import PAGE, PATIENCE, Simulated, moment

COURSE = "https://lms.example.com/course/1"
VERBS = "http://adlnet.gov/expapi/verbs/"


class Xapi(Simulated):
    """Statements in the simulator; an amount is a raw score."""

    type, resource = "xapi", "statements"

    def simulated(self) -> Any:
        return XapiSimulator({"statements": []})

    def entry(self) -> dict[str, Any]:
        return {
            "endpoint": self.simulator.endpoint,
            "page_size": str(PAGE),
            "patience": PATIENCE,
            "secrets": {
                "username": self.secret("username", "simulated-key"),
                "password": self.secret("password", "simulated-password"),
            },
        }

    def put(self, number: int, amount: str, second: int = 0) -> None:
        rows = self.simulator.records["statements"]
        gone = (self.record_id(number), f"void-{self.record_id(number)}")
        rows[:] = [row for row in rows if row["id"] not in gone]
        rows.append(
            {
                "id": self.record_id(number),
                "actor": {"account": {"homePage": "https://hr.example.com", "name": f"E{number}"}},
                "verb": {"id": f"{VERBS}passed"},
                "object": {"id": COURSE, "definition": {"name": {"zh-CN": "课程"}}},
                "result": {"score": {"scaled": 0.9, "raw": float(amount)}, "success": True},
                "timestamp": moment(0),
                "stored": moment(second),
            }
        )

    def delete(self, number: int, second: int = 0) -> None:
        self.simulator.void(self.record_id(number), moment(second))

    def record_id(self, number: int) -> str:
        return f"00000000-0000-4000-8000-{number:012d}"

    def amount_of(self, record: dict[str, Any]) -> str:
        return f"{record['result']['score']['raw']:.2f}"


class Moodle(Simulated):
    """Grades in the simulator, each of another course, so that each is a request; an amount is the raw grade."""

    type, resource = "moodle", "grades"

    def simulated(self) -> Any:
        return MoodleSimulator({"courses": [], "enrolments": [], "completions": [], "grades": []})

    def entry(self) -> dict[str, Any]:
        return {
            "site_url": self.simulator.url,
            "patience": PATIENCE,
            "secrets": {"token": self.secret("token", "simulated-token")},
        }

    def error_in_a_200(self) -> Any:
        return {
            "exception": "dml_read_exception",
            "errorcode": "dmlreadexception",
            "message": "Error reading",
        }

    def put(self, number: int, amount: str, second: int = 0) -> None:
        del second  # the site keeps no time of a change
        self.delete(number)
        course = 100 + number
        self.simulator.records["courses"].append(
            {"id": course, "fullname": f"Course {number}", "format": "topics"}
        )
        self.simulator.records["enrolments"].append({"courseid": course, "id": 7, "email": "e7@example.com"})
        items = [
            {"id": 1, "itemtype": "mod", "graderaw": 1.5, "percentageformatted": "15.00 %"},
            {"id": 2, "itemtype": "course", "graderaw": float(amount), "percentageformatted": "85.50 %"},
        ]
        self.simulator.records["grades"].append({"courseid": course, "userid": 7, "gradeitems": items})

    def delete(self, number: int, second: int = 0) -> None:
        del second
        for kind, name in (("courses", "id"), ("enrolments", "courseid"), ("grades", "courseid")):
            rows = self.simulator.records[kind]
            rows[:] = [row for row in rows if row[name] != 100 + number]

    def record_id(self, number: int) -> str:
        return f"{100 + number}|7"

    def amount_of(self, record: dict[str, Any]) -> str:
        return f"{record['coursegrade']['graderaw']:.2f}"
