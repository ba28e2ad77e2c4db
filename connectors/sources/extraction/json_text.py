"""Records as JSON text: read without losing a digit, written in one canonical way.

Belongs here: numbers, order of keys, paths into a record. Does not belong here: HTTP, tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

import orjson
import simplejson

_DEPTH = 4  # fields inside fields that have names of their own
_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    dict: "object",
    list: "array",
}
#: kinds of a field that had no value: empty in all records, or asked for and in none of them
EMPTY = ("null", "absent")
_FLAGS = {True: "true", False: "false", None: None}
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def parsed(text: str) -> Any:
    """JSON text as values; numbers with a point are exact decimals.

    Raises:
        ValueError: It is no JSON.
    """
    return simplejson.loads(text, use_decimal=True)


def canonical(record: Any) -> str:
    """A record as JSON text with its keys in order: the same content, the same text.

    A number that a double would not hold exactly is written as text, so that no reader of JSON rounds it.
    """
    return _dumped(record).decode()


def canonical_texts(records: Sequence[Any]) -> list[bytes]:
    """Records as `canonical` writes them, in UTF-8."""
    try:
        return [orjson.dumps(record, _decimal, _OPTIONS) for record in records]
    except orjson.JSONEncodeError:
        return [_dumped(record) for record in records]


def mark(value: Any) -> bytes:
    """A short mark of JSON values: the same content, the same mark."""
    try:
        text = orjson.dumps(value, str, orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # an integer beyond 64 bits
        text = _dumped(value)
    return hashlib.sha256(text).digest()


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value, _decimal, _OPTIONS)
    except orjson.JSONEncodeError:  # an integer beyond 53 bits
        return orjson.dumps(_without_large(value), _decimal, _OPTIONS)


def _decimal(value: Any) -> Any:
    """A decimal in JSON, digit by digit.

    Raises:
        TypeError: It is no decimal.
    """
    if type(value) is not Decimal:
        raise TypeError(f"{type(value).__name__} is no JSON")
    text = str(value)
    if repr(float(value)) == text and value.is_finite():  # most are written so
        return orjson.Fragment(text)
    is_held = value.is_finite() and Decimal(repr(float(value))) == value
    return orjson.Fragment(text) if is_held else text


def _without_large(value: Any) -> Any:
    if type(value) is int and abs(value) >= 2**53:
        return str(value)
    if isinstance(value, dict):
        return {key: _without_large(one) for key, one in value.items()}
    return [_without_large(one) for one in value] if isinstance(value, list) else value


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, such as `Owner.Email`; None where there is none."""
    if path in record:
        return record[path]
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def text_at(record: Mapping[str, Any], path: str) -> str | None:
    """The value at a path as text; None where there is none."""
    return _text(value_at(record, path))


def texts_at(records: Sequence[Mapping[str, Any]], path: str) -> list[str | None]:
    """The values at a path of records as texts, like `text_at`."""
    try:
        values: list[Any] = list(map(itemgetter(path), records))
    except KeyError:
        values = [value_at(record, path) for record in records]
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return values
    return list(map(_FLAGS.__getitem__ if kinds <= {bool, type(None)} else _text, values))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def field_kinds(
    records: Sequence[Mapping[str, Any]], prefix: str = "", depth: int = 1
) -> Iterator[tuple[str, str]]:
    """Paths of records with the kind of JSON value there: `null` where all are empty, `mixed` where they differ."""
    for key in dict.fromkeys(chain.from_iterable(records)):
        try:
            values = list(map(itemgetter(key), records))
        except KeyError:
            values = [record[key] for record in records if key in record]
        kinds = {_KINDS.get(one, "string") for one in set(map(type, values))}
        path = f"{prefix}{key}"
        yield path, one_kind(kinds)
        if "object" in kinds and depth < _DEPTH:
            yield from field_kinds([one for one in values if type(one) is dict], f"{path}.", depth + 1)


def one_kind(kinds: Collection[str]) -> str:
    """One word for the kinds of a field's values."""
    found = set(kinds).difference(EMPTY)
    if len(found) > 1:
        return "mixed"
    return found.pop() if found else "null"
