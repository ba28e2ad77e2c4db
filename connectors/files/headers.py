"""Which column of a file is which column of a template, whatever language and case the header is written in.

Belongs here: header spelling, the alias row below the header, missing and doubled columns.
Does not belong here: values.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from connectors.common.contract import Kind, Template
from connectors.common.problems import DeliveryRejected, closest

_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad"))
_REMARK = re.compile(r"(.+?)[(\[【](.+)[)\]】]")
_NEEDS = {"必填", "选填", "必选", "可选", "required", "optional"}
_UNITS_OF_MONEY = {"元", "单位:元", "yuan"}
# 签约日期 and 签约时间 share half of their signs; only missing columns are looked for so generously
_ALIKE = 0.45
# a record of one value that happens to be a column's name is no second header
_NAMES_OF_A_HEADER = 2


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
    folded = unicodedata.normalize("NFKC", header).translate(_INVISIBLE).strip().strip("*").strip().casefold()
    return "_".join(folded.replace("-", " ").split())


def numbered(headers: Sequence[str]) -> list[str]:
    """The headers, those that stand there several times with their number: Name (1), Name (2)."""
    spelled = [spelling(header) for header in headers]
    return [
        f"{header} ({spelled[: at + 1].count(spelled[at])})"
        if header and spelled.count(spelled[at]) > 1
        else header
        for at, header in enumerate(headers)
    ]


def known_spellings(template: Template) -> dict[str, str]:
    """Every accepted header of `template` (English and Chinese) to the column it names."""
    english = {spelling(column.name): column.name for column in template.columns}
    chinese = {spelling(column.zh): column.name for column in template.columns}
    return chinese | english


def match_headers(
    template: Template, headers: Sequence[str], where: str, header_line: int = 0
) -> HeaderMatch:
    """Match the headers of a file to `template`.

    Args:
        template: What the file is for.
        headers: Its headers as written.
        where: The file, for messages.
        header_line: The line they stand on, for messages; 0 where they stand on none.

    Raises:
        DeliveryRejected: A required column is missing, or two headers name one column.
    """
    find = column_finder(template)
    columns: dict[str, int] = {}
    extra: list[int] = []
    for position, header in enumerate(headers):
        column = find(header)
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
    missing = missing_columns(template, columns)
    if missing:
        unknown = [headers[position] for position in extra]
        raise _missing(template, missing, unknown, list(headers), where, header_line)
    return HeaderMatch(columns, tuple(extra))


def column_finder(template: Template) -> Callable[[str], str | None]:
    """A function from a header to the column it names.

    A remark that changes nothing does no harm: 金额（元） is 金额, 客户名称（必填） is 客户名称. With any other remark
    (金额（万元）) the header is not understood.
    """
    known = known_spellings(template)

    def find(header: str) -> str | None:
        spelled = spelling(header)
        if spelled in known:
            return known[spelled]
        found = _REMARK.fullmatch(spelled)
        column = template.by_name.get(known.get(found[1].strip("_"), "")) if found else None
        if found is None or column is None:
            return None
        remark = found[2].strip("_")
        is_plain = remark in _NEEDS or (column.kind is Kind.MONEY and remark in _UNITS_OF_MONEY)
        return column.name if is_plain else None

    return find


def missing_columns(template: Template, present: Container[str]) -> list[tuple[str, ...]]:
    """The columns a file has to have and has not; of a group, one is enough."""
    missing = [
        (column.name,) for column in template.columns if column.required and column.name not in present
    ]
    return missing + [group for group in template.one_of if not any(name in present for name in group)]


def _missing(
    template: Template,
    missing: Sequence[tuple[str, ...]],
    unknown: Sequence[str],
    headers: Sequence[str],
    where: str,
    header_line: int,
) -> DeliveryRejected:
    """The error for missing columns; it always says what was found instead."""
    wanted = [" or ".join(f"{name} ({template.by_name[name].zh})" for name in group) for group in missing]
    names = [name for group in missing for column in group for name in (column, template.by_name[column].zh)]
    guesses = "; ".join(f"{header!r}{_alike(template, header, names)}" for header in unknown)
    place = f"row {header_line}, taken for the header, holds" if header_line else "the file has the columns"
    return DeliveryRejected(
        f"required columns are missing: {', '.join(wanted)}. Not understood: {guesses or 'none'}",
        where=where,
        hint="name the columns as in the template and import the whole delivery again (nothing was landed), or "
        f"describe the file in a mapping (connectors/files/README.md); {place}: {' | '.join(headers)}",
    )


def _alike(template: Template, header: str, missing: Sequence[str]) -> str:
    """A guess at what an unknown header means, or at what is wrong with it."""
    remark = _REMARK.fullmatch(spelling(header))
    if remark is not None and known_spellings(template).get(remark[1].strip("_")):
        return f" (a unit or remark that is not understood: {remark[2]})"
    near = difflib.get_close_matches(spelling(header), [spelling(name) for name in missing], 1, _ALIKE)
    guess = next((name for name in missing if near and spelling(name) == near[0]), None)
    said = f"did you mean {guess!r}?" if guess else closest(header, template.names).strip()
    return f" ({said})" if said else ""


def near_misses(template: Template, match: HeaderMatch, headers: Sequence[str]) -> list[str]:
    """Unknown headers that probably mean a column of the template; they are kept in `extra`, and said."""
    free = [name for name in template.names if name not in match.columns]
    names = [*free, *(template.by_name[name].zh for name in free)]
    found = []
    for position in match.extra:
        header = headers[position]
        remark = _REMARK.fullmatch(spelling(header))
        means = known_spellings(template).get(remark[1].strip("_")) if remark else None
        guess = f"did you mean {means!r}? write it without {remark[2]!r}" if remark and means else ""
        guess = guess or closest(header, names).strip()
        if guess:
            found.append(
                f"the column {header!r} was not understood and is kept as it is in `extra` ({guess})"
            )
    return found


def refuse_unread_money(template: Template, match: HeaderMatch, headers: Sequence[str], where: str) -> None:
    """Refuse 奖金基数（万元） where 奖金基数 is meant: left aside, everybody would have none.

    Raises:
        DeliveryRejected: A column of money that need not be there has a unit that is not understood.
    """
    for position in match.extra:
        remark = _REMARK.fullmatch(spelling(headers[position]))
        column = (
            template.by_name.get(known_spellings(template).get(remark[1].strip("_"), "")) if remark else None
        )
        if remark and column and column.kind is Kind.MONEY and column.name not in match.columns:
            raise DeliveryRejected(
                f"the unit {remark[2]!r} of the column {headers[position]!r} is not understood",
                where=where,
                hint=f"write the amounts in full under {column.name} ({column.zh}), or describe the file in a "
                "mapping with `number: {factor: …}` (connectors/files/README.md)",
            )


def is_alias_row(template: Template, match: HeaderMatch, values: Sequence[str | None]) -> bool:
    """Whether the first record only repeats the header in the other language (the templates' second row)."""
    find = column_finder(template)
    named = [(column, values[position]) for column, position in match.columns.items()]
    filled = [(column, value) for column, value in named if value and value.strip()]
    return bool(filled) and all(find(value) == column for column, value in filled)


def check_second_header(
    template: Template, match: HeaderMatch, headers: Sequence[str], values: Sequence[str | None], where: str
) -> None:
    """Refuse a first record that names the columns of the template, and others than the header does.

    Raises:
        DeliveryRejected: The two rows contradict each other: nobody knows which column holds what.
    """
    find = column_finder(template)
    named = [(position, find(value)) for position, value in enumerate(values) if value and value.strip()]
    wrong = [
        position
        for column, position in match.columns.items()
        if dict(named).get(position) not in (None, column)
    ]
    if len(named) < _NAMES_OF_A_HEADER or not wrong or any(column is None for _, column in named):
        return
    raise DeliveryRejected(
        f"the row below the header names other columns than the header: {headers[wrong[0]]!r} stands above "
        f"{values[wrong[0]]!r}",
        where=where,
        hint="keep the row that says what the columns hold, delete the other, and import the whole delivery again",
    )
