"""Which rows of an export are deals that count, and which of them are lines of one deal.

Belongs here: stages, statuses, order lines. Does not belong here: everything else that is guessed (see guess).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from connectors.files.mapping.suggest.draft import Draft, DraftColumn
from connectors.files.mapping.suggest.profile import Profile
from connectors.files.mapping.suggest.vocabulary import (
    LOST,
    VOCABULARY,
    WON,
    WON_FLAGS,
    YES,
    plain,
    resembles,
)

_SHOWN = 8
_MOST_STAGES = 15
_ADDED_UP = ("amount", "units")


def take_won(deals: Draft) -> None:
    """Only won opportunities are deals; of orders, those that are not called off."""
    deals.columns["status"] = DraftColumn({"constant": "signed"}, "rows that are kept are signed deals")
    headers = _status_headers(deals.profile)
    if not any(_says(value, (*WON, *LOST)) for header in headers for value in deals.profile.values(header)):
        headers += [header for header in _decisive(deals) if header not in headers]
    if not headers:
        deals.guess += "; no column says which rows are won, so every row is taken"
        return
    values = {header: deals.profile.values(header) for header in headers}
    for header in headers:
        if won := [value for value in values[header] if _is_won(header, value)]:
            deals.where = ({"column": header, "in": won}, f"these mean won; found: {_shown(values[header])}")
            return
    for header in headers:
        if lost := [value for value in values[header] if _says(value, LOST)]:
            kept = [value for value in values[header] if value not in lost]
            guess = f"these do not count, all others do: {_shown(kept) or 'none'}"
            deals.where = ({"column": header, "not_in": lost}, guess)
            return
    seen = "; ".join(f"{header}: {_shown(values[header])}" for header in headers)
    deals.guess += f"; no value looks like won ({seen}), so every row is taken"


def _status_headers(profile: Profile) -> list[str]:
    """Columns that may say how a deal ended, the likeliest first."""
    words = [plain(word) for word in VOCABULARY["deals"]["status"].split()]
    exact = [header for word in words for header in profile.headers if plain(header) == word]
    flags = [header for header in profile.headers if plain(header) in WON_FLAGS]
    alike = [
        header
        for header in profile.headers
        if any(resembles(plain(header), word) for word in (*words, *WON_FLAGS))
    ]
    return list(dict.fromkeys([*flags, *exact, *alike]))


def _decisive(deals: Draft) -> list[str]:
    """Columns under any header whose few values say won and lost."""
    used = set(deals.found.values())
    found = []
    for header in deals.profile.source.headers:
        values = [] if header in used else deals.profile.values(header, _MOST_STAGES + 1)
        won = [value for value in values if _is_won(header, value)]
        if len(values) <= _MOST_STAGES and won and any(_says(value, LOST) for value in values):
            found.append(header)
    return found


def _is_won(header: str, value: str) -> bool:
    if plain(header) in WON_FLAGS and plain(value) in YES:
        return True
    return _says(value, WON) and not _says(value, LOST)


def _says(value: str, words: Iterable[str]) -> bool:
    folded = plain(value)
    return any(word in folded for word in words)


def _shown(values: list[str]) -> str:
    return ", ".join(values[:_SHOWN]) + (", …" if len(values) > _SHOWN else "")


def group_lines(deals: Draft) -> None:
    """Several rows with the id of one deal are its lines; what differs between them is added up or listed."""
    key = deals.found.get("deal_id")
    if key is None or deals.profile.is_key(key):
        return
    used = {name: deals.found[name] for name in deals.columns if name in deals.found and name != "deal_id"}
    differing = [name for name, header in used.items() if differs_within(deals.profile, key, header)]
    group: dict[str, Any] = {"sum": [name for name in _ADDED_UP if name in differing]}
    group["join"] = [name for name in ("product",) if name in differing]
    guess = f"values of {key!r} repeat, so rows are taken for lines of one deal"
    if "amount" not in differing:
        guess += (
            "; all lines of a deal have the same amount, which is taken for that of the deal: when it is "
        )
        guess += "the amount of the line, put it under sum"
    else:
        guess += "; their amounts are added up: when the rows are versions of a deal, use same_key instead"
    others = [name for name in differing if name not in (*_ADDED_UP, "product", "status")]
    if others:
        guess += f"; lines of a deal differ in {', '.join(others)}, and are set aside"
    deals.group = ({name: columns for name, columns in group.items() if columns}, guess)


def differs_within(profile: Profile, key: str, header: str) -> bool:
    """Whether rows with the same key have different values."""
    text = profile.text(header)
    row = profile.connection.execute(
        f"SELECT 1 FROM {profile.source.table} GROUP BY {profile.text(key)} "
        f"HAVING count(DISTINCT coalesce({text}, '')) > 1 LIMIT 1"
    ).fetchone()
    return row is not None
