"""What can be seen in one foreign table: its columns, and how its numbers and dates are written.

Belongs here: looking at values. Does not belong here: finding tables (see reading), which column fills which
template (see guess).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from connectors.common.contract import Kind
from connectors.common.sql_text import quoted
from connectors.files.mapping.dates import read_date
from connectors.files.mapping.numbers import NumberStyle, read_number
from connectors.files.mapping.suggest.names import JoinedName, joined_names
from connectors.files.mapping.suggest.reading import Table
from connectors.files.mapping.suggest.vocabulary import DATE_FORMATS, UNITS, remark
from connectors.files.units import scale_of_header, scale_of_titles

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_STYLES: tuple[dict[str, Any], ...] = (
    {},
    {"thousands": [","]},
    {"decimal": ",", "thousands": ["."]},
    {"decimal": ","},
    {"decimal": ",", "thousands": [" "]},
    {"decimal": ",", "thousands": [".", " "]},
    {"thousands": [" "]},
    {"thousands": ["'"]},
    {"thousands": [",", " ", "'"]},
)
_NOT_A_UNIT = re.compile(r"[\d.,'’_\s()+\-−–—－０-９．，（）]+|[eE][-+]?\d+$")
_ISO = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_PLAIN = r"^-?\d+(\.\d+)?$"
_EXACT = "DECIMAL(38,12)"
_DECIMALS_OF_MONEY, _NOISE = 2, 9
_LONGEST_UNIT = 5  # of what is counted: 12 pcs, 3件
_CENTS = r"[.]\d{3,}$"


@dataclass(frozen=True)
class Profile:
    """One table, and what can be asked about it."""

    connection: DuckDBPyConnection
    source: Table

    @property
    def name(self) -> str:
        """For messages."""
        return self.source.name

    @property
    def headers(self) -> list[str]:
        """Its columns, and names that stand in two of them."""
        return [*self.source.headers, *(one.label for one in self.names.values() if one.is_usual)]

    @cached_property
    def names(self) -> dict[str, JoinedName]:
        """Names that stand in two columns, by what they are called."""
        return {one.label: one for one in joined_names(self.source.headers)}

    def text(self, header: str) -> str:
        """SQL for the trimmed text of a column, or of a name in two columns."""
        if header in self.names:
            joined = self.names[header]
            return f" || {quoted(joined.separator)} || ".join(map(self.text, joined.headers))
        return f"nullif(trim(c{self.source.headers.index(header)}), '')"

    def origin(self, header: str) -> dict[str, Any]:
        """The keys of a rule that take a column, or a name in two columns."""
        if header not in self.names:
            return {"column": header}
        joined = self.names[header]
        return {"join": list(joined.headers), "separator": joined.separator}

    def values(self, header: str, limit: int = 100_000) -> list[str]:
        """The different values of a column, most frequent first."""
        found = self.connection.execute(
            f"SELECT {self.text(header)} AS v FROM {self.source.table} WHERE v IS NOT NULL "
            f"GROUP BY v ORDER BY count(*) DESC, v LIMIT {limit}"
        ).fetchall()
        return [str(row[0]) for row in found]

    def is_key(self, header: str) -> bool:
        """Whether every row has its own value."""
        row = self.connection.execute(
            f"SELECT count(*), count(DISTINCT {self.text(header)}) FROM {self.source.table}"
        ).fetchone()
        return row is not None and row[0] == row[1] > 0

    def repeats(self, header: str) -> bool:
        """Whether a value stands in several rows."""
        row = self.connection.execute(
            f"SELECT count({self.text(header)}) > count(DISTINCT {self.text(header)}) FROM {self.source.table}"
        ).fetchone()
        return row is not None and bool(row[0])

    def counts(self, *conditions: str) -> list[int]:
        """How many rows fulfil each condition."""
        counted = ", ".join(f"count(*) FILTER ({condition})" for condition in conditions)
        row = self.connection.execute(f"SELECT {counted} FROM {self.source.table}").fetchone()
        return [int(number) for number in row or ()]


@dataclass(frozen=True)
class NumberGuess:
    """How a column of numbers seems to be written; no style: as templates want it."""

    style: dict[str, Any] | None
    evidence: str
    currency: str | None


@dataclass(frozen=True)
class DateGuess:
    """How a column of dates seems to be written; no format: as templates want it."""

    date_format: str | None
    evidence: str
    first: str | None


def said_header(profile: Profile, header: str) -> str:
    """Words about where a value comes from."""
    if header not in profile.names:
        return f"the header is {header!r}"
    return f"a name in two columns, {' and '.join(map(repr, profile.names[header].headers))}"


def guess_number(profile: Profile, header: str, *, is_money: bool = False) -> NumberGuess:
    """How the numbers of a column are written: the first style that reads most of them.

    Money has two decimals, so that 3.400 is read as thousands where a style does so.
    """
    extra, currencies = _units(profile, header, is_money=is_money)
    text = profile.text(header)
    readings = [
        read_number(text, NumberStyle.model_validate(style | extra), typed_cells=profile.source.typed_cells)
        for style in _STYLES
    ]
    missed = [
        f"({unread}) OR coalesce(regexp_matches({read}, '{_CENTS}'), false)" if is_money else unread
        for read, unread in readings
    ]
    is_other = f"NOT regexp_matches({text}, '{_PLAIN}')"
    total, others, *counts = profile.counts(f"{text} IS NOT NULL", is_other, *missed)
    best = counts.index(min(counts))
    evidence = f"reads {total - counts[best]} of {total} values"
    evidence += _rival(profile, header, [read for read, _ in readings], best)
    style = _STYLES[best] | extra
    if is_money and _has_noise(profile, readings[best][0]):
        style["round"] = _DECIMALS_OF_MONEY
        evidence += "; some have the noise of binary arithmetic, so they are rounded"
    return NumberGuess(
        style if style or others else None, evidence, currencies.pop() if len(currencies) == 1 else None
    )


def _units(profile: Profile, header: str, *, is_money: bool) -> tuple[dict[str, Any], set[str]]:
    """Units beside the digits and in header or title as keys of a number style, and the currencies they say."""
    units: dict[str, int] = {}
    currencies: set[str] = set()
    for value in profile.values(header):
        unit = _NOT_A_UNIT.sub("", value).strip()
        if unit.casefold() in UNITS:
            units[unit], currency = UNITS[unit.casefold()]
            currencies |= {currency} if currency else set()
        elif not is_money and unit.isalpha() and len(unit) <= _LONGEST_UNIT:
            units[unit] = 1
    currency = UNITS.get(remark(header), (1, None))[1]
    currencies |= {currency} if currency else set()
    extra: dict[str, Any] = {"units": units} if units else {}
    scale = (scale_of_header(header) or scale_of_titles(profile.source.above)) if is_money else None
    if scale is not None and scale.factor != 1:
        has_own = any(factor != 1 for factor in units.values())
        extra["factor"] = Decimal(1) if has_own else scale.factor
    return extra, currencies


def _has_noise(profile: Profile, read: str) -> bool:
    """Whether values have more decimals than money, and each of these so many as only binary numbers have."""
    precise, noisy = profile.counts(
        f"coalesce(regexp_matches({read}, '[.][0-9]{{3}}'), false)",
        f"coalesce(regexp_matches({read}, '[.][0-9]{{{_NOISE}}}'), false)",
    )
    return 0 < precise == noisy


def _rival(profile: Profile, header: str, readings: list[str], best: int) -> str:
    """Words about the style that reads values as other numbers than the chosen one does."""
    text = profile.text(header)
    for at, style in enumerate(_STYLES):
        row = profile.connection.execute(
            f"SELECT min({text}) FROM {profile.source.table} "
            f"WHERE TRY_CAST({readings[at]} AS {_EXACT}) <> TRY_CAST({readings[best]} AS {_EXACT})"
        ).fetchone()
        if row is not None and row[0] is not None:
            return f"; {style or 'a decimal point'} reads {row[0]} as another number: look at it"
    return ""


def guess_date(profile: Profile, header: str, kind: Kind = Kind.TIMESTAMP) -> DateGuess:
    """How the dates of a column are written: as ISO 8601, or the first format that reads most of them."""
    text = profile.text(header)
    readings = [text, *(read_date(text, [one], {}, kind, "UTC")[0] for one in DATE_FORMATS)]
    believable = [
        f"regexp_matches({one}, '{_ISO}') AND left({one}, 4) BETWEEN '1990' AND '2040'" for one in readings
    ]
    total, *read = profile.counts(f"{text} IS NOT NULL", *believable)
    best = read.index(max(read))
    formats = (None, *DATE_FORMATS)
    others = [
        one for at, one in enumerate(formats) if one and at > best > 0 and read[at] == read[best] > read[0]
    ]
    evidence = f"reads {read[best]} of {total} values"
    if others:
        evidence += (
            f"; so does {' and '.join(others)}: look at a value such as {profile.values(header, 1)[0]}"
        )
    row = profile.connection.execute(
        f"SELECT min(left({readings[best]}, 10)) FROM {profile.source.table} WHERE {believable[best]}"
    ).fetchone()
    return DateGuess(formats[best], evidence, str(row[0]) if row and row[0] else None)
