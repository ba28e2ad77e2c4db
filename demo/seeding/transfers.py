"""Seeds transfers of customers between employees: honest, abnormal, without a reason, at the boundaries.

Belongs here: rulebook 5. Does not belong here: everyday hand-overs (handovers).
"""

from __future__ import annotations

from dataclasses import dataclass

from demo.seeding.facts import TransferFact
from demo.seeding.seeder import Seeder

NEAR_CERTAIN_DAYS = 30
CLOSE_DAYS = 30
POST_ACTIVITIES = 2
POST_MINUTES = 30


@dataclass(frozen=True)
class Case:
    """One transfer: giver's activities before it, receiver's minutes after it, days to signing (None: no deal)."""

    name: str
    reason: str
    pre_days: int
    pre_activities: int
    post_minutes: tuple[int, ...]
    days_to_sign: int | None
    decision: str = ""
    to_assistant: bool = False


CASES = (
    Case("abnormal near certain", "区域调整", 45, 5, (10,), 5),
    Case("abnormal without any work", "workload balance", 50, 6, (), 3),
    Case("missing reason", "", 12, 3, (30, 40, 35), 15, to_assistant=True),
    Case("honest", "客户要求更换顾问", 10, 2, (40, 60, 45, 30), 20),
    Case("near certain but worked on", "workload balance", 40, 4, (45, 50), 25, to_assistant=True),
    Case("abnormal, released", "区域调整", 38, 3, (15,), 6, "release"),
    Case("abnormal, reassigned", "区域调整", 44, 4, (5,), 4, "reassign"),
    Case("abnormal, rejected", "workload balance", 41, 3, (), 8, "reject"),
    Case("followed exactly 30 days", "区域调整", 30, 3, (50, 20), 12),
    Case("closed on day 30", "workload balance", 33, 3, (20,), 30),
    Case("closed on day 31", "workload balance", 33, 3, (20,), 31),
    Case("exactly 30 minutes", "区域调整", 35, 3, (30,), 10),
    Case("late in the window", "客户要求更换顾问", 10, 2, (5,), 45),
    Case("not signed", "区域调整", 20, 2, (25,), None),
)


def seed_transfers(seeder: Seeder) -> None:
    """Seed all cases, each on a customer of its own, and one first assignment."""
    for place, case in enumerate(CASES):
        _seed_case(seeder, place, case)
    customer = seeder.customer(seeder.sellers[3], -15)
    change = seeder.world.hand_over(customer, None, seeder.sellers[3], seeder.moment(-15, 9), "首次分配")
    seeder.deal(customer, seeder.sellers[3], 6, 1_600_000, "self_sourced", "self_sourced")
    seeder.facts.first_assignments.append(change)


def _seed_case(p: Seeder, place: int, case: Case) -> None:
    giver = p.sellers[1 + place % 2]
    receiver = p.assistants[0] if case.to_assistant else p.sellers[0]
    customer = p.customer(receiver, -case.pre_days - 2)
    lead = p.lead(customer, p.marketers[2], -case.pre_days - 1)
    minutes_before = _work_before(p, customer, giver, case)
    change = p.world.hand_over(customer, giver, receiver, p.moment(0, 14), case.reason)
    for number, minutes in enumerate(case.post_minutes):
        p.activity(customer, receiver, 1 + number * ((case.days_to_sign or 20) - 2) // 4, minutes, "visit")
    deal = None
    if case.days_to_sign is not None:
        deal = p.deal(
            customer, receiver, case.days_to_sign, 4_000_000 + place * 100_000, "marketing", "marketing"
        )
        p.journey(customer, lead, deal, giver, -case.pre_days - 1, case.days_to_sign)
    is_abnormal = _is_abnormal(case)
    p.facts.transfers.append(
        TransferFact(
            change_id=change, name=case.name, deal_id=deal, from_employee_id=giver, to_employee_id=receiver,
            pre_days=case.pre_days, pre_activities=case.pre_activities, pre_minutes=minutes_before,
            post_activities=len(case.post_minutes), post_minutes=sum(case.post_minutes),
            days_to_sign=case.days_to_sign, is_near_certain=case.pre_days > NEAR_CERTAIN_DAYS,
            is_abnormal=is_abnormal, has_reason=bool(case.reason), counted_share="0.2" if deal else None,
            decision=case.decision, is_held=(is_abnormal or not case.reason) and case.decision == "",
        )
    )  # fmt: skip
    if case.decision:
        _decide(p, change, giver, case)


def _work_before(p: Seeder, customer: str, giver: str, case: Case) -> int:
    """The giver's activities, the first one exactly `pre_days` before the transfer; returns their minutes."""
    for number in range(case.pre_activities):
        days = -case.pre_days + number * (case.pre_days - 1) // case.pre_activities
        p.activity(customer, giver, days, 20 + number, "visit")
    return sum(20 + number for number in range(case.pre_activities))


def _is_abnormal(case: Case) -> bool:
    if case.days_to_sign is None or case.days_to_sign > CLOSE_DAYS:
        return False
    return len(case.post_minutes) < POST_ACTIVITIES and sum(case.post_minutes) < POST_MINUTES


def _decide(p: Seeder, change: str, giver: str, case: Case) -> None:
    p.tables.add(
        "resolutions", resolution_id=p.world.next_id("RES", 3), subject="transfer", subject_id=change,
        decision=case.decision, to_employee_id=giver if case.decision == "reassign" else "",
        reason={
            "release": "双方书面确认，交接合理",
            "reassign": "the giver did the work",
            "reject": "无实际跟进，不予发放",
        }[case.decision],
        decided_by=p.hr, decided_at=p.moment((case.days_to_sign or 0) + 5, 17),
    )  # fmt: skip
