"""Rate tables on interval totals (rulebook 4.2, 4.4, 3.7; decision R9).

Belongs here: what a total earns, quotas, handing the earning to transactions. Does not belong here:
flat rates, caps.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.money import half_up, money
from tests.reference.months import INTERVAL_MONTHS, days_in, distance, interval_of, months_of, period_of
from tests.reference.parts import Part
from tests.reference.plan_book import Paying
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

Bounds = list[tuple[Fraction, Fraction | None]]


def bounds(table: Row, quota: Decimal | None = None) -> Bounds:
    """Lower and upper bound of each tier in money; shares of quota are rounded to fen."""
    found: Bounds = []
    lower = Fraction(0)
    for tier in table["tiers"]:
        upper = None if tier["up_to"] is None else Fraction(tier["up_to"])
        if upper is not None and quota is not None:
            upper = Fraction(money(upper * Fraction(quota)))
        found.append((lower, upper))
        lower = upper if upper is not None else lower
    return found


def earned(table: Row, total: Fraction, limits: Bounds) -> Fraction:
    """What an interval total earns, exact.

    "`marginal` (each slice at its own rate), `whole` (the reached rate on the whole amount) or
    `interpolated` (value inside the tier in proportion between the tier's start and end values)";
    "a negative interval total earns at the first tier's rate" (reading 38).
    """
    tiers: list[Row] = table["tiers"]
    if total < 0:
        return total * Fraction(tiers[0]["start_rate"])
    if table["mode"] == "marginal":
        return sum(
            (
                Fraction(tier["start_rate"]) * max(Fraction(0), min(total, upper or total) - lower)
                for tier, (lower, upper) in zip(tiers, limits, strict=True)
            ),
            Fraction(0),
        )
    index = reached(table, total, limits)
    tier, (lower, upper) = tiers[index], limits[index]
    start, end = Fraction(tier["start_rate"]), Fraction(tier["end_rate"])
    if table["mode"] == "whole" or upper is None or upper == lower:
        return total * start
    return total * (start + (end - start) * (total - lower) / (upper - lower))


def reached(table: Row, total: Fraction, limits: Bounds) -> int:
    """Index of the tier a total lies in (`tier_bound` upper_inclusive or lower_inclusive)."""
    for index, (_, upper) in enumerate(limits):
        if upper is None or total < upper or (table["bound"] == "upper_inclusive" and total == upper):
            return index
    return len(limits) - 1


def quota(world: World, employee: str, paying: Paying, interval: str) -> Decimal | None:
    """Quota of an interval, ramped and prorated (4.4); None when missing.

    "Quotas may ramp for new hires (0.5, 0.75, 1) and are prorated by days in role ÷ days in period."
    """
    setting = paying.component["quota"] or {}
    kpi = paying.component["rate_table"]["quota_kpi"] or setting.get("kpi")
    rows = {
        row["period"]: Fraction(row["target"])
        for row in world.company.targets
        if row["kpi_id"] == kpi and world.people.resolve(row["employee_id"]) == employee
    }
    members = months_of(interval)
    if interval not in rows and not any(month in rows for month in members):
        return None
    whole = rows.get(interval)
    added = Fraction(0)
    for month in members:
        target = rows.get(month, Fraction(0)) if whole is None else whole / len(members)
        days = prorated_days(world, employee, paying, month)
        added += target * ramp(world, employee, setting.get("ramp", []), month) * days
    return half_up(added, 6)


def prorated_days(world: World, employee: str, paying: Paying, month: str) -> Fraction:
    """Share of a whole month's target: "prorated by days in role", unless the plan says no (reading 53)."""
    if not paying.plan["prorate_targets"]:
        return Fraction(1)
    return Fraction(world.book.role_days(employee, paying, month), days_in(month))


def ramp(world: World, employee: str, factors: list[Decimal], month: str) -> Fraction:
    """Ramp factor of a month: the first is the month of hiring, 1 beyond the list."""
    hired = world.people.hired_on(employee)
    if hired is None:
        return Fraction(1)
    index = distance(period_of(hired), month)
    return Fraction(factors[index]) if 0 <= index < len(factors) else Fraction(1)


def hand_out(world: World, parts: list[Part]) -> None:
    """Set the earning of every part that a rate table pays.

    "The earning is computed on the interval total, rounded once; for the statement it is handed to the
    transactions ordered by (business date, id), the parts adding up to it." A refund posts the
    recomputed difference of the interval of its positive.
    """
    groups: dict[tuple[str, str, str, str], list[Part]] = defaultdict(list)
    for part in parts:
        if part.is_tabled and part.paying is not None:
            unit = part.paying.component["rate_table"]["interval"]
            assert unit in INTERVAL_MONTHS
            groups[(*part.paying.key, part.employee, interval_of(part.origin_period, unit))].append(part)
    for (_, _, employee, interval), members in groups.items():
        assert members[0].paying is not None
        _run(world, members[0].paying, employee, interval, sorted(members, key=order))
        is_unread = _is_unread(world, members[0].paying, employee, interval, members)
        for part in members:
            part.is_unread = is_unread


def depends_on_unread(world: World, part: Part) -> bool:
    """True when the deal, its award or the earner's role depends on a row in quarantine (reading 41)."""
    found, deal_id = world.held, part.deal.deal_id
    is_award = part.pool == "collaboration" and deal_id in found.awards
    return deal_id in found.deals or is_award or found.has_role(part.employee, part.event.positive.day)


def _is_unread(world: World, paying: Paying, employee: str, interval: str, members: list[Part]) -> bool:
    """True when the total of an interval, or its quota, cannot be known for a row in quarantine."""
    months = months_of(interval)
    kpi = paying.component["rate_table"]["quota_kpi"] or (paying.component["quota"] or {}).get("kpi")
    return (
        any(depends_on_unread(world, part) for part in members)
        or any((employee, month) in world.held.sales for month in months)
        or any((employee, name, month) in world.held.quotas for name in (kpi, "") for month in months)
    )


def order(part: Part) -> tuple[object, ...]:
    """Order of events in an interval: (business date, positives first, id)."""
    event = part.event
    name = event.transaction_id or part.deal.deal_id
    return event.day, event.is_reversal, name, part.deal.deal_id, event.order


def _run(world: World, paying: Paying, employee: str, interval: str, members: list[Part]) -> None:
    """Earnings as differences of the rounded earning of the running total."""
    table = paying.component["rate_table"]
    by_quota = table["unit"] == "quota_pct"
    amount = quota(world, employee, paying, interval) if by_quota else None
    limits = bounds(table, amount)
    credited = counted = Fraction(0)
    so_far = money(0)
    for part in members:
        credited += Fraction(part.credited)
        counted += Fraction(part.credited) * world.counted_share(part.deal, employee)
        if not by_quota:
            exact = earned(table, credited, limits)
        elif not amount or counted == 0:
            exact = credited * Fraction(table["tiers"][0]["start_rate"])
        else:
            exact = credited * earned(table, counted, limits) / counted
        part.earning = money(exact) - so_far
        so_far = money(exact)
    _tell_retiering(members)


def _tell_retiering(members: list[Part]) -> None:
    """Part of each refund's difference that is not the refunded transaction's own part (R9).

    Own = round(p × left after ÷ amount) − round(p × left before ÷ amount), p being what the positive
    was handed. It shares the fate of the positive (held, released, …); the rest moves the tiers of the
    interval's other transactions and is never held with it.
    """
    handed = {
        (part.deal.deal_id, part.event.transaction_id): Fraction(part.earning)
        for part in members
        if not part.event.is_reversal
    }
    for part in members:
        event = part.event
        if event.is_reversal:
            whole = Fraction(event.positive.amount)
            earning = handed[part.deal.deal_id, event.positive.transaction_id]
            after, before = earning * Fraction(event.after) / whole, earning * Fraction(event.before) / whole
            part.retiering = part.earning - (money(after) - money(before))
