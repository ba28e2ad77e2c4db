"""Which file fills which template, and how: a draft of a mapping with the evidence for each guess.

Belongs here: deciding. Does not belong here: looking at values (see profile), writing YAML (see writing).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.common.contract import Column, Kind
from connectors.files.mapping.columns import is_number
from connectors.files.mapping.dates import KINDS
from connectors.files.mapping.suggest.draft import Draft, DraftColumn
from connectors.files.mapping.suggest.people import (
    BEFORE_BRACKETS,
    IN_BRACKETS,
    ONE_PERSON,
    crosswalk,
    department,
    matched,
    names_with_ids,
    several_people,
    take_people,
)
from connectors.files.mapping.suggest.profile import Profile, guess_date, guess_number, said_header
from connectors.files.mapping.suggest.stages import group_lines, take_won
from connectors.files.mapping.suggest.vocabulary import ANCHORS, CURRENCY_WORDS, VOCABULARY, columns_of, plain
from connectors.files.templates import TEMPLATES
from connectors.files.validation.currencies import codes

_SHOWN = 4
_MOST_CURRENCIES = 20


def drafts(profiles: list[Profile]) -> list[Draft]:
    """The entries of a first mapping."""
    made = [draft for profile in profiles if (draft := _primary(profile)) is not None]
    by_template: dict[str, Draft] = {}
    for draft in sorted(made, key=lambda one: -one.profile.source.rows):
        by_template.setdefault(draft.template, draft)
    deals = by_template.get("deals")
    if deals is not None:
        take_people(by_template, deals, profiles)
    for draft in by_template.values():
        _find_currency(draft)
        _fill(draft)
    if deals is not None:
        take_won(deals)
        group_lines(deals)
        since, why = _since(deals)
        _key(deals, "customer_id", by_template.get("customers"), "customers")
        users = _key(deals, "owner_employee_id", by_template.get("employees"), "employees")
        if users is not None:
            by_template.setdefault("source_users", users)
        for template, column in (("customers", "customer_id"), ("employees", "owner_employee_id")):
            if template not in by_template and column in deals.columns:
                by_template[template] = _derived(deals, template, column)
        for draft in by_template.values():
            _constants(draft, deals, since, why)
    return [by_template[template] for template in TEMPLATES if template in by_template]


def _primary(profile: Profile) -> Draft | None:
    """The template a file is most likely for."""
    best: Draft | None = None
    for template, anchors in ANCHORS.items():
        found = columns_of(profile.headers, VOCABULARY[template])
        if not all(any(name in found for name in group) for group in anchors):
            continue
        place = profile.source.places[0]
        named = plain(place.sheet or place.file.path.stem) in (template, TEMPLATES[template].zh)
        if best is None or named or len(found) > len(best.found):
            best = Draft(template, profile, found, guess=f"{len(found)} columns look like {template}")
        if named:
            break
    return best


def template_of(profile: Profile) -> str | None:
    """The template a table is most likely for; None when it looks like nothing."""
    draft = _primary(profile)
    return None if draft is None else draft.template


def _fill(draft: Draft) -> None:
    template = TEMPLATES[draft.template]
    for name, header in draft.found.items():
        column = template.by_name[name]
        if name == "status" or column.allowed:
            continue
        draft.columns[name] = _column(draft.profile, header, column)
        if name == "department":
            draft.columns[name] = department(draft.profile, header)
        if name == "currency":
            draft.columns[name] = _currency_words(draft.profile, header)
    key = template.key[0]
    is_event = key in draft.columns and draft.template in ("transactions", "leads")
    if is_event and not draft.profile.is_key(draft.found[key]):
        why = "; values repeat, so their rows are set aside: is it the right column?"
        draft.columns[key].guess += why


def _find_currency(draft: Draft) -> None:
    """A column of codes of currencies says the currency, whatever its header."""
    template = TEMPLATES[draft.template]
    if "currency" not in template.by_name or "currency" in draft.found:
        return
    used = set(draft.found.values())
    for header in draft.profile.source.headers:
        values = [] if header in used else draft.profile.values(header, _MOST_CURRENCIES + 1)
        if values and len(values) <= _MOST_CURRENCIES and set(values) <= set(codes()):
            draft.found["currency"] = header
            return


def _currency_words(profile: Profile, header: str) -> DraftColumn:
    """Codes of currencies; words that an import does not know are replaced."""
    values = profile.values(header, 50)
    words = {
        value: CURRENCY_WORDS[value.casefold()] for value in values if value.casefold() in CURRENCY_WORDS
    }
    rule: dict[str, Any] = {"column": header} | ({"values": words} if words else {})
    return DraftColumn(rule, f"the header is {header!r}; found: {', '.join(values[:_SHOWN])}")


def _column(profile: Profile, header: str, column: Column) -> DraftColumn:
    rule = profile.origin(header)
    guess = said_header(profile, header)
    if is_number(column.kind):
        number = guess_number(profile, header, is_money=column.kind is Kind.MONEY)
        if number.style is not None:
            rule["number"] = number.style
        guess += f", {number.evidence}"
    elif column.kind in KINDS:
        date = guess_date(profile, header, column.kind)
        if date.date_format is not None:
            rule["date_format"] = date.date_format
        guess += f", {date.evidence}"
    return DraftColumn(rule, guess)


def _since(deals: Draft) -> tuple[str, str]:
    """A day before everything, for people and customers of whom the export says no beginning."""
    header = deals.found["signed_at"]
    first = guess_date(deals.profile, header).first
    if first is None:
        return "2000-01-01", "nothing says since when"
    return f"{int(first[:4]) - 1}-01-01", f"nothing says since when; the first deal is of {first}"


def _key(deals: Draft, column: str, other: Draft | None, template: str) -> Draft | None:
    """Deals and the other file name people and customers by the same values, made keys where they are names.

    Returns:
        An entry that says whom the values of the deals mean, where people have keys that deals do not give.
    """
    if column not in deals.columns:
        return None
    key = TEMPLATES[template].key[0]
    match = matched(deals, column, other, list(_candidates(deals, column)))
    extract = match.extract
    if other is None and template == "employees" and names_with_ids(deals.profile, match.mine):
        extract = IN_BRACKETS
    is_name = extract in ("", BEFORE_BRACKETS) and any(
        " " in value or not value.isascii() for value in deals.profile.values(match.mine, 50)
    )
    steps: dict[str, Any] = {"slug": True} if is_name else {}
    several = several_people(deals.profile, match.mine) if template == "employees" and not extract else []
    if several:
        steps["extract"] = ONE_PERSON
    rule = deals.profile.origin(match.mine) | ({"extract": extract} if extract else {}) | steps
    guess = said_header(deals.profile, match.mine)
    if several:
        guess += (
            f"; rows that name several people are set aside ({several[0]}): say their shares in deal_splits"
        )
    users = None
    if other is not None and match.theirs:
        guess += f"; {match.share:.0%} of its values stand in {match.theirs!r} of {other.profile.name}"
        theirs = other.profile.origin(match.theirs) | steps
        other.columns[key] = DraftColumn(theirs, f"the values of deals stand in {match.theirs!r}")
        users = crosswalk(other, match.theirs, theirs) if template == "employees" else None
    deals.columns[column] = DraftColumn(rule, guess)
    return users


def _candidates(deals: Draft, column: str) -> Iterator[str]:
    words = {plain(word) for word in VOCABULARY["deals"][column].split()}
    for header in deals.profile.headers:
        if plain(header) in words or header == deals.found[column]:
            yield header


def _derived(deals: Draft, template: str, column: str) -> Draft:
    """Customers or employees, of whom the deals are all that is known."""
    draft = Draft(
        template, deals.profile, {}, distinct=True, guess="no file of their own; taken from the deals"
    )
    key = TEMPLATES[template].key[0]
    draft.columns[key] = DraftColumn(dict(deals.columns[column].rule), "as in deals")
    names = deals.found[column]
    if template == "customers":
        names = columns_of(deals.profile.headers, {"name": VOCABULARY["customers"]["name"]}).get(
            "name", names
        )
    rule = deals.profile.origin(names)
    if draft.columns[key].rule.get("extract") == IN_BRACKETS:
        rule["extract"] = BEFORE_BRACKETS
    draft.columns["name"] = DraftColumn(rule, said_header(deals.profile, names))
    return draft


def _constants(draft: Draft, deals: Draft, since: str, why: str) -> None:
    """What the export does not say, as constants to be looked at."""
    template = TEMPLATES[draft.template]
    currency, reason = _currency(deals)
    defaults = {
        "currency": (currency, reason),
        "hire_date": (since, why),
        "created_at": (since, why),
        "department": ("sales", "nothing says the department; plans are chosen by it"),
        "kind": ("payment", "rows are taken for payments"),
    }
    for column in template.columns:
        if column.required and column.name not in draft.columns and column.name in defaults:
            value, guess = defaults[column.name]
            draft.columns[column.name] = DraftColumn({"constant": value}, guess)


def _currency(deals: Draft) -> tuple[str, str]:
    number = guess_number(deals.profile, deals.found["amount"])
    if number.currency is not None:
        return number.currency, "the amounts or their header say so"
    texts = [*deals.profile.headers, *deals.profile.values(deals.found["owner_employee_id"], _SHOWN)]
    if any("\u3040" <= sign <= "\u30ff" for text in texts for sign in text):
        return "JPY", "nothing says the currency; the texts are Japanese"
    is_chinese = any("\u4e00" <= sign <= "\u9fff" for text in texts for sign in text)
    return ("CNY" if is_chinese else "USD"), "nothing says the currency"
