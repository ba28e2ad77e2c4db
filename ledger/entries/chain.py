"""Whether the chain of entries is whole: every changed, missing, added or moved row is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.entries.entry import GENESIS, Entry, hash_of


@dataclass(frozen=True)
class Fault:
    """One break of the chain.

    Args:
        sequence: The entry at which it shows.
        what: What is wrong.
    """

    sequence: int
    what: str


def check_chain(entries: Sequence[Entry], head: tuple[int, str] | None) -> list[Fault]:
    """The breaks of a chain; none when it is whole.

    Args:
        entries: All entries in the order of their numbers.
        head: Number and hash of the last entry, as the ledger keeps them beside the entries.
    """
    faults: list[Fault] = []
    previous, number = GENESIS, 0
    for entry in entries:
        number += 1
        if entry.sequence != number:
            faults.append(Fault(number, f"entry {number} is missing: the next one is {entry.sequence}"))
            number = entry.sequence
        if hash_of(entry) != entry.entry_hash:
            faults.append(Fault(number, f"entry {number} was changed: its content does not give its hash"))
        if entry.previous_hash != previous:
            faults.append(Fault(number, f"entry {number} does not follow the entry before it"))
        previous = entry.entry_hash
    if head is not None and head != (number, previous):
        faults.append(Fault(number, f"the last entry is not number {head[0]} with hash {head[1][:12]}…"))
    if head is None and entries:
        faults.append(Fault(number, "the note of the last entry is missing"))
    return faults
