"""One entry of the ledger and the hash that ties it to the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

#: hash before the first entry
GENESIS = "0" * 64
#: in whose name the job of Dagster calculates; no person: it counts for nobody where two persons are asked for
PROGRAM = "job close_month"


class Event(StrEnum):
    """What an entry says."""

    CALCULATED = "calculated"
    APPROVED = "approved"
    LOCKED = "locked"
    PAID = "paid"
    EXPORTED = "exported"
    RESOLUTION = "resolution"
    ADJUSTMENT_PROPOSED = "adjustment_proposed"
    ADJUSTMENT_APPROVED = "adjustment_approved"
    ADJUSTMENT_REJECTED = "adjustment_rejected"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_ACCEPTED = "dispute_accepted"
    DISPUTE_REJECTED = "dispute_rejected"
    ACCESS_CHANGED = "access_changed"


@dataclass(frozen=True)
class Draft:
    """An entry before it has its place in the chain.

    Args:
        period: Month, ``2026-10``.
        event: What happened.
        by: Who did it.
        lines_hash: SHA-256 over the payout lines of the month.
        plan_hashes: Content hash by plan id.
        input_hash: SHA-256 over the archived inputs.
        code_version: Code that calculated.
        subject: What else it is about: a dispute, an adjustment, a payout line.
        note: Reason or remark.
        details: Further plain data.
    """

    period: str
    event: Event
    by: str
    lines_hash: str | None = None
    plan_hashes: Mapping[str, str] = field(default_factory=dict)
    input_hash: str | None = None
    code_version: str | None = None
    subject: str | None = None
    note: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry(Draft):
    """An entry in the chain.

    Args:
        sequence: Its number, from 1 without gaps.
        at: When, ISO 8601 in UTC.
        previous_hash: Hash of the entry before.
        entry_hash: SHA-256 over everything else.
    """

    sequence: int = 0
    at: str = ""
    previous_hash: str = GENESIS
    entry_hash: str = ""

    @property
    def archive(self) -> str | None:
        """The archive that the entry names."""
        found = self.details.get("archive")
        return str(found) if found else None

    @property
    def calculation(self) -> dict[str, Any]:
        """What the entry says of the calculation it is about, as fields of the next one."""
        names = ("period", "lines_hash", "plan_hashes", "input_hash", "code_version")
        details = {name: self.details[name] for name in ("archive", "run_id") if name in self.details}
        return {name: getattr(self, name) for name in names} | {"details": details}

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self) | {"event": self.event.value}


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's, capitals and spaces around them aside."""
    return one.strip().casefold() == other.strip().casefold()


def hash_of(entry: Entry) -> str:
    """SHA-256 over everything in an entry but its hash."""
    content = entry.as_dict()
    del content["entry_hash"]
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one way to write plain data as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(draft: Draft, last: Entry | None, at: str) -> Entry:
    """A draft as the next entry of the chain.

    Args:
        draft: What it says.
        last: The last entry so far.
        at: When, ISO 8601 in UTC.
    """
    content: dict[str, Any] = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    place: dict[str, Any] = {
        "sequence": last.sequence + 1 if last else 1,
        "previous_hash": last.entry_hash if last else GENESIS,
    }
    entry = Entry(**content, **place, at=at)
    return Entry(**content, **place, at=at, entry_hash=hash_of(entry))
