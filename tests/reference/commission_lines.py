"""Lines of the pools (rulebook 3.4, 3.6, 4.6, 5; decisions R4, R18 to R20, R24).

Belongs here: from parts of credit to held, earned and settled lines. Does not belong here: monthly
components.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.lines import (
    UNREAD,
    Decisions,
    Line,
    Settlement,
    holds_terminated,
    identified,
    line_key,
    settled,
    with_reasons,
)
from tests.reference.money import ZERO, total
from tests.reference.months import period_of
from tests.reference.parts import Part
from tests.reference.people import UNRESOLVED
from tests.reference.process_bonus import ProcessMonths
from tests.reference.rate_tables import depends_on_unread, order

if TYPE_CHECKING:
    from tests.reference.world import World

Key = tuple[str, str, str, str, str, str, str]


def commission_lines(world: World, parts: list[Part], process: ProcessMonths) -> list[Line]:
    """Lines of origination, closing and collaboration with their settlements."""
    groups: dict[Key, list[Part]] = defaultdict(list)
    for part in parts:
        if part.period <= world.last_period and _has_line(world, part):
            groups[_key(part)].append(part)
    decisions = Decisions(world)
    found: list[Line] = []
    for members in groups.values():
        found.extend(_lines(world, sorted(members, key=order), process, decisions))
    return found


def _has_line(world: World, part: Part) -> bool:
    """A component pays it, or nobody's plan does on a day when the company has plans (R4).

    Reading 47: "A day without a plan between two plans of the same department is an omission".
    """
    if part.paying is not None:
        return True
    day = part.event.positive.day
    is_forgotten = not part.has_plan and part.pool != "collaboration"
    return is_forgotten and (bool(world.book.in_force(day)) or world.book.is_gap(part.employee, day))


def _key(part: Part) -> Key:
    """Grain of commission lines (R19)."""
    plan_id, component_id = part.paying.key if part.paying else ("", "")
    event = part.event
    return (
        part.pool,
        plan_id,
        component_id,
        part.deal.deal_id,
        event.transaction_id,
        part.employee,
        part.origin_period,
    )


def _lines(world: World, members: list[Part], process: ProcessMonths, decisions: Decisions) -> Iterator[Line]:
    """One line with its holds, and what settles it."""
    first = members[0]
    reasons = {reason for part in members for reason in _reasons(world, part, process)}
    retiering = total(part.retiering for part in members) if reasons else ZERO
    plan = first.paying.plan if first.paying else None
    rates = {part.rate for part in members}
    line = Line(
        period=first.period,
        employee_id=first.employee,
        component=first.pool,
        component_id=first.paying.component_id if first.paying else "",
        amount=total(part.earning for part in members) - retiering if plan else ZERO,
        currency=first.deal.currency,
        plan_id=first.paying.plan_id if first.paying else "",
        plan_hash=plan["plan_hash"] if plan else None,
        deal_id=first.deal.deal_id,
        transaction_id=first.event.transaction_id,
        basis_amount=total(part.credited for part in members),
        rate=rates.pop() if plan and len(rates) == 1 else None,
        origin_period=first.origin_period,
    )
    line = identified(line)
    outcome = process.outcome(line) if first.pool == "origination" else None
    if first.event.is_reversal:
        earliest = min(
            (part.event.positive for part in members), key=lambda found: (found.day, found.transaction_id)
        )
        line = replace(line, reverses=line_key(line, earliest.transaction_id, line.origin_period))
    evidence = world.paired.get(first.deal.deal_id)
    change_id = evidence.transfer.change_id if evidence else None
    reasons |= decisions.unread(line, change_id, reasons)
    line = with_reasons(line, reasons, is_forfeited=outcome is not None and outcome.is_forfeited)
    endings = decisions.for_line(line, change_id)
    if line.reason == "process" and outcome is not None and outcome.released_in is not None:
        endings.append(Settlement(outcome.released_in, "release"))
    yield from settled(line, endings, world.last_period)
    if retiering:
        moved = _retiering_line(line, retiering, is_unread=any(part.is_unread for part in members))
        yield from settled(moved, decisions.for_line(moved, None), world.last_period)


def _retiering_line(line: Line, amount: Decimal, *, is_unread: bool) -> Line:
    """What a refund changes on the other transactions of its interval.

    Held for UNRESOLVED (R9), and when the total of the interval depends on a row in quarantine.
    """
    reasons = ["unresolved"] if line.employee_id == UNRESOLVED else []
    reasons += [UNREAD] if is_unread else []
    plain = replace(line, status="earned", reason=None, reverses=None, detail="interval")
    return with_reasons(identified(replace(plain, amount=amount, basis_amount=ZERO)), reasons)


def _reasons(world: World, part: Part, process: ProcessMonths) -> Iterator[str]:
    """What holds a part; a reversal is judged as the positive it takes from (R18)."""
    positive = part.event.positive
    if part.pools.is_bad_split:
        yield "bad_split"
    if part.employee == UNRESOLVED:
        yield "unresolved"
    evidence = world.paired.get(part.deal.deal_id)
    if part.pool == "closing" and evidence is not None and evidence.holds_commission:
        yield "transfer"
    if part.pool == "origination" and part.paying is not None:
        outcome = process.of(part.employee, part.paying.plan_id, positive.period)
        if outcome is not None and outcome.holds:
            yield "process"
    plan = part.paying.plan if part.paying else None
    if world.people.is_terminated(part.employee, positive.day) and holds_terminated(plan):
        yield "terminated"
    if part.paying is None:
        yield "no_plan"
    if part.deal.fx_rate is None:
        yield "no_fx_rate"
    if part.is_unread or _is_unread(world, part, process):
        yield UNREAD


def _is_unread(world: World, part: Part, process: ProcessMonths) -> bool:
    """Reading 41: something the part depends on is in quarantine; of an interval, see `rate_tables`."""
    day = part.event.positive.day
    if depends_on_unread(world, part):
        return True
    if part.pool != "origination" or part.paying is None:
        return False
    outcome = process.of(part.employee, part.paying.plan_id, period_of(day))
    return outcome is not None and (part.employee, period_of(day)) in world.held.months
