"""Which records are one customer: normal forms and connected components."""

from __future__ import annotations

import random

import duckdb
import pyarrow as pa
import pytest
from customer_identity import (
    LATIN_FORMS,
    join_customers,
    normalise_code,
    normalise_name,
    normalise_phone,
    normalise_spellings,
)

from tests.unit.dbt_project.macros import load_macros

Link = tuple[str, str, str]


def joined(links: list[Link]) -> dict[str, str]:
    """Customer of each id that belongs to another one."""
    names = ("own_key", "kind", "value")
    columns = {name: pa.array([link[i] for link in links], pa.string()) for i, name in enumerate(names)}
    rows = join_customers(pa.table(columns)).to_pylist()
    return {row["customer_id"]: row["customer_key"] for row in rows}


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
    good = "91110000600037341L"
    assert normalise_code("9111 0000-6000 37341l") == normalise_code(good) == good


def test_a_code_with_a_wrong_length_letter_or_check_digit_is_no_key() -> None:
    wrong = ["91110000600037341X", "9111000060003734IL", "9111000060003734", "9.1110000600037E+17"]
    assert [normalise_code(code) for code in wrong] == [None] * len(wrong)


@pytest.mark.parametrize(
    "phone",
    [
        "13800138000",
        "+86 138 0013 8000",
        "138-0013-8000",
        "008613800138000",
        "13800138000.0",
        "１３８００１３８０００",
    ],
)
def test_one_mobile_number_however_it_is_written(phone: str) -> None:
    assert normalise_phone(phone) == "+8613800138000"


@pytest.mark.parametrize("phone", ["11111111111", "12345678901", "123456789", "0123456789", "987654321"])
def test_digits_that_say_nothing_are_no_phone(phone: str) -> None:
    assert normalise_phone(phone) is None


def test_numbers_that_do_not_exist_are_none() -> None:
    numbers = ["12", "+1 650 253 0000", "call me"]
    found = normalise_spellings(pa.table({"kind": ["phone"] * 3, "value": numbers})).to_pylist()
    assert [row["normal_form"] for row in found] == [None, "+16502530000", None]


def test_each_kind_of_spelling_has_its_own_normal_form() -> None:
    spelled = pa.table(
        {"kind": ["credit_code", "company_name"], "value": ["9111 0000 6000 37341l", "Beta Ltd"]}
    )
    assert [row["normal_form"] for row in normalise_spellings(spelled).to_pylist()] == [
        "91110000600037341L",
        "beta",
    ]


CHAIN: list[Link] = [
    ("C3", "credit_code", "91X"),
    ("C2", "credit_code", "91X"),
    ("C2", "company_name", "beta"),
    ("lead:L1", "company_name", "beta"),
    ("lead:L1", "phone", "+8613800138000"),
    ("lead:L2", "phone", "+8613800138000"),
    ("lead:L5", "company_name", "alone"),
    ("lead:L4", "company_name", "alone"),
    ("C9", "phone", "beta"),
    ("C8", "phone", "beta"),
]


def test_a_chain_of_equal_identifiers_is_one_customer_named_after_its_smallest_id() -> None:
    assert joined(CHAIN) == {
        **dict.fromkeys(("C3", "lead:L1", "lead:L2"), "C2"),
        "lead:L5": "lead:L4",
        "C9": "C8",
    }


def test_without_links_everybody_is_a_customer_of_its_own() -> None:
    assert joined([]) == {}


def test_the_order_of_the_links_changes_nothing() -> None:
    rng, expected = random.Random(7), joined(CHAIN)
    assert all(joined(rng.sample(CHAIN, len(CHAIN))) == expected for _ in range(20))


SPELLINGS = {
    "phone": [f"1{prefix}{number:08d}" for prefix in range(30, 100) for number in (0, 12345678, 99999999)],
    "credit_code": ["91310000abc", "0000", "91X", "9131 0000", "X", "00A"],
    "company_name": [
        *(
            "Acme Co Ltd",
            "ACME",
            "Company Nine",
            "ltd co",
            "Ltd",
            "Nine Company",
            "Acme Ltd East",
            "Acme  Ltd",
        ),
        *(
            "Beta, Inc.",
            "a b c",
            "Company 12 Ltd",
            "SA SA SA",
            "百合有限公司",
            "Limited Edition GmbH",
            "abltd",
        ),
    ],
}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_sql_normalises_ordinary_spellings_as_python_does(kind: str) -> None:
    macros = load_macros("customers/normal_forms.sql", "portable/formats.sql", "portable/text.sql")
    ordinary, normal = getattr(macros, f"is_ordinary_{kind}")("v"), getattr(macros, f"ordinary_{kind}")("v")
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select v, {normal} from (select unnest($1) as v) where {ordinary}", [SPELLINGS[kind]]
        ).fetchall()
    python = {"phone": normalise_phone, "credit_code": normalise_code, "company_name": normalise_name}[kind]
    assert rows
    assert dict(rows) == {value: python(value) for value, _ in rows}


def test_both_know_the_same_legal_forms() -> None:
    macros = load_macros("customers/normal_forms.sql", "portable/formats.sql", "portable/text.sql")
    assert set(macros.legal_form_words().strip().split("|")) == LATIN_FORMS
