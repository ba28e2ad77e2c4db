"""Where the results of an employee come from (rulebook 5, decision R31).

Belongs here: own, transferred and jointly worked amounts. Does not belong here: transfer evidence.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.money import ZERO, half_up
from tests.reference.months import last_day, shift
from tests.reference.parts import Part
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

SOURCES = ("own", "transferred", "jointly_worked")


def source_of(world: World, part: Part) -> str:
    """Whose work a credited amount is."""
    evidence = world.paired.get(part.deal.deal_id)
    if evidence is not None and evidence.transfer.receiver == part.employee:
        return "transferred"
    is_joint = len(part.pools.closing) > 1 or part.pools.collaboration_kind == "joint"
    return "jointly_worked" if is_joint and _shared(part) else "own"


def _shared(part: Part) -> bool:
    """A joint award without people is none."""
    return len(part.pools.closing) > 1 or bool(part.pools.collaboration)


def near_certain_share(world: World, employee: str, period: str) -> Decimal | None:
    """Published: "share of near-certain customers among transferred deals over 3 months (given)"."""
    policy = world.book.policy_at(last_day(period))["transfers"]
    first = shift(period, 1 - policy["near_certain_share_months"])
    received = [
        item.is_near_certain
        for item in world.paired.values()
        if item.transfer.receiver == employee and item.deal and first <= item.deal.period <= period
    ]
    return half_up(Fraction(sum(received), len(received)), 6) if received else None


def rows(world: World, parts: list[Part]) -> list[Row]:
    """fct_result_sources: three rows per employee and month with closing credits."""
    amounts: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(SOURCES, ZERO))
    for part in parts:
        if part.pool == "closing" and part.deal.fx_rate is not None and part.period <= world.last_period:
            amounts[part.employee, part.period][source_of(world, part)] += part.credited
    found = []
    for (employee, period), by_source in amounts.items():
        whole = sum(by_source.values(), ZERO)
        for source, amount in by_source.items():
            found.append(
                {
                    "employee_id": employee,
                    "period": period,
                    "source": source,
                    "amount": amount,
                    "share": half_up(Fraction(amount) / Fraction(whole), 6) if whole else None,
                    "near_certain_share_3m": near_certain_share(world, employee, period),
                }
            )
    return found
