"""What was missing for more pay: the next tier, the missing visit, the missing reason (rulebook 13).

Belongs here: the rows of `rpt_suggestions` that come from commission and the process bonus. Does not
belong here: scorecards (`reports_suggestions.py`), the rules of pay themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from tests.reference.kpis_base import Row, rounded
from tests.reference.months import interval_of, months_of
from tests.reference.parts import Part
from tests.reference.plan_book import Paying
from tests.reference.process_bonus import Outcome, ProcessMonths
from tests.reference.rate_tables import Bounds, bounds, earned, quota, reached
from tests.reference.world import World

FEN = Fraction(1, 100)


def suggestion_row(employee_id: str, period: str, kind: str, **more: Any) -> dict[str, Any]:
    """A row without KPI, points and course."""
    row = {
        "employee_id": employee_id,
        "period": period,
        "plan_id": None,
        "component_id": None,
        "kpi_id": None,
    }
    rest = {"kind": kind, "gap": None, "points_gain": None, "money_gain": None, "course_id": None}
    return {**row, **rest, **more}


class Interval:
    """Commission of one employee, component and interval, up to a month."""

    def __init__(self, world: World, employee: str, paying: Paying, name: str) -> None:
        self._world = world
        self.employee, self.name = employee, name
        self.ids = {"plan_id": paying.plan_id, "component_id": paying.component_id}
        self.table: Row = paying.component["rate_table"]
        self.by_quota = self.table["unit"] == "quota_pct"
        self.quota = quota(world, employee, paying, name) if self.by_quota else None
        self.limits: Bounds = bounds(dict(self.table), self.quota)

    def totals(self, parts: Sequence[Part]) -> tuple[Fraction, Fraction]:
        """Credited amount, and the counted amount that finds the tier."""
        full = sum((Fraction(part.credited) for part in parts), Fraction(0))
        if not self.by_quota:
            return full, full
        shares = (
            (Fraction(part.credited), self._world.counted_share(part.deal, part.employee)) for part in parts
        )
        return full, sum((amount * share for amount, share in shares), Fraction(0))

    def earning(self, full: Fraction, counted: Fraction) -> Decimal:
        """What the totals earn, rounded once."""
        table = dict(self.table)
        if self.by_quota and (counted == 0 or not self.quota):
            return rounded(full * Fraction(table["tiers"][0]["start_rate"]), 2)
        exact = earned(table, counted, self.limits)
        return rounded(full * exact / counted if self.by_quota else exact, 2)

    def distance(self, counted: Fraction) -> Fraction | None:
        """Amount to the first fen of the next tier; None in the last tier or without a quota."""
        if self.by_quota and not self.quota:
            return None
        upper = self.limits[reached(dict(self.table), counted, self.limits)][1]
        if upper is None:
            return None
        return upper - counted + (FEN if self.table["bound"] == "upper_inclusive" else 0)


def running(world: World, parts: Sequence[Part]) -> Iterator[tuple[Interval, str, list[Part]]]:
    """Running intervals with the parts posted up to each month, from the first one with a part on."""
    groups: dict[tuple[str, str, str, str], list[Part]] = defaultdict(list)
    for part in parts:
        if part.is_tabled and part.paying is not None:
            unit = part.paying.component["rate_table"]["interval"]
            groups[(*part.paying.key, part.employee, interval_of(part.origin_period, unit))].append(part)
    for (_, _, employee, name), members in groups.items():
        paying = members[0].paying
        assert paying is not None
        interval = Interval(world, employee, paying, name)
        for period in months_of(name):
            posted = [part for part in members if part.period <= period]
            if posted and period <= world.last_period:
                yield interval, period, posted


def next_tiers(world: World, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    """Rule: "for commission the distance to the next tier", in every month of a running interval."""
    for interval, period, posted in running(world, parts):
        full, counted = interval.totals(posted)
        gap = interval.distance(counted)
        if gap is not None:
            gain = interval.earning(full + gap, counted + gap) - interval.earning(full, counted)
            more = {"gap": rounded(gap, 6), "money_gain": gain, **interval.ids}
            yield suggestion_row(interval.employee, period, "next_tier", **more)


def tier_rows(world: World, parts: Sequence[Part]) -> Iterator[dict[str, Any]]:
    """fct_tiers: what each running interval has reached."""
    for interval, period, posted in running(world, parts):
        full, counted = interval.totals(posted)
        has_place = not interval.by_quota or (bool(interval.quota) and counted != 0)
        index = reached(dict(interval.table), counted, interval.limits) if has_place else 0
        yield {
            "employee_id": interval.employee,
            "period": period,
            "interval_id": interval.name,
            **interval.ids,
            "total_amount": rounded(full, 2),
            "quota": interval.quota,
            "tier_no": index + 1,
            "rate": interval.table["tiers"][index]["start_rate"],
            "earning_amount": interval.earning(full, counted),
        }


def missing_process(process: ProcessMonths, lines: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Visits and signed customers missing for the process bonus, with what they would have freed.

    Missing visits would come as visitors who have not signed; the bonus and the origination kept back are said
    only where nothing else is missing.
    """
    for (employee, plan_id, period), outcome in process.outcomes.items():
        if outcome.is_reached:
            continue
        component, figures = outcome.paying.component, outcome.figures
        target = Fraction(component["target"])
        visits = max(target - figures.visits, Fraction(0))
        visitors = figures.visits if not visits else max(Fraction(figures.visits), target)
        signed = max(ceil(Fraction(component["min_conversion"]) * visitors) - figures.signed, 0)
        stake = _freed(outcome, employee, plan_id, period, lines)
        ids = {"plan_id": plan_id, "component_id": outcome.paying.component_id}
        for kind, gap, other in (("missing_visit", visits, signed), ("missing_conversion", signed, visits)):
            if gap:
                money = None if other else stake
                yield suggestion_row(employee, period, kind, gap=rounded(gap, 6), money_gain=money, **ids)


def _freed(outcome: Outcome, employee: str, plan_id: str, period: str, lines: Sequence[Row]) -> Decimal:
    """Bonus and origination lines kept back for this month only because of it."""
    kept = (
        line["amount"]
        for line in lines
        if line["component"] == "origination"
        and line["status"] in {"held", "forfeited"}
        and line["reason"] == "process"
        and (line["employee_id"], line["plan_id"], line["origin_period"]) == (employee, plan_id, period)
    )
    return rounded(outcome.paying.component["bonus"], 2) + sum(kept, Decimal(0))


def missing_reasons(transfers: Sequence[Row], lines: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Closing commission held only because a transfer has no reason, by currency."""
    silent = {row["deal_id"] for row in transfers if row["deal_id"] and not row["has_reason"]}
    silent -= {row["deal_id"] for row in transfers if row["is_abnormal"]}
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for line in lines:
        is_held = line["status"] == "held" and line["reason"] == "transfer" and line["component"] == "closing"
        if is_held and line["deal_id"] in silent:
            groups[line["employee_id"], line["period"], line["currency"]].append(line)
    for (employee, period, _currency), held in sorted(groups.items(), key=lambda group: group[0]):
        deals = rounded(len({line["deal_id"] for line in held}), 6)
        money = sum((line["amount"] for line in held), Decimal("0.00"))
        yield suggestion_row(employee, period, "missing_reason", gap=deals, money_gain=money)
