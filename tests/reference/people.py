"""Who is an employee and what was his role when (section 0, readings 3, 6; decisions R2).

Belongs here: resolving employee ids, assignments, roles on a day. Does not belong here: plans.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from tests.reference.company import Company
from tests.reference.months import BEGINNING, OPEN_END, days_in, first_day, shift
from tests.reference.templates import Row

UNRESOLVED = "UNRESOLVED"


@dataclass(frozen=True)
class Assignment:
    """A role of an employee, half-open."""

    employee_id: str
    department: str
    position: str
    team_id: str
    manager_id: str | None
    bonus_base: Decimal | None
    valid_from: date
    valid_to: date


class People:
    """The employees of a company."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.by_id: dict[str, Row] = {row["employee_id"]: row for row in company.employees}

    def resolve(self, raw: str | None) -> str | None:
        """Employee of an id in any file (reading 6).

        "An employee id in any file resolves by exact id, else crosswalk with source `files`, else
        unique e-mail (case-folded), else UNRESOLVED."
        """
        if raw is None or not raw.strip():
            return None
        if raw in self.by_id:
            return raw
        mapped = self._crosswalk.get(raw, "")
        if mapped and raw not in self._somebody:
            known = mapped if mapped in self.by_id else self._by_email.get(mapped.strip().casefold())
            if known is not None:
                return known
        return self._by_email.get(raw.strip().casefold(), UNRESOLVED)

    def is_one_person(self, one: str | None, other: str | None) -> bool:
        """True when two names are those of one known employee."""
        return self.resolve(one) == self.resolve(other) != UNRESOLVED and bool(one)

    def named_so_far(self, user: str | None) -> set[str]:
        """Whom a user in quarantine named so far: by an earlier row, or by the e-mail it is written as."""
        rows = [row for row in self._users if row["source_user_id"] == user]
        found = {str(self.resolve(row["employee_id"])) for row in rows}
        return found | self._mail_owners.get((user or "").strip().casefold(), set()) & self.by_id.keys()

    @cached_property
    def _users(self) -> list[Row]:
        return [row for row in self._company.source_users if row["source"] == "files"]

    @cached_property
    def _crosswalk(self) -> dict[str, str]:
        return {row["source_user_id"]: row["employee_id"] for row in self._users}

    @cached_property
    def _somebody(self) -> set[str]:
        """Users and ids in quarantine: they are somebody, and nobody knows whom (reading 41)."""
        users = [
            row["source_user_id"]
            for row in self._company.quarantined.get("source_users", [])
            if (row.get("source") or "files") == "files" and row.get("source_user_id")
        ]
        people = self._company.quarantined.get("employees", [])
        return {*users, *(row["employee_id"] for row in people if row.get("employee_id"))}

    @cached_property
    def _mail_owners(self) -> dict[str, set[str]]:
        owners: dict[str, set[str]] = defaultdict(set)
        # one in quarantine is known to exist: its e-mail is nobody else's alone (reading 41)
        for row in [*self._company.employees, *self._company.quarantined.get("employees", [])]:
            if row.get("email"):
                owners[row["email"].strip().casefold()].add(row["employee_id"] or "")
        return owners

    @cached_property
    def _by_email(self) -> dict[str, str]:
        unclear = {name.strip().casefold() for name in self._somebody}
        return {
            email: only
            for email, ids in self._mail_owners.items()
            if len(ids) == 1 and email not in unclear
            for only in ids & self.by_id.keys()
        }

    def terminated_on(self, employee: str) -> date | None:
        """Last day employed (reading 3)."""
        value: date | None = self.by_id.get(employee, {}).get("termination_date")
        return value

    def hired_on(self, employee: str) -> date | None:
        """First day employed, when known."""
        value: date | None = self.by_id.get(employee, {}).get("hire_date")
        return value

    @cached_property
    def assignments(self) -> dict[str, list[Assignment]]:
        """Assignments by employee, in time; without history "the row of `employees` holds from hire_date"."""
        history: dict[str, list[Row]] = defaultdict(list)
        for row in self._company.employee_assignments:
            owner = self.resolve(row["employee_id"])
            if owner in self.by_id:
                history[str(owner)].append(row)
        return {employee: self._of(employee, history.get(employee, [])) for employee in self.by_id}

    def _of(self, employee: str, rows: list[Row]) -> list[Assignment]:
        """Assignments of one employee, each ending where the next begins or the employment ends."""
        if not rows:
            hired = self.hired_on(employee) or BEGINNING
            rows = [self.by_id[employee] | {"valid_from": hired, "valid_to": None}]
        rows = sorted(rows, key=lambda row: row["valid_from"])
        left = self.terminated_on(employee)
        end = left + timedelta(days=1) if left else OPEN_END
        found = []
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            until = min(
                row.get("valid_to") or OPEN_END, end, following["valid_from"] if following else OPEN_END
            )
            if row["valid_from"] < until:
                found.append(self._assignment(employee, row, until))
        return found

    def _assignment(self, employee: str, row: Row, until: date) -> Assignment:
        return Assignment(
            employee,
            row.get("department") or "",
            row.get("position") or "",
            row.get("team_id") or "",
            self.resolve(row.get("manager_id")),
            row.get("bonus_base"),
            row["valid_from"],
            until,
        )

    def has_history(self, employee: str) -> bool:
        """True when a row of employee_assignments is about an employee."""
        return any(self.resolve(row["employee_id"]) == employee for row in self._company.employee_assignments)

    def role_at(self, employee: str | None, day: date) -> Assignment | None:
        """Role on a day; a leaver keeps the last role from its end on (for late lines, R2)."""
        roles = self.assignments.get(employee or "", [])
        for role in roles:
            if role.valid_from <= day < role.valid_to:
                return role
        has_left = self.terminated_on(employee or "") is not None
        return roles[-1] if roles and has_left and day >= roles[-1].valid_to else None

    def department_at(self, employee: str | None, day: date) -> str | None:
        """Department on a day."""
        role = self.role_at(employee, day)
        return role.department if role else None

    def team_at(self, employee: str | None, day: date) -> str | None:
        """Team on a day ("Teams are those of the transaction's business date", reading 21)."""
        role = self.role_at(employee, day)
        return (role.team_id or None) if role else None

    def segments(
        self, employee: str, start: date, end: date, accept: Callable[[Assignment], bool]
    ) -> list[tuple[Assignment, int]]:
        """Accepted assignments with their days inside a half-open span."""
        found = []
        for role in self.assignments.get(employee, []):
            days = (min(role.valid_to, end) - max(role.valid_from, start)).days
            if days > 0 and accept(role):
                found.append((role, days))
        return found

    def employed_days(self, employee: str, period: str) -> int:
        """Days of a month with any assignment."""
        start, end = first_day(period), first_day(shift(period, 1))
        return sum(days for _, days in self.segments(employee, start, end, lambda _: True))

    def is_complete_month(self, employee: str, period: str) -> bool:
        """True when employed on every day ("History counts complete months employed", reading 23)."""
        return self.employed_days(employee, period) == days_in(period)

    def is_terminated(self, employee: str, day: date) -> bool:
        """True when a day is after the last day employed."""
        left = self.terminated_on(employee)
        return left is not None and day > left
