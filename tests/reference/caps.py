"""Caps, floors and draws (rulebook 4.3; decisions R27, R28).

"Order: components → cap → draw → adjustments."

Belongs here: lines that limit or lift what components pay. Does not belong here: components.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.lines import UNREAD, Decisions, Line, holds_terminated, identified, settled, with_reasons
from tests.reference.money import ZERO, money, total
from tests.reference.months import days_in, first_day, months
from tests.reference.people import UNRESOLVED
from tests.reference.plan_book import Paying
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

NOT_PLANNED = ("adjustment", "true_up", "draw")


def limit_lines(world: World, lines: list[Line]) -> list[Line]:
    """Floors, component caps, plan caps and draws, in this order, on what the components pay."""
    decisions = Decisions(world)
    found: list[Line] = []
    for step in (_floors, _component_caps, _plan_caps, _draws):
        for limit in list(step(world, [*lines, *found])):
            line = decisions.unread_line(_unread(world, limit, lines))
            found.extend(settled(line, decisions.for_line(line, None), world.last_period))
    return found


def _unread(world: World, line: Line, lines: list[Line]) -> Line:
    """A top-up makes good for what is held: it is held too, from the first such month on (reading 41)."""
    months = [period for employee, period in world.held.months if employee == line.employee_id]
    months += [
        other.period
        for other in lines
        if other.employee_id == line.employee_id and UNREAD in (other.reason or "").split(";")
    ]
    if line.amount <= 0 or not any(month <= line.period for month in months):
        return line
    return with_reasons(line, [*(line.reason or "").split(";"), UNREAD])


def _due(world: World, paying: Paying, line: Line) -> Line:
    """The line, held when it falls due to somebody who has left.

    Reading 54: "a carried cap, a draw or a bonus that would fall due after the last day employed is held
    with `terminated`". What takes money back (a recovered draw, an excess) is not due to the leaver.
    """
    has_left = world.people.is_terminated(line.employee_id, first_day(line.period))
    if line.amount > 0 and has_left and holds_terminated(paying.plan):
        return with_reasons(line, ["terminated"])
    return line


def _components(world: World, kind: str) -> Iterator[Paying]:
    for plan in world.book.plans:
        for component in plan["components"]:
            if component["type"] == kind:
                yield Paying(plan, component)


def _line(paying: Paying, employee: str, period: str, component: str, amount: Decimal) -> Line:
    return Line(
        period=period,
        employee_id=employee,
        component=component,
        component_id=paying.component_id,
        amount=amount,
        currency=paying.plan["currency"],
        plan_id=paying.plan_id,
        plan_hash=paying.plan["plan_hash"],
    )


def prorated(world: World, employee: str, paying: Paying, period: str, amount: Decimal) -> Decimal:
    """A monthly amount for the days in role."""
    days = world.book.role_days(employee, paying, period)
    return money(Fraction(amount) * days / days_in(period))


def _floors(world: World, lines: list[Line]) -> Iterator[Line]:
    """Top-up to the floor of a component on what the month itself earned; refunds later change nothing."""
    for paying in _components(world, "commission"):
        if not paying.component["floor"]:
            continue
        for employee in sorted(world.people.by_id):
            for period in world.periods:
                least = prorated(world, employee, paying, period, paying.component["floor"]["amount"])
                own = total(
                    line.amount
                    for line in lines
                    if line.is_paid
                    and line.group == (employee, *paying.key)
                    and line.period == line.origin_period == period
                )
                top_up = least - max(own, ZERO)
                if top_up > 0:
                    line = _line(paying, employee, period, "cap", top_up)
                    yield identified(replace(line, detail="floor", note="floor", basis_amount=own))


def _component_caps(world: World, lines: list[Line]) -> Iterator[Line]:
    """Cap per component."""
    for paying in _components(world, "commission"):
        if paying.component["cap"]:
            own = [x for x in lines if x.is_paid and (x.plan_id, x.component_id) == paying.key]
            yield from _caps(world, paying, paying.component["cap"], own)


def _plan_caps(world: World, lines: list[Line]) -> Iterator[Line]:
    """Cap per plan, over everything the plan pays."""
    for paying in _components(world, "plan_cap"):
        own = [
            line
            for line in lines
            if line.is_paid
            and line.plan_id == paying.plan_id
            and line.component not in NOT_PLANNED
            and _is_capped(world, paying, line)
        ]
        yield from _caps(world, paying, paying.component, own)


def _is_capped(world: World, paying: Paying, line: Line) -> bool:
    """A cap for some departments is for months with a role in them."""
    departments = paying.component["departments"]
    if departments is None or set(departments) >= set(paying.plan["applies_to"]["departments"]):
        return True
    return world.book.role_days(line.employee_id, paying, line.origin_period) > 0


def _caps(world: World, paying: Paying, cap: Row, lines: list[Line]) -> Iterator[Line]:
    """Cap lines of all employees, "excess lost or carried forward"; money of one currency is not added to another's."""
    by_employee: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        by_employee[line.employee_id, line.currency].append(line)
    method = _carried if cap["excess"] == "carry" else _lost
    for (employee, currency), own in sorted(by_employee.items()):
        for period, origin, amount, basis in method(world, money(cap["amount"]), own):
            if amount != 0:
                line = _line(paying, employee, period, "cap", amount)
                note = "above_cap" if amount < 0 else "cap_returned"
                line = replace(line, origin_period=origin, basis_amount=basis, detail=period, note=note)
                line = identified(replace(line, currency=currency))
                yield _due(world, paying, line) if cap["excess"] == "carry" else line


Capped = Iterator[tuple[str, str, Decimal, Decimal]]


def _lost(world: World, cap: Decimal, lines: list[Line]) -> Capped:
    """The excess of a month is lost; later lines of that month (refunds, releases) recompute it."""
    for origin in sorted({line.origin_period for line in lines}):
        so_far = paid = ZERO
        own = [line for line in lines if line.origin_period == origin]
        for period in sorted({line.period for line in own}):
            added = total(line.amount for line in own if line.period == period)
            so_far += added
            now = min(cap, so_far)
            yield period, origin, (now - paid) - added, added
            paid = now


def _carried(world: World, cap: Decimal, lines: list[Line]) -> Capped:
    """The excess waits for months below the cap."""
    carry = ZERO
    for period in months(min(line.period for line in lines), world.last_period):
        added = total(line.amount for line in lines if line.period == period)
        after = max(ZERO, carry + added - cap)
        yield period, period, carry - after, added
        carry = after


def _draws(world: World, lines: list[Line]) -> Iterator[Line]:
    """Draw: "non-recoverable (guarantee) or recoverable"."""
    for paying in _components(world, "draw"):
        for employee in sorted(world.people.by_id):
            yield from _draw(world, paying, employee, lines)


def _draw(world: World, paying: Paying, employee: str, lines: list[Line]) -> Iterator[Line]:
    """Draw lines of an employee: "balance recovered only from earnings above the minimum"."""
    assert employee != UNRESOLVED
    balance, has_begun = ZERO, False
    for period in world.periods:
        least = prorated(world, employee, paying, period, paying.component["amount"])
        has_begun = has_begun or least > 0
        if not has_begun:
            continue
        raw = total(
            line.amount
            for line in lines
            if line.is_paid
            and (line.employee_id, line.plan_id, line.period) == (employee, paying.plan_id, period)
            and line.component not in NOT_PLANNED
        )
        earnings = max(ZERO, raw)
        if paying.component["recoverable"]:
            after = max(ZERO, balance + least - earnings)
            amount, balance = after - balance, after
        else:
            amount = max(ZERO, least - earnings)
        if amount != 0:
            line = _line(paying, employee, period, "draw", amount)
            note = "draw" if amount > 0 else "draw_recovered"
            yield _due(world, paying, identified(replace(line, basis_amount=raw, note=note)))
