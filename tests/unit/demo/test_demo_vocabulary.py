"""Identity fields: valid check digits, nothing twice."""

from __future__ import annotations

from random import Random

from demo.world.vocabulary import (
    Vocabulary,
    credit_code_check_digit,
    organisation_check_digit,
    spaced_phone,
)


def test_check_digits_are_those_of_the_standards_own_example():
    assert organisation_check_digit("M000100Y") == "4"
    assert credit_code_check_digit("91350100M000100Y4") == "3"


def test_credit_codes_phones_and_company_names_never_repeat():
    words = Vocabulary(Random(1))
    codes = [words.credit_code() for _ in range(3000)]
    phones = [words.phone() for _ in range(3000)]
    names = [words.company("clinic").removesuffix(" Ltd.").lower() for _ in range(9000)]
    assert len(set(codes)) == len(set(phones)) == 3000
    assert len(set(names)) == 9000
    assert all(code[-1] == credit_code_check_digit(code[:-1]) for code in codes)


def test_spaced_phones_are_the_same_number():
    assert spaced_phone("13800138000") == "+86 138 0013 8000"
