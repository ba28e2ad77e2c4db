"""Given and family name in two columns, as the one name by which people are known elsewhere.

Belongs here: which two columns are a name, and the orders in which names are written. Does not belong here: who is
who (see people).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.files.mapping.suggest.vocabulary import FAMILY_NAMES, GIVEN_NAMES, plain

#: given names whose family name may stand under a header that otherwise means the whole name
_BESIDE_NAME = {"vorname": "name"}


@dataclass(frozen=True)
class JoinedName:
    """A name made of two columns.

    Attributes:
        label: What it is called, such as "Full name" or "owner name"; a header nobody has.
        headers: The two columns, in the order in which they are written.
        separator: What stands between them.
        is_usual: Given name first, one blank between.
    """

    label: str
    headers: tuple[str, str]
    separator: str
    is_usual: bool = False


def joined_names(headers: Sequence[str]) -> list[JoinedName]:
    """All names that two of the columns make, in each order in which people write names."""
    taken = {plain(header) for header in headers}
    found: list[JoinedName] = []
    for stem, given, family in _pairs(headers):
        label = f"{stem} name" if stem else "Full name"
        if plain(label) not in taken:
            found += [
                JoinedName(label, (given, family), " ", is_usual=True),
                JoinedName(f"{label}, family name first", (family, given), " "),
                JoinedName(f"{label}, family name and comma", (family, given), ", "),
                JoinedName(f"{label}, family name first, no blank", (family, given), ""),
            ]
    return found


def _pairs(headers: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(what stands before it in both headers, column of the given name, column of the family name)."""
    by_plain = {plain(header): header for header in reversed(headers)}
    for folded, given in by_plain.items():
        word = next((one for one in GIVEN_NAMES if folded.endswith(one)), None)
        if word is None:
            continue
        stem = folded.removesuffix(word)
        words = [*FAMILY_NAMES, *([_BESIDE_NAME[word]] if word in _BESIDE_NAME else [])]
        family = next((by_plain[stem + one] for one in words if stem + one in by_plain), None)
        if family is not None and family != given:
            yield stem, given, family
