"""What can be seen in one foreign file: its columns, and how its numbers and dates are written.

Belongs here: looking at values. Does not belong here: which column fills which template (see guess).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connectors.common.contract import Kind
from connectors.files.delivery import DeliveredFile
from connectors.files.mapping.dates import read_date
from connectors.files.mapping.numbers import NumberStyle, read_number
from connectors.files.mapping.suggest.vocabulary import DATE_FORMATS, UNITS, VOCABULARY, plain, remark
from connectors.files.readers import ReadOptions, Recognised, read_file
from connectors.files.scratch import Source

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_STYLES: tuple[dict[str, Any], ...] = (
    {},
    {"thousands": [","]},
    {"decimal": ","},
    {"decimal": ",", "thousands": ["."]},
    {"decimal": ",", "thousands": [" "]},
    {"decimal": ",", "thousands": [".", " "]},
    {"thousands": [" "]},
    {"thousands": ["'"]},
)
_NOT_A_UNIT = re.compile(r"[\d.,'’_\s()+\-−－０-９．，（）]+|[eE][-+]?\d+$")
_ISO = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_KNOWN = {
    plain(word) for columns in VOCABULARY.values() for words in columns.values() for word in words.split()
}


@dataclass(frozen=True)
class Profile:
    """One file, read."""

    con: DuckDBPyConnection
    file: DeliveredFile
    source: Source

    @property
    def headers(self) -> list[str]:
        """Its columns."""
        return list(self.source.headers)

    def text(self, header: str) -> str:
        """SQL for the trimmed text of a column."""
        return f"nullif(trim(c{self.headers.index(header)}), '')"

    def values(self, header: str, limit: int = 100_000) -> list[str]:
        """The different values of a column, most frequent first."""
        found = self.con.execute(
            f"SELECT {self.text(header)} AS v FROM {self.source.table} WHERE v IS NOT NULL "
            f"GROUP BY v ORDER BY count(*) DESC, v LIMIT {limit}"
        ).fetchall()
        return [str(row[0]) for row in found]

    def is_key(self, header: str) -> bool:
        """Whether every row has its own value."""
        row = self.con.execute(
            f"SELECT count(*), count(DISTINCT {self.text(header)}) FROM {self.source.table}"
        ).fetchone()
        return row is not None and row[0] == row[1] > 0

    def counts(self, *conditions: str) -> list[int]:
        """How many rows fulfil each condition."""
        counted = ", ".join(f"count(*) FILTER ({condition})" for condition in conditions)
        row = self.con.execute(f"SELECT {counted} FROM {self.source.table}").fetchone()
        return [int(number) for number in row or ()]


@dataclass(frozen=True)
class NumberGuess:
    """How a column of numbers seems to be written."""

    style: dict[str, Any]
    evidence: str
    currency: str | None


@dataclass(frozen=True)
class DateGuess:
    """How a column of dates seems to be written; no format: as templates want it."""

    date_format: str | None
    evidence: str
    first: str | None


def read_profile(con: DuckDBPyConnection, file: DeliveredFile, table: str) -> Profile:
    """Read a file; its header is the row with most names that are known."""

    def recognise(row: Sequence[str | None]) -> Recognised:
        return Recognised(len({plain(field) for field in row if field} & _KNOWN), is_complete=False)

    return Profile(con, file, read_file(con, file, table, ReadOptions(recognise)))


def guess_number(profile: Profile, header: str) -> NumberGuess:
    """How the numbers of a column are written: the first style that reads most of them."""
    units: dict[str, int] = {}
    currencies: set[str] = set()
    for value in profile.values(header):
        unit = _NOT_A_UNIT.sub("", value).strip().casefold()
        if unit in UNITS:
            units[_NOT_A_UNIT.sub("", value).strip()] = UNITS[unit][0]
            currencies |= {currency for currency in [UNITS[unit][1]] if currency}
    factor, currency = UNITS.get(remark(header), (1, None))
    currencies |= {currency} if currency else set()
    extra: dict[str, Any] = {"units": units} if units else {}
    extra |= {"factor": factor} if factor != 1 else {}
    text, typed = profile.text(header), profile.file.suffix != ".csv"
    unread = [
        read_number(text, NumberStyle.model_validate(style | extra), typed_cells=typed)[1]
        for style in _STYLES
    ]
    total, *missed = profile.counts(f"{text} IS NOT NULL", *unread)
    best = missed.index(min(missed))
    others = [str(_STYLES[at]) for at in range(len(_STYLES)) if missed[at] == missed[best] and at > best]
    rival = {1: "{'decimal': ','}", 2: "{'thousands': [',']}"}.get(best)
    evidence = f"reads {total - missed[best]} of {total} values"
    if rival in others:
        evidence += f"; {rival} reads as many: look at a value such as {profile.values(header, 1)[0]}"
    return NumberGuess(_STYLES[best] | extra, evidence, currencies.pop() if len(currencies) == 1 else None)


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
    row = profile.con.execute(
        f"SELECT min(left({readings[best]}, 10)) FROM {profile.source.table} WHERE {believable[best]}"
    ).fetchone()
    return DateGuess(formats[best], evidence, str(row[0]) if row and row[0] else None)
