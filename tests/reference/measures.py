"""Measures per employee or team and month (rulebook 5, 6; readings 20 to 22, 40; decision R21).

Belongs here: the ten measures of fct_measures. Does not belong here: targets and growth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.money import half_up
from tests.reference.months import first_day, last_day, period_of, shift
from tests.reference.ownership import owned_at_end
from tests.reference.parts import Part
from tests.reference.pools import Pools
from tests.reference.pools import pools as deal_pools
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World

MEASURES = (
    "sales_amount",
    "counted_sales_amount",
    "new_customer_amount",
    "repurchase_amount",
    "new_customers",
    "units",
    "deals_assisted",
    "customers_maintained",
    "valid_leads",
    "valid_visits",
)

Key = tuple[str, str, str]


class Measures:
    """Measure values by (employee or ``team:ID``, month, measure), rounded to 6 places once added."""

    def __init__(self, world: World, parts: list[Part]) -> None:
        self._world = world
        self._exact: dict[Key, Fraction] = defaultdict(Fraction)
        self._amounts(parts)
        self._counts(parts)
        self._maintained()
        self._lead_counts()
        self.values = self._published()

    def value(self, employee: str, period: str, measure: str) -> Decimal | None:
        """Published value; for a KPI id that of the KPI, None when missing."""
        if measure not in MEASURES:
            return self._world.kpi_values.get((employee, measure, period))
        return self.values.get((employee, period, measure), Decimal(0))

    def has_row(self, employee: str, period: str, measure: str) -> bool:
        """Whether there is a figure or the statement that there is none; a KPI nobody observed has neither."""
        return measure in MEASURES or (employee, measure, period) in self._world.kpi_values

    def _add(self, employee: str, day: date, measure: str, counted: Fraction, full: Fraction) -> None:
        """Add to the employee what counts for him, to his team the whole."""
        period = period_of(day)
        self._exact[employee, period, measure] += counted
        team = self._world.people.team_at(employee, day)
        if team:
            self._exact[f"team:{team}", period, measure] += full

    def _remainder(self, deal: Deal, day: date, measure: str, receiver: str, rest: Fraction) -> None:
        """The part of a transferred deal that does not count for the receiver, when the giver gets it."""
        evidence = self._world.paired.get(deal.deal_id)
        if evidence is None or evidence.transfer.receiver != receiver:
            return
        if evidence.counted_share != 1 and evidence.policy["remainder_to"] == "giver":
            self._exact[evidence.transfer.giver, period_of(day), measure] += rest

    def _counted(self, deal: Deal, day: date, measure: str, employee: str, full: Fraction) -> None:
        """Add an amount or count, at 20 % for the receiver of a transfer (reading 20)."""
        counted = full * self._world.counted_share(deal, employee)
        self._add(employee, day, measure, counted, full)
        self._remainder(deal, day, measure, employee, full - counted)

    def _amounts(self, parts: list[Part]) -> None:
        """Credited closing amounts by month of the transaction, refunds in their own month (reading 22)."""
        for part in parts:
            if part.pool != "closing" or part.deal.fx_rate is None:
                continue
            amount, day, employee = Fraction(part.credited), part.event.day, part.employee
            kind = "repurchase_amount" if part.deal.source == "repurchase" else "new_customer_amount"
            self._add(employee, day, "sales_amount", amount, amount)
            self._counted(part.deal, day, "counted_sales_amount", employee, amount)
            self._counted(part.deal, day, kind, employee, amount)

    def _counts(self, parts: list[Part]) -> None:
        """Counts in the month of signing, whatever the basis, never taken back (reading 22)."""
        shared = {part.deal.deal_id: part.pools for part in parts}
        for deal in self._world.deals:
            if not deal.is_creditable or deal.fx_rate is None:
                continue
            pools = shared.get(deal.deal_id) or deal_pools(self._world, deal)
            for employee, share in pools.closing.items():
                if deal.source != "repurchase":
                    self._counted(deal, deal.signed_date, "new_customers", employee, share)
                units = Fraction(deal.row.get("units") or 0) * share
                self._counted(deal, deal.signed_date, "units", employee, units)
            self._assisted(deal, pools)

    def _assisted(self, deal: Deal, pools: Pools) -> None:
        """Deals one took part in, as whole deals, once each; a team counts a deal once."""
        workers = {
            row["employee_id"]
            for row in self._world.activities_of_deal.get(deal.deal_id, [])
            if row["started_at"] <= deal.signed_at
        }
        people = set(pools.closing) | set(pools.collaboration) | workers
        teams = {self._world.people.team_at(employee, deal.signed_date) for employee in people}
        evidence = self._world.paired.get(deal.deal_id)
        if evidence and evidence.transfer.receiver in people and evidence.transfer.giver not in people:
            rest = 1 - self._world.counted_share(deal, evidence.transfer.receiver)
            self._remainder(deal, deal.signed_date, "deals_assisted", evidence.transfer.receiver, rest)
        for employee in people:
            counted = self._world.counted_share(deal, employee)
            self._exact[employee, deal.period, "deals_assisted"] += counted
        for team in teams - {None}:
            self._exact[f"team:{team}", deal.period, "deals_assisted"] += 1

    def _maintained(self) -> None:
        """Customers: "owned with at least one activity in the month" of the owner (reading 22)."""
        for period in self._world.periods:
            for key, owner in owned_at_end(self._world, period).items():
                rows = self._world.activities.get(key, [])
                if any(r["employee_id"] == owner and period_of(r["day"]) == period for r in rows):
                    self._add(owner, last_day(period), "customers_maintained", Fraction(1), Fraction(1))

    def _lead_counts(self) -> None:
        """Valid leads by the month they became valid, valid visits by the month of the first visit."""
        for lead in self._world.leads:
            moments = {"valid_leads": lead.became_valid_at, "valid_visits": lead.first_visit}
            for measure, moment in moments.items():
                if lead.is_valid and moment is not None:
                    self._add(lead.owner, self._world.day(moment), measure, Fraction(1), Fraction(1))

    def _published(self) -> dict[Key, Decimal]:
        """Values at 6 places: dense for who is employed in the month, else where a fact exists."""
        holders = {(employee, period) for employee, period, _ in self._exact} | set(self._employed())
        return {
            (employee, period, measure): half_up(self._exact.get((employee, period, measure), Fraction(0)), 6)
            for employee, period in sorted(holders)
            if period <= self._world.last_period
            for measure in MEASURES
        }

    def _employed(self) -> Iterator[tuple[str, str]]:
        """Employees and teams with an assigned day in a month."""
        for period in self._world.periods:
            start, end = first_day(period), first_day(shift(period, 1))
            for employee in self._world.people.by_id:
                for role, _ in self._world.people.segments(employee, start, end, lambda _: True):
                    yield employee, period
                    if role.team_id:
                        yield f"team:{role.team_id}", period

    def rows(self) -> list[Row]:
        """fct_measures."""
        return [
            {"employee_id": employee, "period": period, "measure": measure, "value": value}
            for (employee, period, measure), value in self.values.items()
        ]
