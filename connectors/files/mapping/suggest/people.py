"""People in a foreign export: which file lists them, how deals name them, what their departments are called.

Belongs here: deciding about people. Does not belong here: everything else that is guessed (see guess).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.files.mapping.suggest.draft import Draft, DraftColumn
from connectors.files.mapping.suggest.profile import Profile
from connectors.files.mapping.suggest.vocabulary import (
    DEPARTMENTS,
    STAFF_NUMBERS,
    VOCABULARY,
    columns_of,
    plain,
)

#: the address in a text such as `Jane Doe (jane@example.com)`
_ADDRESS = "([^ <>()]+@[^ <>()]+)"
#: what stands in brackets behind a name, and the name: 张三(13800138000)
IN_BRACKETS = "[(（]([^()（）]+)[)）]"
BEFORE_BRACKETS = r"^([^(（]+?)\s*[(（]"
_EXTRACTS = (_ADDRESS, IN_BRACKETS, BEFORE_BRACKETS)
_MOST = 0.5
#: one name, where others of the column name several people: Ann Lee; Bob Ray
ONE_PERSON = "^([^;；、&|/+]+)$"
_BETWEEN_PEOPLE = re.compile("[;；、&|/+]")


@dataclass(frozen=True)
class Match:
    """How deals and another file name the same thing.

    Attributes:
        share: Share of the deals' values that were found.
        mine: Column of the deals.
        theirs: Column of the other file; empty when nothing was found.
        extract: Expression that takes the value out of the deals' text; empty for the whole text.
    """

    share: float
    mine: str
    theirs: str = ""
    extract: str = ""


def take_people(by_template: dict[str, Draft], deals: Draft, profiles: Sequence[Profile]) -> None:
    """The file that lists most owners of deals lists the employees, whatever else it looks like."""
    others = [profile for profile in profiles if profile is not deals.profile]
    if "owner_employee_id" not in deals.found or not others:
        return
    header = deals.found["owner_employee_id"]
    share, _, profile = max(
        ((_best(deals, [header], profile).share, -number, profile) for number, profile in enumerate(others)),
        key=lambda one: one[:2],
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
    """The pair of columns by which deals and another file agree most."""
    nothing = Match(0.0, deals.found[column])
    return nothing if other is None else _most(nothing, _best(deals, candidates, other.profile))


def _best(deals: Draft, candidates: Sequence[str], other: Profile) -> Match:
    return _most(Match(0.0, candidates[0]), *_matches(deals.profile, candidates, other))


def _most(*matches: Match) -> Match:
    return max(matches, key=lambda match: match.share)


def _matches(deals: Profile, candidates: Sequence[str], other: Profile) -> Iterator[Match]:
    # a column that names several people by one value is no key, so columns of different values come first
    headers = [*other.source.headers, *other.names]
    listed = {header: set(other.values(header)) for header in sorted(headers, key=other.repeats)}
    for mine in candidates:
        values = set(deals.values(mine))
        for extract in ("", *_EXTRACTS):
            wanted = values if not extract else _taken(values, extract)
            for theirs, known in listed.items():
                if wanted:
                    yield Match(len(wanted & known) / len(values), mine, theirs, extract)


def _taken(values: set[str], extract: str) -> set[str]:
    return {found[1] for value in values if (found := re.search(extract, value))}


def names_with_ids(profile: Profile, header: str) -> bool:
    """Whether every value is a name with an id behind it in brackets, a different one for each."""
    values = set(profile.values(header))
    return len(_taken(values, IN_BRACKETS)) == len(values) > 0


def several_people(profile: Profile, header: str) -> list[str]:
    """Values that name several people, one of whom stands alone elsewhere."""
    values = profile.values(header)
    known = set(values)
    split = {value: {one.strip() for one in _BETWEEN_PEOPLE.split(value)} for value in values}
    return [value for value, people in split.items() if len(people) > 1 and people & known]


def crosswalk(employees: Draft, theirs: str, rule: dict[str, object]) -> Draft | None:
    """Staff numbers as keys of people, and what deals call them instead; None when deals give the numbers.

    Args:
        employees: The entry of the employees; its key becomes the staff number.
        theirs: The column whose values stand in the deals.
        rule: How those values become the ids of the deals.
    """
    own = next((h for word in STAFF_NUMBERS for h in employees.profile.headers if plain(h) == word), None)
    if own is None or own == theirs or not employees.profile.is_key(own):
        return None
    guess = f"the header is {own!r}; deals name people by {theirs!r}"
    employees.columns["employee_id"] = DraftColumn({"column": own}, guess)
    if theirs == employees.found.get("email"):
        return None  # an address that one person has names that person anyway
    draft = Draft(
        "source_users", employees.profile, {}, guess=f"deals name people by {theirs!r}, not {own!r}"
    )
    draft.columns = {
        "source": DraftColumn({"constant": "files"}, "ids in files are looked up under this name"),
        "source_user_id": DraftColumn(dict(rule), f"what deals call a person stands in {theirs!r}"),
        "employee_id": DraftColumn({"column": own}, "as in employees"),
    }
    return draft


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
