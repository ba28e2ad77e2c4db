"""Adjustments and payouts (rulebook 10, reading 39; decisions R29, R30).

Belongs here: the sum of lines per employee, month and currency. Does not belong here: lines, the
ledger, true-ups (posted when a period is locked).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.lines import Line, identified
from tests.reference.money import ZERO, money, total
from tests.reference.months import months
from tests.reference.people import UNRESOLVED
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

OUTSIDE_GROSS = ("adjustment", "true_up")


def adjustment_lines(world: World) -> Iterator[Line]:
    """Complete ones only: "Adjustments come only with author, reason and approver"."""
    for row in world.company.adjustments:
        is_complete = all((row.get(name) or "").strip() for name in ("author", "reason", "approver"))
        if not is_complete or row["period"] not in world.periods:
            continue
        employee = world.people.resolve(row["employee_id"]) or UNRESOLVED
        is_unresolved = employee == UNRESOLVED
        yield identified(
            Line(
                period=row["period"],
                employee_id=employee,
                component="adjustment",
                component_id=row["adjustment_id"],
                amount=money(row["amount"]),
                basis_amount=money(row["amount"]),
                currency=row["currency"],
                status="held" if is_unresolved else "earned",
                reason="unresolved" if is_unresolved else row["reason"],
            )
        )


def payout_rows(world: World, lines: list[Line]) -> list[Row]:
    """fct_payouts: "the sum of its lines; a negative net is carried forward per currency"."""
    groups: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.employee_id, line.currency].append(line)
    found: list[Row] = []
    for (employee, currency), own in sorted(groups.items()):
        carried = ZERO
        for period in months(min(line.period for line in own), world.last_period):
            posted = [line for line in own if line.period == period]
            if posted or carried:
                row = _payout(employee, period, currency, posted, carried)
                carried = row["carried_out"]
                found.append(row)
    return found


def _payout(employee: str, period: str, currency: str, lines: list[Line], carried_in: Decimal) -> Row:
    """One payout: net = carried_in + gross − held + adjustments + true_ups (reading 39).

    Reading 48: "`payable` = net, or 0 where net is negative (what is carried out)".
    """
    gross = total(
        line.amount for line in lines if line.component not in OUTSIDE_GROSS and line.status != "forfeited"
    )
    held = total(line.amount for line in lines if line.status == "held")
    adjustments = total(line.amount for line in lines if line.component == "adjustment")
    true_ups = total(line.amount for line in lines if line.component == "true_up")
    net = carried_in + gross - held + adjustments + true_ups
    return {
        "employee_id": employee,
        "period": period,
        "currency": currency,
        "gross": gross,
        "held": held,
        "adjustments": adjustments,
        "true_ups": true_ups,
        "carried_in": carried_in,
        "net": net,
        "carried_out": min(net, ZERO),
        "payable": max(net, ZERO),
    }
