"""People in a foreign export: which file lists them, how deals name them, what their departments are called.

Belongs here: deciding about people. Does not belong here: everything else that is guessed (see guess).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.files.mapping.suggest.draft import Draft, DraftColumn
from connectors.files.mapping.suggest.profile import Profile
from connectors.files.mapping.suggest.vocabulary import DEPARTMENTS, VOCABULARY, columns_of, plain

#: the address in a text such as `Jane Doe (jane@example.com)`
_ADDRESS = "([^ <>()]+@[^ <>()]+)"
_MOST = 0.5

#: share of the deals' values found, column of the deals, column of the other file, expression that takes the
#: value out of the deals' text (empty: the whole text)
Match = tuple[float, str, str, str]


def take_people(by_template: dict[str, Draft], deals: Draft, profiles: Sequence[Profile]) -> None:
    """The file that lists most owners of deals lists the employees, whatever else it looks like."""
    others = [profile for profile in profiles if profile.file.name != deals.profile.file.name]
    if "owner_employee_id" not in deals.found or not others:
        return
    header = deals.found["owner_employee_id"]
    share, _, profile = max(
        ((_best(deals, [header], profile)[0], -number, profile) for number, profile in enumerate(others))
    )
    found = columns_of(profile.headers, VOCABULARY["employees"])
    if share < _MOST or "name" not in found:
        return
    for template, draft in list(by_template.items()):
        if draft.profile is profile and template != "employees":
            del by_template[template]
    guess = f"{share:.0%} of the owners of deals stand in it"
    by_template["employees"] = Draft("employees", profile, found, guess=guess)


def matched(deals: Draft, column: str, other: Draft | None, candidates: Sequence[str]) -> Match:
    """How deals and another file name the same thing: the pair of columns that agree most."""
    nothing = (0.0, deals.found[column], "", "")
    return nothing if other is None else max(nothing, _best(deals, candidates, other.profile), key=_share)


def _best(deals: Draft, candidates: Sequence[str], other: Profile) -> Match:
    nothing = (0.0, candidates[0], "", "")
    return max((nothing, *_matches(deals.profile, candidates, other)), key=_share)


def _share(match: Match) -> float:
    return match[0]


def _matches(deals: Profile, candidates: Sequence[str], other: Profile) -> Iterator[Match]:
    listed = {header: set(other.values(header)) for header in other.headers}
    for mine in candidates:
        values = deals.values(mine)
        addresses = {found[1] for value in values if (found := re.search(_ADDRESS, value))}
        for theirs, known in listed.items():
            if values:
                yield len(set(values) & known) / len(set(values)), mine, theirs, ""
                yield len(addresses & known) / len(set(values)), mine, theirs, _ADDRESS


def department(profile: Profile, header: str) -> DraftColumn:
    """Departments as plans name them; words nobody knows stay as they are."""
    words = {value: found for value in profile.values(header, 200) if (found := _department(value))}
    renamed = {value: found for value, found in words.items() if value != found}
    guess = f"the header is {header!r}"
    if not renamed:
        return DraftColumn({"column": header}, guess)
    return DraftColumn(
        {"column": header, "values": renamed}, f"{guess}; these words mean departments of the plans"
    )


def _department(value: str) -> str | None:
    folded = plain(value)
    return next((name for name, words in DEPARTMENTS.items() if any(word in folded for word in words)), None)
