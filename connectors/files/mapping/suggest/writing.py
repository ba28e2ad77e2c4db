"""A draft as the text of a mapping file, each guess marked with a comment.

Belongs here: YAML text. Does not belong here: deciding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.files.mapping.suggest.draft import Draft, DraftColumn
from connectors.files.mapping.suggest.reading import Place
from connectors.files.templates import TEMPLATES

_SIMPLE = re.compile(r"[^\W\d_][\w./-]*(?: [\w./-]+)*")
_RESERVED = {"null", "true", "false", "yes", "no", "on", "off"}


def mapping_text(name: str, made: list[Draft], ignored: dict[str, str]) -> str:
    """The mapping file.

    Args:
        name: Name of the mapping.
        made: What the files fill.
        ignored: Files that nothing is made of, with the reason.
    """
    short: dict[Place, str] = {}
    for draft in made:
        for place in draft.profile.source.places:
            short.setdefault(place, _short(place, short))
    lines = [
        "# A first mapping, made by looking at the files. Each guess is marked with what speaks for it:",
        "# look at every line with `guess`, correct it, and remove the mark.",
        f"mapping: {_scalar(name)}",
        "sources:",
    ]
    headers = {place: draft.profile.headers for draft in made for place in draft.profile.source.places}
    lines += [f"  {name}: {_source(place, headers[place])}" for place, name in short.items()]
    if ignored:
        lines.append("ignore:")
        lines += [f"  - {_scalar(file)}{_mark(reason)}" for file, reason in ignored.items()]
    lines.append("templates:")
    for draft in made:
        for place in draft.profile.source.places:
            lines += _entry(draft, short[place])
    return "\n".join(lines) + "\n"


def _short(place: Place, taken: Mapping[Place, str]) -> str:
    stem = re.sub(r"\W+", "_", place.sheet or Path(place.file.name).stem).strip("_").lower()
    is_name = re.fullmatch(r"[a-z]\w*", stem) and stem.isascii() and stem not in taken.values()
    return stem if is_name else f"file{len(taken) + 1}"


def _source(place: Place, headers: list[str]) -> str:
    """The keys of one file, and what speaks for those that are guesses."""
    options: dict[str, Any] = {"file": place.file.name}
    guesses = []
    if place.sheet is not None:
        options["sheet"] = place.sheet
    if place.header_line > 1:
        options["header_row"] = place.header_line
        guesses.append(f"the names of columns stand in row {place.header_line}: {', '.join(headers[:5])}, …")
    if place.encoding is not None:
        options["encoding"] = place.encoding
        guesses.append(f"it looks like {place.encoding}: see that names with foreign letters come out right")
    return _flow(options) + (_mark("; ".join(guesses)) if guesses else "")


def _mark(guess: str) -> str:
    """A comment; whatever stands in headers and values stays on the line."""
    return f"   # guess: {''.join(sign if sign.isprintable() else ' ' for sign in guess)}"


def _entry(draft: Draft, source: str) -> Iterator[str]:
    yield f"  - template: {draft.template}{_mark(draft.guess)}"
    yield f"    from: {source}"
    if draft.where is not None:
        condition, guess = draft.where
        yield "    where:"
        yield f"      - {_flow(condition)}{_mark(guess)}"
    if draft.group is not None:
        yield f"    group: {_flow(draft.group[0])}{_mark(draft.group[1])}"
    if draft.distinct:
        yield "    distinct: true"
        yield "    same_key: first"
    yield "    columns:"
    for column in TEMPLATES[draft.template].columns:
        if column.name in draft.columns:
            yield f"      {column.name}: {_rule(draft.columns[column.name])}"
        elif column.required:
            yield f"      # {column.name}:   # to do: {column.about}; nothing in the file looks like it"


def _rule(column: DraftColumn) -> str:
    written = _scalar(column.rule["column"]) if set(column.rule) == {"column"} else _flow(column.rule)
    return f"{written}{_mark(column.guess)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(str(key))}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool | int):
        return str(value).lower()
    return _scalar(value)


def _scalar(text: str) -> str:
    if _SIMPLE.fullmatch(text) and text.casefold() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)
