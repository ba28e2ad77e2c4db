"""A mapping applied to a table written in any style of numbers and dates gives exactly the typed values.

Belongs here: ways of writing, drawn at random, against Python's own decimals and dates.
Does not belong here: single ways that have a story (see the unit tests of the mapping).
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.common.contract import Kind
from connectors.files.mapping.dates import read_date
from connectors.files.mapping.numbers import NumberStyle, read_number

pytestmark = pytest.mark.every_run

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
UNITS = {"": 0, "¥": 0, "元": 0, "万": 4, "%": -2, "k": 3, "亿元": 8}
TOO_LARGE = 10**20  # what is set aside: 38 digits, 18 of them decimals
EXAMPLES = settings(max_examples=150)

numbers = st.decimals(min_value=-(10**10), max_value=10**10, places=2, allow_nan=False, allow_infinity=False)
# after the last summer time of that zone, so that every local time exists once
moments = st.datetimes(dt.datetime(1992, 1, 1), dt.datetime(2040, 1, 1)).map(  # noqa: DTZ001
    lambda one: one.replace(microsecond=0)
)


@st.composite
def styles(draw: st.DrawFn) -> dict[str, Any]:
    """How numbers are written."""
    decimal = draw(st.sampled_from([".", ","]))
    signs = [sign for sign in (",", ".", " ", "'") if sign != decimal]
    return {
        "decimal": decimal,
        "thousands": draw(st.sampled_from([[], [signs[0]], [signs[1]], signs])),
        "units": {unit: f"1e{power}" for unit, power in UNITS.items() if unit},
        "factor": draw(st.sampled_from(["1", "0.01", "10000"])),
    }


@st.composite
def written_numbers(draw: st.DrawFn) -> tuple[dict[str, Any], str, Decimal]:
    """A style, a number written in it, and the number that is meant."""
    style, number = draw(styles()), draw(numbers)
    unit = draw(st.sampled_from(list(UNITS)))
    digits = f"{abs(number):,.2f}"
    thousands = draw(st.sampled_from(["", *style["thousands"]]))
    text = "".join({",": thousands, ".": style["decimal"]}.get(sign, sign) for sign in digits)
    text = draw(
        st.sampled_from([f"{unit}{text}", f"{text}{unit}", f"{text} {unit}", f"{unit} {text}"])
    ).strip()
    if number < 0:
        minus = draw(st.sampled_from(["-", "−", "－"]))
        text = draw(st.sampled_from([f"{minus}{text}", f"{text}{minus}", f"({text})", f"{minus} {text}"]))
    if draw(st.booleans()):
        text = text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    if draw(st.booleans()):
        text = text.replace(" ", draw(st.sampled_from(["\u00a0", "\u202f", "\u3000"])))
    return style, text, number.scaleb(UNITS[unit]) * Decimal(style["factor"])


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("SET TimeZone = 'UTC'")
    return found


def test_a_number_is_read_exactly_in_any_style(connection: duckdb.DuckDBPyConnection) -> None:
    @EXAMPLES
    @given(written_numbers())
    def check(case: tuple[dict[str, Any], str, Decimal]) -> None:
        style, text, meant = case
        sql, unread = read_number("t", NumberStyle.model_validate(style), typed_cells=False)
        found = connection.execute(f"SELECT {sql}, {unread} FROM (SELECT ? AS t)", [text]).fetchone()
        assert found is not None
        value = None if found[0] is None else Decimal(found[0])
        assert (value, found[1]) == ((None, True) if abs(meant) >= TOO_LARGE else (meant, False)), (
            style,
            text,
        )

    check()


def test_any_text_is_read_as_the_digits_it_holds_or_not_at_all(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    @EXAMPLES
    @given(styles(), st.text("0123456789.,-+() '¥万%元", max_size=12))
    def check(style: dict[str, Any], text: str) -> None:
        style = style | {"units": {"¥": "1"}, "factor": "1"}
        sql, unread = read_number("t", NumberStyle.model_validate(style), typed_cells=False)
        read, is_unread = (
            connection.execute(f"SELECT {sql}, {unread} FROM (SELECT ? AS t)", [text]).fetchone() or ()
        )
        assert is_unread == (read is None)
        if read is not None:
            digits = "".join(sign for sign in text if sign.isdigit() or sign == style["decimal"])
            assert abs(Decimal(read)) == Decimal(digits.rstrip(",.").replace(",", ".")), (style, text)

    check()


def test_a_date_is_read_exactly_in_any_style(connection: duckdb.DuckDBPyConnection) -> None:
    day_zero = dt.datetime(1899, 12, 30)  # noqa: DTZ001
    writers = {
        "%m/%d/%Y %H:%M:%S": lambda one: f"{one.month}/{one.day}/{one:%Y %H:%M:%S}",
        "%Y年%m月%d日 %H时%M分%S秒": lambda one: f"{one.year}年{one.month}月{one.day}日 {one:%H时%M分%S秒}",
        "%d.%m.%Y %I:%M:%S %p": lambda one: f"{one:%d.%m.%Y %I:%M:%S %p}",
        "%d-%b-%Y %H:%M:%S": lambda one: f"{one:%d-%b-%Y %H:%M:%S}",
        "excel-1900": lambda one: f"{Decimal((one - day_zero) // dt.timedelta(seconds=1)) / 86400:.10f}",
        "unix-seconds": lambda one: f"{int(one.replace(tzinfo=ZONE).timestamp())}",
        "unix-milliseconds": lambda one: f"{int(one.replace(tzinfo=ZONE).timestamp()) * 1000}",
        "%Y-%m-%dT%H:%M:%S%z": lambda one: f"{one.replace(tzinfo=ZONE):%Y-%m-%dT%H:%M:%S%z}",
    }  # fmt: skip

    @EXAMPLES
    @given(moments, st.sampled_from(list(writers)))
    def check(moment: dt.datetime, date_format: str) -> None:
        text = writers[date_format](moment)
        for kind, meant in (
            (Kind.TIMESTAMP, f"{moment}"),
            (Kind.DATE, f"{moment.date()}"),
            (Kind.PERIOD, f"{moment:%Y-%m}"),
        ):
            sql, _ = read_date("t", [date_format], {}, kind, ZONE.key)
            ((read,),) = connection.execute(f"SELECT {sql} FROM (SELECT ? AS t)", [text]).fetchall()
            if read.endswith("Z"):
                utc = dt.datetime.fromisoformat(read.removesuffix("Z")).replace(tzinfo=dt.UTC)
                read = f"{utc.astimezone(ZONE).replace(tzinfo=None)}"
            assert read.startswith(meant), (date_format, text, kind)

    check()
