"""Transfers of customers between employees and their evidence (rulebook 5, reading 19; decision R16).

Belongs here: pairing deals with transfers, work before and after. Does not belong here: what is
held because of it (`lines.py`) and measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.reference.ownership import ordered_changes
from tests.reference.people import UNRESOLVED
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.deals import Deal
    from tests.reference.world import World


@dataclass(frozen=True)
class Transfer:
    """A customer handed from one employee to another."""

    change_id: str
    customer_key: str
    giver: str
    receiver: str
    changed_at: datetime
    changed_date: date
    has_reason: bool


@dataclass(frozen=True)
class Work:
    """Activities of an employee with a customer in a span of time."""

    first_day: date | None
    count: int
    minutes: Decimal


@dataclass(frozen=True)
class Paired:
    """A transfer with the deal it belongs to, or without any."""

    transfer: Transfer
    deal: Deal | None
    before: Work
    after: Work
    policy: Row

    @property
    def pre_days(self) -> int | None:
        """Days "from the first activity of the giving employee to the transfer"."""
        if self.before.first_day is None:
            return None
        return (self.transfer.changed_date - self.before.first_day).days

    @property
    def is_near_certain(self) -> bool:
        """`pre_days > 30` (given: followed more than 1 month)."""
        return self.pre_days is not None and self.pre_days > self.policy["near_certain_days"]

    @property
    def days_to_sign(self) -> int | None:
        """Whole days from transfer to signing."""
        return None if self.deal is None else (self.deal.signed_date - self.transfer.changed_date).days

    @property
    def is_abnormal(self) -> bool:
        """Signed within `close_days` "and the receiver's work is not substantive"."""
        substantive = (
            self.after.count >= self.policy["min_post_activities"]
            or self.after.minutes >= self.policy["min_post_minutes"]
        )
        days = self.days_to_sign
        return days is not None and days <= self.policy["close_days"] and not substantive

    @property
    def counted_share(self) -> Decimal | None:
        """Share that counts for the receiver, None without a deal."""
        return None if self.deal is None else Decimal(self.policy["counted_share"])

    @property
    def holds_commission(self) -> bool:
        """The commission "of an abnormal transfer, or of one without a reason, is held"."""
        return self.is_abnormal or not self.transfer.has_reason


def transfers(world: World) -> list[Transfer]:
    """Changes with a giver who is not the receiver ("A first assignment is no transfer", reading 19)."""
    found = []
    for key, rows in ordered_changes(world).items():
        for row in rows:
            if row["from"] and row["from"] != row["to"]:
                moment = row["changed_at"]
                found.append(
                    Transfer(
                        row["change_id"],
                        key,
                        row["from"],
                        row["to"] or UNRESOLVED,
                        moment,
                        world.day(moment),
                        bool((row.get("reason") or "").strip()),
                    )
                )
    return sorted(found, key=lambda transfer: (transfer.changed_at, transfer.change_id))


def paired(world: World) -> dict[str, Paired]:
    """The evidence by deal: "the **latest** transfer before signing inside `transfer_window_days`"."""
    found = {}
    for deal in world.deals:
        window = deal.policy["transfers"]["window_days"]
        candidates = [
            transfer
            for transfer in world.transfers
            if transfer.customer_key == deal.customer_key
            and transfer.changed_at <= deal.signed_at
            and (deal.signed_date - transfer.changed_date).days <= window
        ]
        if deal.is_creditable and candidates:
            found[deal.deal_id] = _evidence(world, candidates[-1], deal)
    return found


def _evidence(world: World, transfer: Transfer, deal: Deal | None) -> Paired:
    """Work of the giver before and of the receiver after a transfer (until signing)."""
    rows = world.activities.get(transfer.customer_key, [])
    before = [
        r for r in rows if r["employee_id"] == transfer.giver and r["started_at"] <= transfer.changed_at
    ]
    after = [
        row
        for row in rows
        if row["employee_id"] == transfer.receiver
        and row["started_at"] > transfer.changed_at
        and (deal is None or row["started_at"] <= deal.signed_at)
    ]
    policy = deal.policy if deal else world.book.policy_at(transfer.changed_date)
    return Paired(transfer, deal, _work(before), _work(after), policy["transfers"])


def _work(rows: list[Row]) -> Work:
    minutes = sum((row.get("minutes") or Decimal(0) for row in rows), Decimal(0))
    return Work(rows[0]["day"] if rows else None, len(rows), minutes)


def evidence(world: World) -> Iterator[Paired]:
    """Every transfer × deal, and each transfer without a deal once."""
    with_deal = set()
    for item in world.paired.values():
        with_deal.add(item.transfer.change_id)
        yield item
    for transfer in world.transfers:
        if transfer.change_id not in with_deal:
            yield _evidence(world, transfer, None)


def rows(world: World) -> list[Row]:
    """fct_transfers: one row per transfer × deal, "one row with NULL deal when nothing was signed"."""
    return [
        {
            "change_id": item.transfer.change_id,
            "deal_id": item.deal.deal_id if item.deal else None,
            "customer_key": item.transfer.customer_key,
            "from_employee_id": item.transfer.giver,
            "to_employee_id": item.transfer.receiver,
            "changed_at": item.transfer.changed_at,
            "signed_at": item.deal.signed_at if item.deal else None,
            "pre_days": item.pre_days,
            "pre_activities": item.before.count,
            "pre_minutes": item.before.minutes,
            "post_activities": item.after.count,
            "post_minutes": item.after.minutes,
            "days_to_sign": item.days_to_sign,
            "is_near_certain": item.is_near_certain,
            "is_abnormal": item.is_abnormal,
            "has_reason": item.transfer.has_reason,
            "counted_share": item.counted_share,
        }
        for item in evidence(world)
    ]
