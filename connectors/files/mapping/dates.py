"""How dates are written in a foreign file: formats, numbers that are dates, names of months; and SQL that reads them.

    "3/1/2017" | 46027.4375 | 1767574800000 | "5 janv. 2026" | "2026年10月" → 2017-03-01 | 2026-01-05 10:30 | …

Belongs here: the ways to write a date or a period. Does not belong here: types and bounds of templates.

Day numbers of spreadsheets are local time; seconds and milliseconds since 1970 are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.common.contract import Kind
from connectors.common.sql_text import quoted
from connectors.files.mapping.numbers import PLAIN, WIDE

_DAY_NUMBER = r"^\d{1,7}(?:\.\d+)?$"
# with an exponent as cells of a workbook are spelled, exactly; "1.77232E+12" of a text file is rounded
_EPOCH = r"^-?(?:\d{1,18}(?:\.\d+)?|\d(?:\.\d{1,14})?e\+\d\d)$"
_EXACT = "DECIMAL(38,18)"
# seconds since 1970 by their unit: how many microseconds one is
_UNIX = {"unix-seconds": 1_000_000, "unix-milliseconds": 1_000, "unix-microseconds": 1}
_SPREADSHEET = ("excel-1900", "excel-1904")
_QUARTER = "%q"
_YEARS = ("%Y", "%y", "%G", "%c", "%x")
_ZONES = ("%z", "%Z")
# a zone that stands in a format as plain text is not read, and the time would be taken for local
_ZONE_AS_TEXT = re.compile(r"(?<=[\dSMHfgp\s])(?:Z|UTC|GMT)$")
# an abbreviation such as CST is China's time and Chicago's; only what means one thing is read
_ZONE_NAME = r"(?i)(?:UTC|GMT|\bZ|[a-z_]+/[a-z_/]+)$"
_OFFSET_IN_BOUNDS = r"(?:[zZ]|\+(?:0\d|1[0-3]):?[0-5]\d|\+14:?00|-(?:0\d|1[01]):?[0-5]\d|-12:?00|[+-]\d\d)$"

_LAST_MICROSECOND = 253_402_300_799_999_999  # of the year 9999; beyond it the number is of another format
NUMBER_FORMATS = (*_SPREADSHEET, *_UNIX)
KINDS = (Kind.DATE, Kind.TIMESTAMP, Kind.PERIOD, Kind.MONTH)


def format_problem(date_format: str, kind: Kind) -> str | None:
    """What is wrong with a format; None when nothing is."""
    import duckdb

    if date_format in NUMBER_FORMATS:
        return None
    if "%" not in date_format:
        return "it holds no % and is no name of a number format"
    if _QUARTER in date_format:
        if kind is not Kind.PERIOD:
            return "%q (a quarter) is for periods only"
        parts = {date_format[at : at + 2] for at, sign in enumerate(date_format) if sign == "%"}
        return None if parts == {"%Y", _QUARTER} else "with %q only %Y may stand"
    try:
        with duckdb.connect() as connection:
            connection.execute("SELECT try_strptime('', ?)", [date_format])
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return _misread(date_format)


def _misread(date_format: str) -> str | None:
    """What a format would read as another date or time than is written."""
    if not any(sign in date_format for sign in _YEARS):
        return "it has no year (%Y, or %y for two digits)"
    if _ZONE_AS_TEXT.search(date_format):
        return "the zone at its end is plain text and would be read as local time: write %z for Z, %Z for UTC or GMT"
    return None


def read_date(
    text: str, formats: Sequence[str], months: Mapping[str, int], kind: Kind, zone: str
) -> tuple[str, str]:
    """SQL for a date in the spelling of templates, and for whether two formats disagree about it.

    What no format fits stays as it is: ISO 8601 is good, anything else is set aside by the checks.

    Args:
        text: SQL of the text in the file.
        formats: Ways in which it may be written.
        months: Names of months to their numbers; they are replaced before the formats are tried.
        kind: What the column holds.
        zone: IANA zone in which a point in time has its date.
    """
    plain = _with_numbered_months(f"translate({text}, {quoted(WIDE)}, {quoted(PLAIN)})", months)
    if any("%p" in one for one in formats):
        plain = f"replace(replace({plain}, '上午', 'AM'), '下午', 'PM')"
    readings = [_reading(plain, one, kind, zone) for one in formats]
    if len(readings) == 1:
        return f"coalesce({readings[0]}, {text})", "false"
    found = f"list_distinct([{', '.join(readings)}])"  # leaves NULL out
    return f"coalesce({found}[1], {text})", f"coalesce(len({found}) > 1, false)"


def _with_numbered_months(text: str, months: Mapping[str, int]) -> str:
    for month in sorted(months, key=len, reverse=True):  # 十一月 before 一月
        pattern = "(?i)" + "".join(_escaped(month))
        text = f"regexp_replace({text}, {quoted(pattern)}, {quoted(str(months[month]))}, 'g')"
    return text


def _escaped(word: str) -> Iterator[str]:
    for sign in word:
        yield sign if sign.isalnum() else rf"\x{{{ord(sign):x}}}"


def _reading(text: str, date_format: str, kind: Kind, zone: str) -> str:
    """SQL for the text in the spelling of templates; NULL when it does not fit the format."""
    if _QUARTER in date_format:
        return _quarter(text, date_format)
    if date_format in _UNIX:
        number = f"TRY_CAST(CASE WHEN regexp_matches({text}, {quoted(_EPOCH)}) THEN {text} END AS {_EXACT})"
        micros = f"TRY(CAST(round({number} * {_UNIX[date_format]}) AS BIGINT))"
        micros = f"CASE WHEN {micros} <= {_LAST_MICROSECOND} THEN {micros} END"
        return _spelled(f"TRY(make_timestamp({micros}))", date_format, kind, zone)
    if date_format in _SPREADSHEET:
        return _spelled(_from_day_number(text, date_format), date_format, kind, zone)
    moment = f"try_strptime({text}, {quoted(date_format)})"
    if "%z" in date_format:
        in_bounds = f"regexp_matches({text}, {quoted(_OFFSET_IN_BOUNDS)})"
        moment = f"CASE WHEN {in_bounds} THEN timezone('UTC', {moment}) END"
    elif "%Z" in date_format:
        is_one = f"regexp_matches({text}, {quoted(_ZONE_NAME)})"
        moment = f"CASE WHEN {is_one} THEN timezone('UTC', {moment}) END"
    return _spelled(moment, date_format, kind, zone)


def _from_day_number(text: str, date_format: str) -> str:
    """Day 1 is 1900-01-01 and day 60 a leap day that never was; or day 0 is 1904-01-01."""
    number = f"TRY_CAST(CASE WHEN regexp_matches({text}, {quoted(_DAY_NUMBER)}) THEN {text} END AS {_EXACT})"
    since = f"to_milliseconds(CAST(round({number} * 86400000) AS BIGINT))"
    if date_format == "excel-1904":
        return f"TRY(TIMESTAMP '1904-01-01' + {since})"
    after, before = f"TRY(TIMESTAMP '1899-12-30' + {since})", f"TRY(TIMESTAMP '1899-12-31' + {since})"
    return f"CASE WHEN {number} >= 61 THEN {after} WHEN {number} < 60 THEN {before} END"


def _spelled(moment: str, date_format: str, kind: Kind, zone: str) -> str:
    """SQL for a timestamp as text; `moment` is UTC where the format says so, else local."""
    is_utc = date_format in _UNIX or any(sign in date_format for sign in _ZONES)
    if kind is Kind.TIMESTAMP:
        return f"CAST({moment} AS VARCHAR)" + (" || 'Z'" if is_utc else "")
    if is_utc:
        moment = f"timezone({quoted(zone)}, timezone('UTC', {moment}))"
    if kind is Kind.DATE:
        return f"CAST(CAST({moment} AS DATE) AS VARCHAR)" if is_utc else f"CAST({moment} AS VARCHAR)"
    has_month = date_format in NUMBER_FORMATS or any(sign in date_format for sign in ("%m", "%b", "%B", "%j"))
    return f"strftime({moment}, '{'%Y-%m' if has_month else '%Y'}')"


def _quarter(text: str, date_format: str) -> str:
    pieces: list[str] = []
    rest = date_format
    for sign in sorted(("%Y", _QUARTER), key=date_format.index):
        literal, rest = rest.split(sign, 1)
        pieces += ["".join(_escaped(literal)), r"(\d{4})" if sign == "%Y" else "([1-4])"]
    pattern = "(?i)^" + "".join(pieces) + "".join(_escaped(rest)) + "$"
    names = "['y', 'q']" if date_format.index("%Y") < date_format.index(_QUARTER) else "['q', 'y']"
    found = f"regexp_extract({text}, {quoted(pattern)}, {names})"
    return f"nullif(({found}).y || '-Q' || ({found}).q, '-Q')"
