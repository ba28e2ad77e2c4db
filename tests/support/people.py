"""Made-up people: employees, their assignments over time, and how other systems call them.

Belongs here: rows of employees, employee_assignments, source_users. Does not belong here: what people do.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.support.rng import Rng, last_of_february

Row = dict[str, Any]
D = Decimal

EMPLOYEES = ["E1", "E2", "E10", "e1", "E3", "E4", "E5", "E6", "E7", "E8", "E9"]
EMAILS = {"E2": "e2@corp.example", "E3": "Shared@corp.example", "E10": "shared@corp.example"}
ALIASES = ["u1", "u1", "E2@CORP.example", "shared@corp.example", "ghost", "ghost2"]


class People:
    """The employees of a company.

    Args:
        rng: source of chance.
        year: the year of the story.
        count: how many.
    """

    def __init__(self, rng: Rng, year: int, count: int) -> None:
        self._rng = rng
        self._year = year
        employees = [
            self._person(number, employee_id) for number, employee_id in enumerate(EMPLOYEES[:count])
        ]
        self.rows: dict[str, list[Row]] = {
            "employees": employees,
            "employee_assignments": [
                row
                for employee_id in [*(person["employee_id"] for person in employees), "ghost"]
                if rng.once_in(3)
                for row in self._history(employee_id)
            ],
            "source_users": [
                {"source": "files", "source_user_id": "u1", "employee_id": rng.one("E1", "E2", "nobody")},
                {"source": "crm", "source_user_id": "ghost", "employee_id": "E1"},
            ],
        }

    def _role(self) -> Row:
        rng = self._rng
        return {
            "department": rng.one("marketing", "sales", "sales", "sales_assistant", "finance"),
            "position": rng.one(None, None, "senior", "junior", "lead"),
            "team_id": rng.one(None, "T1", "T1", "T2"),
            "manager_id": rng.one(None, "E1"),
            "bonus_base": rng.one(D("5000.00"), D("3333.33"), D("0.01"), None),
        }

    def _person(self, number: int, employee_id: str) -> Row:
        rng, year = self._rng, self._year
        first = rng.one(date(year - 2, 5, 1), date(year - 1, 10, 1), date(year, 2, 15), date(year, 3, 1))
        ends = [date(year, 3, 31), date(year, 4, 15), date(year, 5, 1), last_of_february(year)]
        last = rng.of(ends) if rng.once_in(3) else None
        role = self._role()
        if number < 2:
            role["department"] = ("marketing", "sales")[number]
        return {
            "employee_id": employee_id,
            "name": f"Name {employee_id}",
            "email": EMAILS.get(employee_id),
            "hire_date": first,
            "termination_date": last if last is None or last >= first else None,
            "currency": rng.one("CNY", "CNY", "CNY", "CNY", None, "USD"),
        } | role

    def _history(self, employee_id: str) -> list[Row]:
        rng, year = self._rng, self._year
        days = [
            date(year - 2, 5, 1),
            *(date(year, *day) for day in ((1, 1), (3, 1), (3, 15), (4, 1), (5, 1))),
        ]
        return [
            {
                "employee_id": employee_id,
                "valid_from": start,
                "valid_to": rng.one(None, None, start + timedelta(days=rng.one(13, 30, 45)), start),
            }
            | self._role()
            for start in sorted(rng.several(days, 1, 3))
        ]
