"""Who works where and when: people, their jobs, and the staff as a whole.

Belongs here: the records and what can be asked of them. Does not belong here: drawing them (see people).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

#: A marketer has worked so many days before archives are given to her.
SETTLING_DAYS = 30


@dataclass(frozen=True)
class Job:
    """One assignment from `valid_from` until the next one begins."""

    valid_from: date
    department: str
    position: str
    team_id: str
    manager_id: str | None
    bonus_base: int


@dataclass
class Person:
    """An employee; `strength` is the relative amount of business in percent."""

    employee_id: str
    name: str
    email: str
    hired: date
    strength: int
    jobs: list[Job] = field(default_factory=list)
    left: date | None = None

    def works_on(self, day: date) -> bool:
        """Whether the person is employed on this day (the last day included)."""
        return self.hired <= day and (self.left is None or day <= self.left)

    def job_on(self, day: date) -> Job:
        """The assignment in force; before the first one, the first one."""
        return next((job for job in reversed(self.jobs) if job.valid_from <= day), self.jobs[0])


@dataclass
class Staff:
    """Everybody, by department of the first assignment, in the order of the ids."""

    people: list[Person]
    groups: dict[str, list[Person]]
    _active: dict[tuple[str, date, int], list[Person]] = field(default_factory=dict)

    @property
    def field_marketers(self) -> list[Person]:
        """The marketers who win leads themselves."""
        return [person for person in self.groups["marketing"] if person.jobs[0].position == "marketer"]

    def active(self, department: str, day: date, stays_days: int = 0) -> list[Person]:
        """Who works in the department on this day and does not leave within `stays_days`."""
        key = (department, day, stays_days)
        if key not in self._active:
            later = day + timedelta(days=stays_days)
            self._active[key] = [
                person
                for person in self.people
                if person.works_on(day)
                and person.works_on(later)
                and person.job_on(day).department == department
            ]
        return self._active[key]

    def last_day(self, person: Person, month_end: date) -> date:
        """The last day of the month the person works."""
        return month_end if person.left is None else min(person.left, month_end)

    def archive_keepers(self, day: date) -> list[Person]:
        """The marketers to whom archives are given on this day: those past their first weeks."""
        return [
            person
            for person in self.active("marketing", day)
            if person.works_on(day - timedelta(days=SETTLING_DAYS))
        ]

    def leavers(self, first: date, last: date) -> list[Person]:
        """Who leaves between the two days, both included."""
        return [person for person in self.people if person.left is not None and first <= person.left <= last]

    @property
    def violator(self) -> Person:
        """The seller whose violations are all seeded."""
        return self.groups["sales"][5]

    @property
    def untrained_seller(self) -> Person:
        """The seller without the sales course."""
        return self.groups["sales"][6]

    @property
    def failing_seller(self) -> Person:
        """The seller who completed the sales course and failed its exam."""
        return self.groups["sales"][7]

    @property
    def untrained_marketer(self) -> Person:
        """The marketer without the archive course."""
        return self.field_marketers[3]

    @property
    def newcomer(self) -> Person:
        """The marketer who begins in the middle of a month and has no duty before the next one begins."""
        return self.groups["marketing"][-1]

    @property
    def seeded_leaver(self) -> Person:
        """The marketer who leaves ten days before the anchor month."""
        return self.field_marketers[-1]

    @property
    def hr_officer(self) -> Person:
        """Who decides and records."""
        return self.groups["hr"][0]


def end_of(day: date) -> datetime:
    """18:00 of a day, when desks are handed over."""
    return datetime.combine(day, time(18))
