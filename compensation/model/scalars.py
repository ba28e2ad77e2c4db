"""The scalar types of a plan file: money, rates, counts, durations, dates, names.

Belongs here: what one value may look like and how its text becomes exact. Numbers are read from
their text or from whole numbers; a binary float is refused, so no float ever reaches a rate.
Does not belong here: sections of a plan (the other modules of ``model``) and rules between values (``checks``).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DURATION = re.compile(r"(\d+)([smhdw])")
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
NAME_PATTERN = r"^\S(.*\S)?$"
ID_PATTERN = r"^[a-z][a-z0-9_]*$"


class PlanModel(BaseModel):
    """Base of every section: unknown keys are errors, values keep their type, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True)


def exact_decimal(value: Any) -> Decimal:
    """Turn a number of a plan into an exact decimal.

    Args:
        value: an int, a Decimal, or the text of a plain decimal number.

    Raises:
        PydanticCustomError: for floats, percent signs, infinities and anything that is no number.
    """
    if isinstance(value, float):
        raise PydanticCustomError("binary_float", "must not be a binary float: pass its text or a Decimal")
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    text = str(value)
    if isinstance(value, str) and _NUMBER.fullmatch(text):
        return Decimal(text)
    if isinstance(value, str) and text.endswith("%"):
        raise PydanticCustomError("percent", "must be a plain number: write 0.04 for 4 %")
    raise PydanticCustomError("no_number", "must be a number, is {shown}", {"shown": shown(value)})


def plan_date(value: Any) -> date:
    """Read an ISO date (``2026-01-31``); raises for anything else, impossible dates included."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    text = "must be a date like 2026-01-31, is {shown}"
    raise PydanticCustomError("no_date", text, {"shown": shown(value)})


def duration_seconds(value: Any) -> int:
    """Read a duration like ``72h`` or ``14d`` as whole seconds; the unit is required."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match and int(match[1]) > 0:
        return int(match[1]) * _UNIT_SECONDS[match[2]]
    raise PydanticCustomError(
        "no_duration",
        "must be a duration like 72h or 14d (units s, m, h, d, w), is {shown}",
        {"shown": shown(value)},
    )


def without_default(schema: dict[str, Any]) -> None:
    """Take the default out of the JSON Schema of a field whose default depends on other keys."""
    schema.pop("default", None)


def option_text(value: Any) -> str:
    """Read the value of a KPI option as text; numbers are written without needless zeros."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return value
    return plain(exact_decimal(value))


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and trailing zeros (``0.10`` becomes ``0.1``)."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def shown(value: Any) -> str:
    """Write a value as an error message shows it."""
    if value is None:
        return "empty"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) and value.is_finite() else str(value)


Rate = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(ge=0, le=1, decimal_places=8),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]
"""A share or rate between 0 and 1 (0.04 = 4 %), at most 8 decimal places."""

PositiveRate = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(gt=0, le=1, decimal_places=8),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
]
"""A rate above 0 and at most 1."""

Money = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(ge=0, max_digits=18, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0}),
]
"""An amount in the plan's currency, never negative, at most 2 decimal places."""

PositiveMoney = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(gt=0, max_digits=18, decimal_places=2),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
"""An amount above 0."""

Quantity = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(ge=0, max_digits=18, decimal_places=6),
    WithJsonSchema({"type": "number", "minimum": 0}),
]
"""A count, weight, score or target, never negative, at most 6 decimal places."""

PositiveQuantity = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(gt=0, max_digits=18, decimal_places=6),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0}),
]
"""A count, weight or target above 0."""

Percent = Annotated[
    Decimal,
    BeforeValidator(exact_decimal),
    Field(ge=0, le=100, decimal_places=6),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]
"""A weight out of 100."""

Days = Annotated[int, Field(ge=0, le=36_500)]
"""Whole days, both ends of the window included."""

Count = Annotated[int, Field(ge=1, le=1_000_000)]
"""A whole number of things, at least 1."""

PlanDate = Annotated[date, BeforeValidator(plan_date), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar day in the plan's time zone."""

Duration = Annotated[
    int,
    BeforeValidator(duration_seconds),
    PlainSerializer(lambda seconds: f"{seconds}s", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+[smhdw]$"}),
]
"""A length of time, kept as whole seconds."""

OptionText = Annotated[str, BeforeValidator(option_text), WithJsonSchema({"type": ["string", "number"]})]
"""The value of a KPI option, kept as text."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NAME_PATTERN)]
"""A department, position, course or lead type, as the deliveries write it."""

Identifier = Annotated[str, Field(max_length=80, pattern=ID_PATTERN)]
"""A key of ours: small letters, digits and underscores."""
