"""Records as JSON text: what is done by columns of a page says the same as record by record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connectors.sources.extraction.json_text import (
    canonical,
    canonical_texts,
    field_kinds,
    mark,
    parsed,
    text_at,
    texts_at,
)

PAGES: dict[str, list[dict[str, Any]]] = {
    "alike": [{"id": "a", "at": {"x": 1}}, {"id": "b", "at": {"x": 2}}],
    "sparse": [{"id": "a"}, {"at": None, "id": None}, {"at": {"x": "z"}}, {"at": "text"}],
    "flags": [{"id": True}, {"id": None}, {"id": False}],
    "numbers": [{"id": 1}, {"id": True}, {"id": Decimal("1.50")}],
    "dotted names": [{"at.x": 1, "at": {"x": 2}}, {"at": {"x": 3}}],
    "large": [{"id": 2**53}, {"id": -(2**70), "at": [2**60, {"x": 2**60}]}],
    "none": [],
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_page_says_what_its_records_say(page: list[dict[str, Any]]) -> None:
    for path in ("id", "at", "at.x", "at.x.y", "other"):
        assert texts_at(page, path) == [text_at(record, path) for record in page]
    assert canonical_texts(page) == [canonical(record).encode() for record in page]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("0.25", "0.25"),
        ("1130.00", "1130.00"),
        ("0.1", "0.1"),
        ("1e3", "1E+3"),
        ("-0.0", "-0.0"),
        ("12345678901234567.89", '"12345678901234567.89"'),
        ("0.1000000000000000055511151231257827", '"0.1000000000000000055511151231257827"'),
        ("9007199254740991", "9007199254740991"),
        ("9007199254740992", '"9007199254740992"'),
    ],
)
def test_a_number_keeps_its_digits(number: str, written: str) -> None:
    assert canonical(parsed(f'{{"n": {number}}}')) == f'{{"n":{written}}}'


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"n": object()})


def test_the_same_content_has_the_same_mark() -> None:
    page = [{"a": Decimal("1.50"), "b": 2**70}, {"c": None}]
    assert mark(page) == mark([{"b": 2**70, "a": Decimal("1.50")}, {"c": None}])
    assert mark(page) != mark([{"a": Decimal("1.51"), "b": 2**70}, {"c": None}])
    assert mark([{"a": 1}]) != mark([{"a": 2}])


def test_kinds_of_fields_of_a_page() -> None:
    assert dict(field_kinds(PAGES["sparse"])) == {"id": "string", "at": "mixed", "at.x": "string"}
    assert dict(field_kinds(PAGES["flags"])) == {"id": "boolean"}
    assert dict(field_kinds([{"a": None}, {"a": 1}, {"a": Decimal(1)}, {"b": []}])) == {
        "a": "number",
        "b": "array",
    }
