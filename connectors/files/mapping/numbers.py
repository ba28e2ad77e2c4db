"""How numbers are written in a foreign file: the words for it, and SQL that brings them to one plain spelling.

    "CNY 12,345.60" | "(1.200,00)" | "60%" | "1.2万" → 12345.60 | -1200.00 | 0.6 | 12000

Belongs here: separators, signs, units, factors. Does not belong here: the types and bounds of templates.

All of it works on text and exact decimals. What is not written as the mapping says is never guessed at: the value
stays as it is in the file, and its row is set aside (`not_as_mapped`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from connectors.common.sql_text import quoted
from connectors.files.mapping.strict import Strict, as_list

Separator = Literal[",", ".", " ", "'", "_"]

# every character that is read as one of the plain ones, in one pass: full-width forms, blanks, minus signs, quotes
WIDE = (
    "０１２３４５６７８９，．－＋（）％￥"
    "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\u2212\u2012\u2013\u2014\u2019\u2018\u00b4"
)
PLAIN = "0123456789,.-+()%¥" + "       " + "----" + "'''"
_SCALE = 18
_EXACT = f"DECIMAL(38,{_SCALE})"
_PLAIN_FORM = r"\d+(?:\.\d*)?(?:[eE][-+]?\d{1,2})?|\.\d+"


def _units(value: Any) -> Any:
    """A list of units is a table in which each counts once."""
    return dict.fromkeys(value, "1") if isinstance(value, list) else value


class NumberStyle(Strict):
    """How numbers are written.

    Attributes:
        decimal: The decimal sign.
        thousands: The sign between groups of digits, or several of which a number uses one; none by default.
        units: Texts before or after the digits: a list of those that mean nothing, or each with its factor
            (a power of ten, with a minus for "credit").
        factor: What every number is multiplied by: 0.01 for cents, 10000 for 万.
        round: Decimals to round to, half away from zero, after everything else.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    decimal: Literal[".", ","] = "."
    thousands: Annotated[list[Separator], BeforeValidator(as_list)] = Field(default_factory=list)
    units: Annotated[dict[str, Decimal], BeforeValidator(_units)] = Field(default_factory=dict)
    factor: Decimal = Decimal(1)
    round: Annotated[int, Field(ge=0, le=12)] | None = None

    @field_validator("units")
    @classmethod
    def _named_units(cls, units: dict[str, Decimal]) -> dict[str, Decimal]:
        for unit, factor in units.items():
            if not unit.strip() or re.search(r"[\d.,+()-]", unit):
                raise ValueError(f"{unit!r} is no unit: a unit holds no digits, signs or separators")
            _exponent(factor)
        meanings: dict[str, Decimal] = {}
        for unit, factor in units.items():
            if meanings.setdefault(_plain(unit).lower(), factor) != factor:
                raise ValueError(
                    f"{unit!r} is given twice with different factors; case and width (¥, ￥) make no difference"
                )
        return units

    @field_validator("factor")
    @classmethod
    def _power_of_ten(cls, factor: Decimal) -> Decimal:
        _exponent(factor)
        return factor

    @model_validator(mode="after")
    def _different_signs(self) -> Self:
        if self.decimal in self.thousands:
            raise ValueError(f"{self.decimal!r} cannot be the decimal sign and the thousands sign")
        return self


def _exponent(factor: Decimal) -> int:
    """The power of ten of a factor.

    Raises:
        ValueError: It is none.
    """
    if not factor.is_finite() or abs(factor).normalize().as_tuple().digits != (1,):
        raise ValueError(f"the factor {factor} is no power of ten (…, 0.01, 0.1, 1, 10, 100, …)")
    return factor.adjusted()


def read_number(text: str, style: NumberStyle, *, typed_cells: bool) -> tuple[str, str]:
    """SQL for a number in its plain spelling, and for whether it is not written as `style` says.

    Args:
        text: SQL of the text in the file.
        style: How it is written.
        typed_cells: The file also has real numbers (a workbook), whose plain spelling counts besides; one that
            `style` would read as another number is left unread.
    """
    plain = f"trim(translate({text}, {quoted(WIDE)}, {quoted(PLAIN)}))"
    spelled = _spelled(plain, style)
    if typed_cells and style.decimal != ".":
        machine = rf"^-?(?:{_PLAIN_FORM})$"
        is_machine = f"regexp_matches({text}, {quoted(machine)}) AND contains({text}, '.')"
        as_cell = _scaled(text, (), style)
        spelled = (
            f"CASE WHEN {is_machine} THEN CASE WHEN {spelled} IS NULL THEN {as_cell} END ELSE {spelled} END"
        )
    return spelled, f"({text} IS NOT NULL AND ({spelled}) IS NULL)"


def _spelled(plain: str, style: NumberStyle) -> str:
    """SQL for the plain spelling; NULL when the text does not fit."""
    unit = f"({_alternatives(style.units)})"
    none = re.escape(style.decimal)  # 100.- has no cents, 100- is below zero
    # signs, brackets and up to two units stand on either side: (¥ 1,200.00), -¥5, ¥ 1.2 万元, 5.00-
    before = rf"(\(?)\s*([-+]?)\s*{unit}\s*{unit}\s*([-+]?)\s*(\(?)"
    after = rf"(\)?)\s*([-+]?)\s*{unit}\s*{unit}\s*([-+]?)\s*(\)?)"
    pattern = rf"(?i)^{before}\s*({_digits(style)})(?:{none}-)?\s*{after}$"
    names = "['b1', 's1', 'u1', 'u2', 's2', 'b2', 'n', 'b3', 's3', 'u3', 'u4', 's4', 'b4']"
    parts = f"regexp_extract({plain}, {quoted(pattern)}, {names})"
    signs, brackets = "p.s1 || p.s2 || p.s3 || p.s4", "p.b1 || p.b2 || p.b3 || p.b4"
    is_number = f"p.n <> '' AND {brackets} || {signs} IN ('', '()', '-', '+')"
    minus = f"CASE WHEN {brackets} || {signs} IN ('()', '-') THEN '-' ELSE '' END"
    digits = _without_groups("p.n", style)
    value = f"{minus} || CASE WHEN starts_with({digits}, '.') THEN '0' ELSE '' END || {digits}"
    read = f"CASE WHEN {is_number} THEN {_scaled(value, ('p.u1', 'p.u2', 'p.u3', 'p.u4'), style)} END"
    return f"list_transform([{parts}], lambda p: {read})[1]"


def _alternatives(units: dict[str, Decimal]) -> str:
    longest_first = sorted((_plain(unit) for unit in units), key=len, reverse=True)
    return "|".join([*(re.escape(unit) for unit in longest_first), ""])


def _plain(unit: str) -> str:
    return unit.translate(str.maketrans(WIDE, PLAIN)).strip()


def _digits(style: NumberStyle) -> str:
    """Digits, grouped in threes (or, before the last three, in twos) by one of the thousands signs."""
    fraction = rf"(?:{re.escape(style.decimal)}\d+)?"
    grouped = [
        rf"\d{{1,3}}(?:{sign}\d{{3}})+{fraction}|\d{{1,2}}(?:{sign}\d{{2}})+{sign}\d{{3}}{fraction}"
        for sign in (re.escape(one) for one in style.thousands)
    ]
    exponent = r"(?:e[-+]?\d{1,2})?"
    return "|".join([*grouped, rf"\d+{fraction}{exponent}", rf"{re.escape(style.decimal)}\d+"])


def _without_groups(digits: str, style: NumberStyle) -> str:
    for sign in style.thousands:
        digits = f"replace({digits}, {quoted(sign)}, '')"
    return digits if style.decimal == "." else f"replace({digits}, {quoted(style.decimal)}, '.')"


def _scaled(value: str, units: Sequence[str], style: NumberStyle) -> str:
    """SQL for the number times the factors of its units and of its column, and rounded; NULL beyond 38 digits."""
    powers = {_plain(unit).lower(): _exponent(factor) for unit, factor in style.units.items()}
    negative = (
        [] if not units else [_plain(unit).lower() for unit, factor in style.units.items() if factor < 0]
    )
    if style.factor < 0:
        value = _turned(value)
    if negative:
        listed = ", ".join(quoted(one) for one in negative)
        written = ", ".join(f"lower({unit})" for unit in units)
        value = f"CASE WHEN list_has_any([{written}], [{listed}]) THEN {_turned(value)} ELSE {value} END"
    exponent = "coalesce(TRY_CAST(nullif(split_part(lower(v), 'e', 2), '') AS INTEGER), 0)"
    power = " + ".join([exponent, str(_exponent(style.factor)), *_powers(units, powers)])
    pieces = (
        "{'whole': regexp_extract(v, '^-?[0-9]*'), 'part': regexp_extract(v, '[.]([0-9]*)', 1), "
        f"'e': {power}}}"
    )
    return f"list_transform(list_transform([{value}], lambda v: {pieces}), lambda m: {_moved(style)})[1]"


def _powers(units: Sequence[str], powers: dict[str, int]) -> Iterator[str]:
    branches = " ".join(f"WHEN {quoted(one)} THEN {power}" for one, power in powers.items() if power)
    if branches:
        yield from (f"CASE lower({unit}) {branches} ELSE 0 END" for unit in units)


def _moved(style: NumberStyle) -> str:
    """SQL for the digits of `m` with the decimal sign moved by `m.e` places."""
    if style.round is not None:
        # digits that are cut off here cannot change the result of rounding half away from zero
        kept = f"left(m.part, greatest(0, {_SCALE} + m.e))"
        number = f"TRY_CAST(m.whole || '.' || {kept} || '0e' || m.e AS {_EXACT})"
        return _trimmed(f"CAST(round({number}, {style.round}) AS {_EXACT})")
    number = f"TRY_CAST(m.whole || '.' || m.part || '0e' || m.e AS {_EXACT})"
    moved = f"CASE WHEN length(m.part) - m.e <= {_SCALE} THEN {_trimmed(number)} END"
    as_it_is = "m.whole || CASE WHEN m.part = '' THEN '' ELSE '.' || m.part END"
    return f"CASE WHEN m.e = 0 THEN {as_it_is} ELSE {moved} END"


def _trimmed(number: str) -> str:
    return f"rtrim(rtrim(CAST({number} AS VARCHAR), '0'), '.')"


def _turned(value: str) -> str:
    return f"CASE WHEN starts_with({value}, '-') THEN substr({value}, 2) ELSE '-' || {value} END"
