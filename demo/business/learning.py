"""Courses, school figures, targets and ordinary adjustments.

Belongs here: `courses`, `course_results`, `kpi_observations`, `targets`, `adjustments`.
Does not belong here: seeded decisions (resolutions) and anything about customers.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from demo.business.operations import DUTY_DEPARTMENTS
from demo.world.clock import office_hours
from demo.world.staff import Person
from demo.world.state import World, money

#: Course: title, hours.
COURSES = {
    "C-SALES": ("顾问式销售 Consultative selling", 16),
    "C-ARCHIVE": ("客户档案管理 Customer archives", 6),
    "C-SERVICE": ("投诉处理与服务 Service and complaints", 8),
    "C-PRODUCT": ("产品知识 Product knowledge", 12),
    "C-COMPETITOR": ("竞品情报 Competitor intelligence", 4),
    "C-COMPLIANCE": ("合规与制度 Compliance", 4),
    "C-BRAND": ("品牌传播 Brand communication", 8),
    "C-TEACHING": ("课堂教学 Teaching practice", 20),
}
MONTHLY_TARGETS = {
    "marketing": ("valid_visits", "sales_amount_attainment", "sales_volume_attainment"),
    "sales": ("sales_amount_attainment", "sales_amount", "sales_volume_attainment"),
    "sales_assistant": (
        "sales_amount_attainment",
        "new_customers",
        "repurchase_amount",
        "new_customer_amount",
    ),
}
#: An average employee's sales target of the first month, in CNY; a marketer sells beside her other work.
SALES_TARGETS = {"marketing": 22_000, "sales": 64_000, "sales_assistant": 64_000}


def write_learning(world: World) -> None:
    """Write every table of this module."""
    for course_id, (title, hours) in COURSES.items():
        world.tables.add("courses", course_id=course_id, title=title, hours=hours)
    _course_results(world)
    _school(world)
    _targets(world)
    _adjustments(world)


def courses_of(department: str) -> tuple[str, ...]:
    """The courses people of a department take."""
    if department == "teaching":
        return ("C-TEACHING", "C-COMPLIANCE")
    if department in DUTY_DEPARTMENTS:
        return tuple(course for course in COURSES if course != "C-TEACHING")
    return ("C-COMPLIANCE",)


def _course_results(world: World) -> None:
    """Everybody completes the courses in the first weeks, except for the seeded gaps and failures."""
    rng, staff = world.stream("courses"), world.staff
    missing = {
        (staff.untrained_seller.employee_id, "C-SALES"),
        (staff.untrained_marketer.employee_id, "C-ARCHIVE"),
    }
    for person in staff.people:
        begin = max(person.hired, world.calendar.first)
        for course_id in courses_of(person.jobs[0].department):
            if (person.employee_id, course_id) in missing:
                continue
            done = office_hours(rng, begin + timedelta(days=rng.randrange(2, 24)))
            if person is staff.failing_seller and course_id == "C-SALES":
                _result(world, person, course_id, 1, done, "48.00", False)
            elif rng.randrange(100) < 8:
                _result(world, person, course_id, 1, done, f"{rng.randrange(35, 60)}.50", False)
                again = done + timedelta(days=rng.randrange(7, 40))
                _result(world, person, course_id, 2, again, f"{rng.randrange(62, 90)}.00", True)
            else:
                _result(world, person, course_id, 1, done, f"{rng.randrange(64, 100)}.00", True)


def _result(
    world: World, person: Person, course_id: str, attempt: int, done: datetime, score: str, passed: bool
) -> None:
    if world.calendar.holds(done):
        world.tables.add(
            "course_results", employee_id=person.employee_id, course_id=course_id, attempt=attempt,
            completed_at=done, hours=COURSES[course_id][1], exam_score=score, passed=passed,
        )  # fmt: skip


def _school(world: World) -> None:
    """Teachers' monthly figures; results drift upwards, so that some growth awards are reached."""
    rng = world.stream("school")
    for person in world.staff.groups["teaching"]:
        results = rng.randrange(66, 76)
        for index in range(world.calendar.months):
            if not person.works_on(world.calendar.start(index)):
                continue
            period = world.calendar.period(index)
            results = min(97, results + rng.randrange(-3, 6))
            figures = (
                ("student_results", results * 30, 3000),
                ("attendance", rng.randrange(552, 601), 600),
                ("parent_feedback", rng.randrange(78, 100), 10),
                ("papers", int(rng.randrange(5) == 0), None),
                ("projects", int(rng.randrange(4) == 0), None),
            )
            for kpi_id, numerator, denominator in figures:
                world.tables.add(
                    "kpi_observations", employee_id=person.employee_id, kpi_id=kpi_id, period=period,
                    numerator=numerator, denominator=denominator,
                )  # fmt: skip


def _targets(world: World) -> None:
    rng = world.stream("targets")
    for index in range(world.calendar.months):
        last = world.calendar.end(index)
        for person in world.staff.people:
            if person.works_on(last):
                _monthly_targets(world, rng, person, index, last)
    for label, _, last in world.calendar.quarters():
        for person in world.staff.people:
            if person.works_on(last) and person.job_on(last).department in ("sales", "sales_assistant"):
                _target(world, person, "new_customers", label, str(4 + person.strength // 25))


def _monthly_targets(world: World, rng: Random, person: Person, index: int, last: date) -> None:
    department = person.job_on(last).department
    if department not in MONTHLY_TARGETS:
        return
    amount = world.calendar.volume(index, SALES_TARGETS[department]) * person.strength // 100 // 1000 * 1000
    values = {
        "valid_visits": str(20),
        "sales_amount": f"{amount}.00",
        "sales_amount_attainment": f"{amount}.00",
        "sales_volume_attainment": str(max(1, amount // 3000)),
        "new_customers": str(5),
        "repurchase_amount": "80000.00",
        "new_customer_amount": f"{rng.randrange(30, 61)}000.00",
    }
    for kpi_id in MONTHLY_TARGETS[department]:
        _target(world, person, kpi_id, world.calendar.period(index), values[kpi_id])


def _target(world: World, person: Person, kpi_id: str, period: str, target: str) -> None:
    world.tables.add("targets", employee_id=person.employee_id, kpi_id=kpi_id, period=period, target=target)


def _adjustments(world: World) -> None:
    """One ordinary adjustment a quarter, with author and approver."""
    rng, staff = world.stream("adjustments"), world.staff
    for number, index in enumerate(range(1, world.calendar.months, 3)):
        person = staff.groups["sales"][number % 4]
        fen = rng.randrange(-40_000, 90_000) // 100 * 100
        world.tables.add(
            "adjustments", adjustment_id=world.next_id("ADJ", 3), employee_id=person.employee_id,
            period=world.calendar.period(index), amount=money(fen), currency="CNY",
            reason="上月交通补贴更正" if fen >= 0 else "duplicate travel allowance taken back",
            author=staff.hr_officer.employee_id, approver=staff.groups["management"][0].employee_id,
        )  # fmt: skip
