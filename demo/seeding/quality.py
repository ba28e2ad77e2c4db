"""Seeds facts of data quality: identity, unknown employees, violations, courses, rows that must be rejected.

Belongs here: rulebook 0 (identity), 9 and 11. Must run last: it takes note of line numbers.
Does not belong here: commission.
"""

from __future__ import annotations

from demo.seeding.facts import EmployeeIdFact, QuarantineFact, ViolationFact
from demo.seeding.seeder import Seeder
from demo.world.people import legacy_id
from demo.world.vocabulary import spaced_phone

GHOST_ID = "E-GHOST"
GHOST_EMAIL = "nobody@lumen-care.example"


def seed_quality(seeder: Seeder) -> None:
    """Seed everything of this module."""
    _one_customer_three_records(seeder)
    _namesakes(seeder)
    _archive_faults(seeder)
    _employee_ids(seeder)
    _conduct(seeder)
    _repeated_row(seeder)
    _rejected_deals(seeder)
    _rejected_others(seeder)


def _one_customer_three_records(p: Seeder) -> None:
    """Two share the credit code, two the phone, two the name; the second deal is a repurchase."""
    words, seller = p.world.vocabulary, p.sellers[2]
    code, phone = words.credit_code(), words.phone()
    records = [
        p.customer(
            seller, -20, name="上海悦颜国际医疗美容有限公司", unified_credit_code=code, phone=words.phone()
        ),
        p.customer(seller, -10, name="Yueyan Medical Beauty", unified_credit_code=code, phone=phone),
        p.customer(seller, 2, name="上海悦颜国际医疗美容", phone=spaced_phone(phone)),
    ]
    p.deal(records[0], seller, -8, 3_000_000, "self_sourced", "self_sourced")
    p.deal(records[2], seller, 20, 2_000_000, "repurchase", "self_sourced")
    p.facts.merged_customers.append(records)


def _namesakes(p: Seeder) -> None:
    """Two natural persons of one name: two customers, two first deals."""
    pair = []
    for days in (3, 17):
        customer = p.customer(
            p.sellers[3], days, name="王晓明", customer_type="individual", contact_name="王晓明"
        )
        p.deal(customer, p.sellers[3], days + 4, 700_000, "self_sourced", "self_sourced")
        pair.append(customer)
    p.facts.namesakes.append(pair)


def _archive_faults(p: Seeder) -> None:
    """A credit code with a wrong check digit and a phone that is none."""
    code = p.world.vocabulary.credit_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    p.facts.archive_faults[p.customer(p.sellers[1], 1, unified_credit_code=wrong)] = "unified_credit_code"
    p.facts.archive_faults[p.customer(p.sellers[1], 1, phone="1234-56")] = "phone"


def _employee_ids(p: Seeder) -> None:
    """Nobody's id in a lead and nobody's address in an activity; an address and an old id of somebody."""
    staff = p.world.staff
    lead = p.lead("", GHOST_ID, 8)
    p.facts.unresolved.append(EmployeeIdFact("leads", lead, "owner_employee_id", GHOST_ID, "UNRESOLVED"))
    customer = p.customer(p.sellers[3], 1)
    written = (
        (GHOST_EMAIL, "UNRESOLVED"),
        (_odd_case(staff.groups["sales_assistant"][2].email), staff.groups["sales_assistant"][2].employee_id),
        (legacy_id(staff.groups["sales"][2]), staff.groups["sales"][2].employee_id),
    )
    for place, (name, employee_id) in enumerate(written):
        p.activity(customer, name, 9 + place, 15)
        record = p.tables.rows["activities"][-1][0]
        fact = EmployeeIdFact("activities", record, "employee_id", name, employee_id)
        (p.facts.unresolved if employee_id == "UNRESOLVED" else p.facts.resolved).append(fact)
    address = _odd_case(staff.field_marketers[1].email)
    lead = p.lead("", address, 9)
    p.facts.resolved.append(
        EmployeeIdFact("leads", lead, "owner_employee_id", address, staff.field_marketers[1].employee_id)
    )


def _odd_case(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local.title()}@{domain.upper()}"


def _conduct(p: Seeder) -> None:
    """Violations put right and not, courses not taken, an exam not passed, moves in the middle of a month."""
    staff = p.world.staff
    for person, days, rectified in (
        (staff.violator, 4, 9),
        (staff.violator, 18, None),
        (staff.failing_seller, 6, 11),
    ):
        violation = p.world.next_id("WP", 3)
        p.tables.add(
            "policy_violations", violation_id=violation, employee_id=person.employee_id,
            kind="private_discount", occurred_on=p.moment(days).date(),
            rectified_on=None if rectified is None else p.moment(rectified).date(),
        )  # fmt: skip
        fact = ViolationFact(violation, person.employee_id, p.period(days), rectified is not None)
        p.facts.violations.append(fact)
    p.facts.missing_courses = {
        staff.untrained_seller.employee_id: "C-SALES",
        staff.untrained_marketer.employee_id: "C-ARCHIVE",
    }
    p.facts.failed_exams = {staff.failing_seller.employee_id: "C-SALES"}
    p.facts.cards_without_total[staff.newcomer.employee_id] = f"{staff.newcomer.hired:%Y-%m}"
    for person in staff.people:
        if len(person.jobs) > 1:
            p.facts.mid_month_moves[person.employee_id] = person.jobs[-1].valid_from.isoformat()


def _repeated_row(p: Seeder) -> None:
    """One row twice, letter for letter: counted, landed once."""
    row = p.tables.rows["service_ratings"][-1]
    p.tables.rows["service_ratings"].append(list(row))
    p.facts.exact_duplicates["service_ratings"] = 1


def _rejected_deals(p: Seeder) -> None:
    """An impossible date, a negative amount, and two different rows with one key."""
    customer = p.customer(p.sellers[3], 1)
    year = p.world.calendar.anchor.year
    faults: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("signed_at", "impossible_date", {"signed_at": f"{year}-02-30T10:00:00+08:00"}),
        ("amount", "out_of_range", {"amount": "-5000.00"}),
        ("deal_id", "conflicting_rows", {"deal_id": "DP-TWICE", "amount": "8000.00"}),
        ("deal_id", "conflicting_rows", {"deal_id": "DP-TWICE", "amount": "18000.00"}),
    )
    for place, (field, reason, given) in enumerate(faults):
        values: dict[str, object] = {"deal_id": f"DP-BAD-{place + 1}"} | given
        p.deal(customer, p.sellers[3], 5, 500_000, "", "", **values)
        _note(p, "deals", field, reason)


def _rejected_others(p: Seeder) -> None:
    """An impossible date, an empty required cell, a word for a number and a stage that does not exist."""
    lead = p.lead("", p.marketers[0], 5, created_at=f"{p.world.calendar.anchor.year}-13-05T10:00:00+08:00")
    del p.facts.lead_reasons[lead]
    _note(p, "leads", "created_at", "impossible_date")
    p.customer(p.sellers[3], 1, name="")
    _note(p, "customers", "name", "missing_required")
    p.tables.add(
        "service_ratings", rating_id="R-BAD-1", employee_id=p.sellers[3], rated_at=p.moment(5),
        rating="excellent",
    )  # fmt: skip
    _note(p, "service_ratings", "rating", "wrong_type")
    p.world.stage("teleported", p.moment(6), p.sellers[3], customer_id="CP0001")
    _note(p, "journey_events", "stage", "not_allowed")


def _note(p: Seeder, table: str, field: str, reason: str) -> None:
    """Remember the last row of a table as one that must be rejected (the header is line 1)."""
    rows = p.tables.rows[table]
    p.facts.quarantine.append(QuarantineFact(table, len(rows) + 1, rows[-1][0], field, reason))
