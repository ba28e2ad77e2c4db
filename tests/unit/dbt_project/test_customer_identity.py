"""Which records are one customer: normal forms and connected components."""

from __future__ import annotations

import random
from itertools import permutations

import pyarrow as pa
import pytest
from customer_identity import (
    normalise_code,
    normalise_name,
    normalise_phone,
    normalise_spellings,
    resolve_customers,
)

COLUMNS = ("source", "record_id", "linked_customer_id", "credit_code", "phone", "company_name")
Record = tuple[str, str, str | None, str | None, str | None, str | None]


def resolved(records: list[Record]) -> dict[tuple[str, str], str]:
    """Customer of each record."""
    columns = {
        name: pa.array([record[i] for record in records], pa.string()) for i, name in enumerate(COLUMNS)
    }
    rows = resolve_customers(pa.table(columns)).to_pylist()
    return {(row["source"], row["record_id"]): row["customer_key"] for row in rows}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Co., Ltd.", "ACME"),
        ("上海百合（集团）股份有限公司", "上海百合集团有限公司"),
        ("ＡＢＣ　Trading", "abc trading inc"),
        ("O'Neil GmbH", "oneil"),
    ],
)
def test_legal_form_and_punctuation_make_no_difference(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Company Nine", "Nine"), ("Acme East", "Acme"), ("集团", "公司")]
)
def test_words_in_front_and_names_of_nothing_else_stay(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


def test_nothing_is_no_key() -> None:
    assert [normalise_name(name) for name in (None, "", " . ")] == [None, None, None]
    assert [normalise_code(code) for code in (None, "", "000-000")] == [None, None, None]


def test_codes_are_compared_without_spaces_and_case() -> None:
    assert normalise_code("9131 0000-abc") == normalise_code("91310000ABC") == "91310000ABC"


@pytest.mark.parametrize("phone", ["13800138000", "+86 138 0013 8000", "138-0013-8000", "008613800138000"])
def test_one_mobile_number_however_it_is_written(phone: str) -> None:
    assert normalise_phone(phone) == "+8613800138000"


def test_numbers_that_do_not_exist_are_none() -> None:
    numbers = ["12", "+1 650 253 0000", "call me"]
    found = normalise_spellings(pa.table({"kind": ["phone"] * 3, "value": numbers})).to_pylist()
    assert [row["normal_form"] for row in found] == [None, "+16502530000", None]


def test_each_kind_of_spelling_has_its_own_normal_form() -> None:
    spelled = pa.table({"kind": ["credit_code", "company_name"], "value": ["91 x", "Beta Ltd"]})
    assert [row["normal_form"] for row in normalise_spellings(spelled).to_pylist()] == ["91X", "beta"]


CHAIN: list[Record] = [
    ("customers", "C3", None, "91X", None, None),
    ("customers", "C2", None, "91X", None, "beta"),
    ("leads", "L1", None, None, "+8613800138000", "beta"),
    ("leads", "L2", None, None, "+8613800138000", None),
    ("leads", "L3", "C3", None, None, "somebodyelse"),
    ("leads", "L5", None, None, None, "alone"),
    ("leads", "L4", None, None, None, "alone"),
    ("deals", "D1", "C9", None, None, None),
]


def test_a_chain_of_equal_keys_is_one_customer_named_after_its_smallest_record() -> None:
    found = resolved(CHAIN)
    assert {
        found["customers", "C3"],
        found["customers", "C2"],
        *(found["leads", f"L{i}"] for i in (1, 2, 3)),
    } == {"C2"}
    assert found["leads", "L4"] == found["leads", "L5"] == "lead:L4"
    assert found["deals", "D1"] == "C9"


def test_the_order_of_the_records_changes_nothing() -> None:
    expected = resolved(CHAIN)
    some = random.Random(7).sample(list(permutations(CHAIN)), 20)
    assert all(resolved(list(order)) == expected for order in some)
