"""The staff: departments, teams, managers, hires, leavers and moves, and the files that describe them.

Belongs here: drawing them, and their files. Does not belong here: what they do (the other modules).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from demo.world.clock import Calendar
from demo.world.staff import Job, Person, Staff
from demo.world.tables import Tables
from demo.world.vocabulary import Vocabulary

#: Department: share of the staff in percent, teams, lowest and highest bonus base in hundreds of CNY.
DEPARTMENTS = {
    "marketing": (30, ("M1", "M2", "M3"), 35, 65),
    "sales": (40, ("S1", "S2", "S3", "S4"), 40, 80),
    "sales_assistant": (17, ("A1", "A2"), 30, 50),
    "teaching": (7, ("T1",), 40, 60),
    "management": (3, ("HQ",), 75, 80),
    "hr": (3, ("HR",), 40, 55),
}
SMALLEST = {"marketing": 12, "sales": 14, "sales_assistant": 6, "teaching": 2, "management": 1, "hr": 2}
MIN_EMPLOYEES = 40
POSITIONS = {
    "sales": "seller",
    "sales_assistant": "assistant",
    "teaching": "teacher",
    "management": "director",
    "hr": "hr_specialist",
}
USER_SOURCES = ("wecom", "tryton", "salesforce", "hubspot", "kingdee", "moodle")
LEGACY_SOURCE = "files"


def build_staff(calendar: Calendar, rng: Random, vocabulary: Vocabulary, employees: int) -> Staff:
    """Draw about `employees` people with their teams, then apply hires, leavers and moves.

    Raises:
        ValueError: when there are too few employees for the seeded facts.
    """
    if employees < MIN_EMPLOYEES:
        raise ValueError(f"employees must be at least {MIN_EMPLOYEES}, got {employees}")
    groups: dict[str, list[Person]] = {}
    number = 0
    for department, (share, _, _, _) in DEPARTMENTS.items():
        size = max(SMALLEST[department], (employees * share + 50) // 100)
        groups[department] = [_person(calendar, rng, vocabulary, number + place + 1) for place in range(size)]
        number += size
    head = groups["management"][0]
    for department, members in groups.items():
        _assign_jobs(rng, department, members, head)
    staff = Staff([person for members in groups.values() for person in members], groups)
    _hires_and_leavers(calendar, staff)
    _moves(calendar, staff)
    return staff


def _person(calendar: Calendar, rng: Random, vocabulary: Vocabulary, number: int) -> Person:
    name = vocabulary.person()
    return Person(
        employee_id=f"E{number:04d}",
        name=name.shown,
        email=f"{name.latin}.{number}@lumen-care.example",
        hired=calendar.first - timedelta(days=rng.randrange(60, 1800)),
        strength=rng.randrange(70, 135),
    )


def _assign_jobs(rng: Random, department: str, members: list[Person], head: Person) -> None:
    _, teams, low, high = DEPARTMENTS[department]
    leaders: dict[str, Person] = {}
    for place, person in enumerate(members):
        team = teams[place % len(teams)]
        leader = leaders.setdefault(team, person)
        manager = head.employee_id if leader is person else leader.employee_id
        job = Job(
            valid_from=person.hired,
            department=department,
            position=POSITIONS.get(department) or _marketing_position(place, len(members)),
            team_id=team,
            manager_id=None if person is head else manager,
            bonus_base=rng.randrange(low, high + 1) * 100,
        )
        person.jobs = [job]


def _marketing_position(place: int, size: int) -> str:
    if place < size * 2 // 3:
        return "marketer"
    return "digital_specialist" if place % 2 else "brand_specialist"


def _hires_and_leavers(calendar: Calendar, staff: Staff) -> None:
    months = calendar.months
    marketers, sales, assistants = (
        staff.field_marketers,
        staff.groups["sales"],
        staff.groups["sales_assistant"],
    )
    hires = (
        (marketers[-3], months // 4, 3),
        (staff.newcomer, calendar.anchor_index + 1, 19),
        (sales[-2], months // 6, 9),
        (sales[-3], months * 2 // 3, 1),
        (assistants[-2], months // 12 + 1, 14),
        (staff.groups["teaching"][-1], months // 3, 0),
    )
    for person, month, days in hires:
        person.hired = calendar.start(month) + timedelta(days=days)
        person.jobs = [replace(person.jobs[0], valid_from=person.hired)]
    staff.seeded_leaver.left = calendar.anchor - timedelta(days=10)
    marketers[-2].left = calendar.start(months * 2 // 3) + timedelta(days=19)
    sales[-1].left = calendar.start(months * 5 // 8) + timedelta(days=13)
    sales[-5].left = calendar.end(months * 5 // 6)
    assistants[-3].left = calendar.start(months * 3 // 4) + timedelta(days=8)


def _moves(calendar: Calendar, staff: Staff) -> None:
    """Mid-month moves: a promoted assistant, a seller who changes team, a marketer with a new position."""
    sales, assistants, marketers = (
        staff.groups["sales"],
        staff.groups["sales_assistant"],
        staff.field_marketers,
    )
    middle = timedelta(days=14)
    months = calendar.months
    promoted, to_team = assistants[-1], sales[1].jobs[0]
    promoted.jobs.append(
        replace(
            to_team,
            valid_from=calendar.start(months * 3 // 5) + middle,
            manager_id=sales[1].employee_id,
            bonus_base=promoted.jobs[0].bonus_base + 1200,
        ),
    )
    changing = sales[-4]
    changing.jobs.append(
        replace(
            changing.jobs[0],
            valid_from=calendar.start(months // 2 + 1) + timedelta(days=9),
            team_id=to_team.team_id,
            manager_id=sales[1].employee_id,
        ),
    )
    raised = marketers[-4]
    raised_job = replace(
        raised.jobs[0],
        valid_from=calendar.start(months // 3) + middle,
        position="senior_marketer",
        bonus_base=raised.jobs[0].bonus_base + 800,
    )
    raised.jobs.append(raised_job)


def write_staff(staff: Staff, tables: Tables) -> None:
    """Write `employees`, `employee_assignments` (only for people who moved) and `source_users`."""
    for person in staff.people:
        job = person.jobs[-1]
        tables.add(
            "employees", employee_id=person.employee_id, name=person.name, email=person.email,
            department=job.department, position=job.position, team_id=job.team_id, manager_id=job.manager_id,
            hire_date=person.hired, termination_date=person.left, bonus_base=f"{job.bonus_base}.00",
            currency="CNY",
        )  # fmt: skip
        if len(person.jobs) > 1:
            _write_assignments(person, tables)
        for source in USER_SOURCES:
            tables.add(
                "source_users",
                source=source,
                source_user_id=f"{source}-{int(person.employee_id[1:]) * 7 + 100}",
                employee_id=person.employee_id,
            )
    for person in staff.groups["sales"][:3]:
        tables.add(
            "source_users",
            source=LEGACY_SOURCE,
            source_user_id=legacy_id(person),
            employee_id=person.employee_id,
        )


def write_principals(calendar: Calendar, staff: Staff, tables: Tables) -> None:
    """Write `principals`: one login of the serving database for each role."""
    head, seller = staff.groups["marketing"][0], staff.groups["sales"][1]
    people = {
        "hr_officer": ("hr", staff.hr_officer),
        "marketing_head": ("manager", head),
        "sales_person": ("employee", seller),
        "payroll_clerk": ("payroll", None),
        "internal_auditor": ("auditor", None),
        "data_analyst": ("analyst", None),
    }
    for login, (role, person) in people.items():
        employee_id = person.employee_id if person else None
        tables.add("principals", login=login, role=role, employee_id=employee_id, valid_from=calendar.first)


def legacy_id(person: Person) -> str:
    """The id some older files use for the first sellers; resolved through the crosswalk."""
    return f"OLD-{person.employee_id[1:]}"


def _write_assignments(person: Person, tables: Tables) -> None:
    for place, job in enumerate(person.jobs):
        following = person.jobs[place + 1].valid_from if place + 1 < len(person.jobs) else None
        tables.add(
            "employee_assignments", employee_id=person.employee_id, department=job.department,
            position=job.position, team_id=job.team_id, manager_id=job.manager_id,
            bonus_base=f"{job.bonus_base}.00", valid_from=job.valid_from, valid_to=following,
        )  # fmt: skip
