"""Who owned a customer when (readings 14, 19; decision R11).

Belongs here: ownership intervals by customer_key. Does not belong here: transfer evidence.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from tests.reference.months import BEGINNING, OPEN_END, last_day
from tests.reference.templates import Row

if TYPE_CHECKING:
    from tests.reference.world import World

EVER = datetime.combine(BEGINNING, time())
NEVER = datetime.combine(OPEN_END, time())


@dataclass(frozen=True)
class Owned:
    """A customer was an employee's from one moment to another, half-open."""

    customer_key: str
    owner: str
    valid_from: datetime
    valid_to: datetime
    change_id: str | None


def ordered_changes(world: World) -> dict[str, list[Row]]:
    """Ownership changes by customer_key in order of (changed_at, change_id), employees resolved."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(world.company.ownership_changes, key=lambda r: (r["changed_at"], r["change_id"])):
        found[str(world.key_of(row["customer_id"]))].append(
            row
            | {
                "from": world.people.resolve(row.get("from_employee_id")),
                "to": world.people.resolve(row["to_employee_id"]),
            }
        )
    return found


def intervals(world: World) -> dict[str, list[Owned]]:
    """Ownership of every customer_key.

    Before the first change its giver; without any change the present owner, since ever ("ownership
    history includes the present owner before any recorded change").
    """
    found: dict[str, list[Owned]] = defaultdict(list)
    changes = ordered_changes(world)
    for key, rows in changes.items():
        if rows[0]["from"]:
            found[key].append(Owned(key, rows[0]["from"], EVER, rows[0]["changed_at"], None))
        ends = [*(row["changed_at"] for row in rows[1:]), NEVER]
        for row, end in zip(rows, ends, strict=True):
            found[key].append(Owned(key, row["to"], row["changed_at"], end, row["change_id"]))
    for row in sorted(world.company.customers, key=lambda row: str(row["customer_id"])):
        key = str(world.key_of(row["customer_id"]))
        owner = world.people.resolve(row.get("owner_employee_id"))
        if key not in changes and key not in found and owner:
            found[key].append(Owned(key, owner, EVER, NEVER, None))
    return found


def owner_at(world: World, customer_key: str | None, moment: datetime) -> str | None:
    """Owner of a customer at a moment."""
    for owned in world.ownership.get(customer_key or "", []):
        if owned.valid_from <= moment < owned.valid_to:
            return owned.owner
    return None


def owned_at_end(world: World, period: str) -> dict[str, str]:
    """Owner at the end of a month by customer_key, of customers whose record existed (R21)."""
    end = last_day(period)
    known = {
        world.key_of(row["customer_id"])
        for row in world.company.customers
        if world.day(row["created_at"]) <= end
    }
    return {
        key: owned.owner
        for key, rows in world.ownership.items()
        for owned in rows
        if key in known and world.day(owned.valid_from) <= end < world.day(owned.valid_to)
    }
