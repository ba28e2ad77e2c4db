"""Pools of a deal and who shares them (rulebook 3.4 to 3.6, readings 15, 18; decisions R14, R15).

Belongs here: shares of the closing, origination and collaboration pool. Does not belong here: rates
of commission, rounding of money.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.attribution import first_touch, origination_shares
from tests.reference.money import SHARE_UNIT
from tests.reference.ownership import owner_at
from tests.reference.people import UNRESOLVED
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World

Shares = dict[str, Fraction]


@dataclass(frozen=True)
class Pools:
    """Shares of the pools of one deal."""

    is_bad_split: bool
    closing: Shares
    origination: Shares
    collaboration: Shares
    collaboration_kind: str | None
    collaboration_rate: Fraction


def pools(world: World, deal: Deal) -> Pools:
    """All pools of a deal.

    Bad split rows hold every line of the deal, "computed on the owner at 100 %".
    """
    closing = split(world, deal, "closing")
    explicit = split(world, deal, "collaboration")
    is_bad = closing is None or explicit is None
    if is_bad or not closing:
        closing = {deal.owner: Fraction(1)}
    explicit = {} if is_bad or explicit is None else explicit
    origination: Shares = {}
    if deal.source == "marketing":
        origination = origination_shares(world, deal, deal.policy["attribution"]["model"])
    kind, people = _collaborators(world, deal, closing, origination, explicit)
    rate = _award_rate(deal, kind)
    return Pools(is_bad, closing, origination, people if rate else {}, kind if rate else None, rate)


def split(world: World, deal: Deal, pool: str) -> Shares | None:
    """Shares of the split rows of a pool, {} without rows, None when bad ("must add to 100 %").

    Reading 46: "Shares whose sum is 1 to within 0.000001 add up; money uses them in proportion."
    """
    rows = world.splits[deal.deal_id, pool]
    if not rows:
        return {}
    whole = sum((Fraction(row["share"]) for row in rows), Fraction(0))
    if any(row["share"] < 0 for row in rows) or abs(whole - 1) > SHARE_UNIT:
        return None
    added: Shares = {}
    for row in rows:
        employee = world.people.resolve(row["employee_id"]) or UNRESOLVED
        added[employee] = added.get(employee, Fraction(0)) + Fraction(row["share"]) / whole
    return {employee: share for employee, share in added.items() if share > 0}


def _collaborators(
    world: World, deal: Deal, closing: Shares, origination: Shares, explicit: Shares
) -> tuple[str | None, Shares]:
    """Kind of the award and the people; "explicit `collaboration` split rows override"."""
    if explicit:
        return ("referral" if deal.source == "referral" else "joint"), explicit
    if deal.source == "marketing":
        people = joint_workers(world, deal, set(closing), set(origination))
        return "joint", {employee: Fraction(1, len(people)) for employee in people}
    if deal.source == "referral":
        owner = owner_at(world, deal.referrer_key, deal.signed_at)
        return "referral", {owner: Fraction(1)} if owner else {}
    return None, {}


def joint_workers(world: World, deal: Deal, closers: set[str], originators: set[str]) -> set[str]:
    """People of a joint award.

    3.6 (a): "the originator *and* the closer each have at least `min_activities` substantive
    activities with the customer between the lead and signing"; two different people.
    """
    touch = first_touch(deal)
    if touch is None:
        return set()
    least = max(1, deal.policy["collaboration"]["joint"]["min_activities"])
    done = _substantive(world, deal, touch.created_at)
    active = {employee for employee in closers | originators if done.get(employee, 0) >= least}
    is_joint = active & closers and active & originators and len(active) >= 2
    return active if is_joint else set()


def _substantive(world: World, deal: Deal, start: datetime) -> dict[str, int]:
    """Number of substantive activities by employee from the lead to signing."""
    kinds = deal.policy["collaboration"]["substantive_kinds"]
    counts: dict[str, int] = {}
    for row in world.activities.get(deal.customer_key, []):
        if row["kind"] in kinds and start <= row["started_at"] <= deal.signed_at:
            counts[row["employee_id"]] = counts.get(row["employee_id"], 0) + 1
    return counts


def _award_rate(deal: Deal, kind: str | None) -> Fraction:
    """Rate of the award; a fixed amount is that amount ÷ the deal's amount."""
    if kind is None:
        return Fraction(0)
    award: Row = deal.policy["collaboration"][kind]
    if award["amount"] is not None:
        base: Decimal = deal.base_amount
        return Fraction(award["amount"]) / Fraction(base) if base > 0 else Fraction(0)
    return Fraction(award["rate"])
