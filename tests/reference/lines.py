"""Payout lines: their shape, holds and settlements (rulebook 5, 10, 11; readings 37 to 39; decisions R17 to R20).

Belongs here: the line, resolutions, what becomes of a held line. Does not belong here: amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.credit_rows import md5
from tests.reference.months import first_day, period_of, shift
from tests.reference.people import UNRESOLVED
from tests.reference.plan_book import Paying
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

UNREAD = "row_in_quarantine"
# reading 38: "Order of reasons on one line"; the last two came later
REASONS = ("bad_split", "unresolved", "transfer", "process", "terminated", "no_plan", "no_fx_rate", UNREAD)
PAID = ("earned", "released")
COMMISSION = ("origination", "closing", "collaboration")


@dataclass(frozen=True)
class Settlement:
    """What ends a hold: from which month on, how, and for whom."""

    period: str
    decision: str
    employee_id: str | None = None
    is_explicit: bool = False


@dataclass(frozen=True)
class Line:
    """One payout line."""

    period: str
    employee_id: str
    component: str
    component_id: str
    amount: Decimal
    currency: str
    plan_id: str = ""
    plan_hash: str | None = None
    deal_id: str | None = None
    transaction_id: str | None = None
    kpi_id: str | None = None
    basis_amount: Decimal | None = None
    rate: Decimal | None = None
    status: str = "earned"
    reason: str | None = None
    origin_period: str = ""
    line_id: str = ""
    detail: str = (
        ""  # "interval", "floor" or the month a cap is posted in; in the id it takes the place of the KPI
    )
    note: str | None = None  # what an earned line says in place of a reason
    reverses: str | None = field(default=None, compare=False)

    @property
    def is_paid(self) -> bool:
        """True when the amount counts now: earned or released."""
        return self.status in PAID

    @property
    def group(self) -> tuple[str, str, str]:
        """Employee, plan and component."""
        return self.employee_id, self.plan_id, self.component_id


def identified(line: Line) -> Line:
    """The line with its origin period and id, which "survives recalculation" (R19)."""
    origin = line.origin_period or line.period
    return replace(line, origin_period=origin, line_id=line_key(line, line.transaction_id, origin))


def line_key(line: Line, transaction_id: str | None, origin: str) -> str:
    """Id of a line."""
    return md5(
        line.component,
        line.plan_id,
        line.component_id,
        line.deal_id,
        transaction_id,
        line.kpi_id or line.detail,
        line.employee_id,
        origin,
    )


def plan_line(world: World, paying: Paying, employee: str, period: str, amount: Decimal) -> Line:
    """A monthly line of a component, held when its employee is unresolved or had left before the month."""
    reasons = set()
    if employee == UNRESOLVED:
        reasons.add("unresolved")
    if world.people.is_terminated(employee, first_day(period)) and holds_terminated(paying.plan):
        reasons.add("terminated")
    line = Line(
        period=period,
        employee_id=employee,
        component=paying.component["type"],
        component_id=paying.component_id,
        amount=amount,
        currency=paying.plan["currency"],
        plan_id=paying.plan_id,
        plan_hash=paying.plan["plan_hash"],
    )
    return with_reasons(line, reasons)


def holds_terminated(plan: Row | None) -> bool:
    """Reading 38: leavers' lines are held "unless the plan says pay"."""
    return plan is None or plan["holds"]["terminated"] == "hold"


def with_reasons(line: Line, reasons: Iterable[str], *, is_forfeited: bool = False) -> Line:
    """The line held with its reasons in order; forfeited when the plan says so and nothing else holds it."""
    ordered = [reason for reason in REASONS if reason in set(reasons)]
    if not ordered:
        return line
    forfeits = is_forfeited and ordered == ["process"]
    return replace(line, status="forfeited" if forfeits else "held", reason=";".join(ordered))


def unread_month(world: World, line: Line, lookback: int) -> Line:
    """A monthly line, held when a month it is computed from depends on a row in quarantine (reading 41)."""
    month, found = (line.employee_id, line.period), world.held
    if line.component in ("points", "contribution"):
        is_held = month in (found.points if line.component == "points" else found.contacts)
    else:
        asked = asked_kpis(world.book.component(line.plan_id, line.component_id))
        months = _computed_from(world, line, lookback)
        is_held = found.looks_at(months) or found.asks(months, *asked)
        if line.component == "team_growth":
            looked_at = {shift(line.period, -back) for back in range(lookback + 1)}
            is_held |= found.has_member(_teams(world, line.employee_id, line.period), looked_at)
    return with_reasons(line, [*(line.reason or "").split(";"), UNREAD]) if is_held else line


def _computed_from(world: World, line: Line, lookback: int) -> set[tuple[str, str]]:
    """Months of people that a line is computed from; of a team those of all who were in it in the month."""
    months = [shift(line.period, -back) for back in range(lookback + 1)]
    found = {(line.employee_id, month) for month in months}
    if line.component == "team_growth":
        teams = _teams(world, line.employee_id, line.period)
        found |= {(who, m) for who in world.people.by_id for m in months if teams & _teams(world, who, m)}
    return found


def _teams(world: World, employee: str, period: str) -> set[str]:
    """Teams somebody was in during a month."""
    roles = world.people.segments(employee, first_day(period), first_day(shift(period, 1)), lambda _: True)
    return {role.team_id for role, _ in roles if role.team_id}


def asked_kpis(component: Row) -> tuple[set[str], set[str]]:
    """KPIs that a monthly component reads, and courses that gate or raise them."""
    entries = component.get("kpis") or []
    items = [item for template in (component.get("templates") or {}).values() for item in template]
    named = {entry["kpi"] for entry in entries} | {item["measure"] for item in items}
    courses = {entry["training"]["course"] for entry in entries if entry.get("training")}
    return named | ({component["measure"]} if component.get("measure") else set()), courses


class Decisions:
    """Resolutions by subject, the latest counts (R17)."""

    def __init__(self, world: World) -> None:
        self._unread = world.held.decisions
        self._found: dict[tuple[str, str], Settlement] = {}
        for row in sorted(world.company.resolutions, key=lambda r: (r["decided_at"], r["resolution_id"])):
            to_employee = world.people.resolve(row.get("to_employee_id"))
            is_void = row["decision"] == "reassign" and to_employee in (None, UNRESOLVED)
            subject = row["subject"], row["subject_id"]
            self._found.pop(subject, None)
            if row["decision"] in ("release", "reassign", "reject") and not is_void:
                target = to_employee if row["decision"] == "reassign" else None
                self._found[subject] = Settlement(
                    period_of(world.day(row["decided_at"])),
                    row["decision"],
                    target,
                    row["subject"] == "payout_line",
                )

    def unread(self, line: Line, change_id: str | None, reasons: Iterable[str]) -> set[str]:
        """The reason for a line whose decision cannot be read: the latest counts, and it is not known."""
        named = {("payout_line", line.reverses or line.line_id)}
        named |= {("transfer", change_id or "")} if "transfer" in set(reasons) else set()
        return {UNREAD} if set(reasons) and named & self._unread else set()

    def unread_line(self, line: Line) -> Line:
        """A monthly line, with the reason when a decision on it cannot be read."""
        reasons = line.reason.split(";") if line.reason else []
        return with_reasons(line, [*reasons, *self.unread(line, None, reasons)]) if reasons else line

    def for_line(self, line: Line, change_id: str | None) -> list[Settlement]:
        """Resolutions that act on a held line; none while a row it depends on is in quarantine.

        A transfer resolution acts when `transfer` is the only reason; a reversal takes the resolution of
        the line it reverses.
        """
        found: list[Settlement] = []
        if UNREAD in (line.reason or "").split(";"):
            return found
        if line.reason == "transfer" and ("transfer", change_id or "") in self._found:
            found.append(self._found["transfer", change_id or ""])
        named = ("payout_line", line.reverses or line.line_id or "")
        if named in self._found:
            found.append(self._found[named])
        return found


def settled(line: Line, settlements: list[Settlement], last_period: str) -> Iterator[Line]:
    """The line and, when its hold ends in a later month, the settlement posted there.

    "Released origination (process bonus reached later) is posted in the later month, as a `released`
    line with `origin_period`; the held line stays" (reading 37). A hold that ended by the line's own
    month leaves no held line.
    """
    if line.status != "held" or not settlements:
        yield line
        return
    ending = min(settlements, key=lambda item: (item.period, not item.is_explicit))
    employee = ending.employee_id or line.employee_id
    if ending.period <= line.period:
        if ending.decision == "reject":
            yield replace(line, status="forfeited")
        else:
            yield replace(line, status="earned", reason=None, employee_id=employee)
        return
    yield line
    if ending.period <= last_period:
        yield replace(
            line,
            period=ending.period,
            employee_id=employee,
            status="forfeited" if ending.decision == "reject" else "released",
            line_id=md5(line.line_id, "settled"),
        )


def line_rows(lines: Iterable[Line]) -> list[Row]:
    """fct_payout_lines."""
    return [
        {
            "line_id": line.line_id,
            "period": line.period,
            "employee_id": line.employee_id,
            "component": line.component,
            "component_id": line.component_id,
            "plan_id": line.plan_id or None,
            "deal_id": line.deal_id,
            "transaction_id": line.transaction_id,
            "kpi_id": line.kpi_id,
            "basis_amount": line.basis_amount,
            "rate": line.rate,
            "amount": line.amount,
            "currency": line.currency,
            "status": line.status,
            "reason": line.note if line.status == "earned" and line.reason is None else line.reason,
            "origin_period": line.origin_period,
            "plan_hash": line.plan_hash,
        }
        for line in lines
    ]
