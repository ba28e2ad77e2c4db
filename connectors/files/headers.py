"""Which column of a file is which column of a template, whatever language and case the header is written in.

Belongs here: header spelling, the Chinese alias row, missing and doubled columns.
Does not belong here: values.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.common.contract import Template
from connectors.common.problems import DeliveryRejected, closest


@dataclass(frozen=True)
class HeaderMatch:
    """The columns of one file.

    Attributes:
        columns: Template column name to position in the file.
        extra: Positions of columns the template does not know.
    """

    columns: dict[str, int]
    extra: tuple[int, ...]


def spelling(header: str) -> str:
    """A header without what people vary: width, case, blanks, dashes, a trailing required mark."""
    folded = unicodedata.normalize("NFKC", header).strip().strip("\ufeff*").strip().casefold()
    return "_".join(folded.replace("-", " ").split())


def known_spellings(template: Template) -> dict[str, str]:
    """Every accepted header of `template` (English and Chinese) to the column it names."""
    english = {spelling(column.name): column.name for column in template.columns}
    chinese = {spelling(column.zh): column.name for column in template.columns}
    return chinese | english


def match_headers(template: Template, headers: Sequence[str], where: str) -> HeaderMatch:
    """Match the headers of a file to `template`.

    Args:
        template: What the file is for.
        headers: Its headers as written.
        where: The file, for messages.

    Raises:
        DeliveryRejected: A required column is missing, or two headers name one column.
    """
    known = known_spellings(template)
    columns: dict[str, int] = {}
    extra: list[int] = []
    for position, header in enumerate(headers):
        column = known.get(spelling(header))
        if column is None:
            extra.append(position)
        elif column in columns:
            raise DeliveryRejected(
                f"the headers {headers[columns[column]]!r} and {header!r} both name the column {column}",
                where=where,
                hint="keep one of them",
            )
        else:
            columns[column] = position
    _check_required(template, columns, [headers[position] for position in extra], where)
    return HeaderMatch(columns, tuple(extra))


def _check_required(template: Template, present: dict[str, int], unknown: list[str], where: str) -> None:
    missing = [
        f"{column.name} ({column.zh})"
        for column in template.columns
        if column.required and column.name not in present
    ]
    missing += [
        " or ".join(f"{name} ({template.by_name[name].zh})" for name in group)
        for group in template.one_of
        if not any(name in present for name in group)
    ]
    if not missing:
        return
    names = [*template.names, *(column.zh for column in template.columns)]
    guesses = [f"{header!r}: {guess}" for header in unknown if (guess := closest(header, names).strip())]
    raise DeliveryRejected(
        f"required columns are missing: {', '.join(missing)}",
        where=where,
        hint="add the columns, then import the whole delivery again (nothing was landed). "
        + (f"Unknown headers: {'; '.join(guesses)}" if guesses else ""),
    )


def is_alias_row(template: Template, match: HeaderMatch, values: Sequence[str | None]) -> bool:
    """Whether the first record only repeats the header in the other language (the templates' second row)."""
    known = known_spellings(template)
    named = [(column, values[position]) for column, position in match.columns.items()]
    filled = [(column, value) for column, value in named if value and value.strip()]
    return bool(filled) and all(known.get(spelling(value)) == column for column, value in filled)
