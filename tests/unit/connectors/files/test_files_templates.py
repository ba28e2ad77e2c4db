"""The templates say what the contract says."""

import re
from pathlib import Path

import pytest

from connectors.common.contract import Kind
from connectors.files import TEMPLATES, arrow_schema, entities, raw_tables

CONTRACT = Path(__file__).parents[4] / ".." / "shared" / "contracts.md"
# what the contract leaves open and the templates add: attempt is part of a key without being required
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| (.+) \|$", re.MULTILINE)


def contract_rows() -> dict[str, tuple[list[str], dict[str, bool]]]:
    section = CONTRACT.read_text(encoding="utf-8").split("## A.")[1].split("## B.")[0]
    found = {}
    for entity, key, columns in ROW.findall(section):
        plain = re.sub(r"\([^)]*\)", "", columns).replace(" or lead_id*", ", lead_id")
        words = [word.split()[0] for word in plain.split(",") if word.strip()]
        required = {word.rstrip("*"): word.endswith("*") for word in words}
        found[entity] = ([name.strip() for name in key.split(",")], required)
    return found


#: by which the contract has grown: docs/decisions/0196 and 0203
GROWN = {"disputes", "principals"}


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract lies beside the repository")
def test_entities_keys_columns_and_required_columns_are_those_of_the_contract():
    expected = contract_rows()
    assert [entity for entity in TEMPLATES if entity not in GROWN] == list(expected)
    for entity, (key, required) in expected.items():
        template = TEMPLATES[entity]
        assert list(template.key) == key, entity
        assert {column.name: column.required for column in template.columns} == required, entity


def test_there_are_31_templates():
    assert len(entities()) == 31


def test_chinese_headers_are_unique_within_a_template_and_differ_from_english_ones():
    for template in TEMPLATES.values():
        headers = [column.zh for column in template.columns]
        assert len(set(headers)) == len(headers), template.entity
        assert not set(headers) & set(template.names)
        assert all(re.search(r"[\u4e00-\u9fff]", header) for header in headers)


def test_rules_between_columns_name_existing_columns():
    for template in TEMPLATES.values():
        named = {*template.key, *(name for group in template.one_of + template.ordered for name in group)}
        assert named <= set(template.names), template.entity


def test_a_key_column_is_required_or_has_a_default():
    for template in TEMPLATES.values():
        for name in template.key:
            column = template.by_name[name]
            assert column.required or column.default is not None, (template.entity, name)


def test_allowed_words_are_lower_case():
    for template in TEMPLATES.values():
        for column in template.columns:
            assert all(word == word.casefold() for word in column.allowed)


def test_every_timestamp_ends_in_at_so_that_its_business_date_has_a_name():
    for template in TEMPLATES.values():
        for column in template.columns:
            assert (column.kind is Kind.TIMESTAMP) == column.name.endswith("_at"), column.name


def test_raw_types_are_exact():
    fields = {
        (entity, field.name): str(field.type) for entity in entities() for field in arrow_schema(entity)
    }
    assert fields["deals", "amount"] == "decimal128(18, 2)"
    assert fields["deal_splits", "share"] == "decimal128(18, 12)"
    assert fields["fx_rates", "rate_to_base"] == "decimal128(18, 8)"
    assert fields["deals", "units"] == fields["targets", "target"] == "decimal128(18, 6)"
    assert fields["activities", "minutes"] == fields["courses", "hours"] == "decimal128(12, 2)"
    assert fields["service_ratings", "rating"] == fields["course_results", "exam_score"] == "decimal128(6, 2)"
    assert fields["deals", "signed_at"] == "timestamp[us]"
    assert fields["employees", "hire_date"] == "date32[day]"
    assert fields["ad_daily", "clicks"] == fields["course_results", "attempt"] == "int64"
    assert fields["course_results", "passed"] == "bool"


def test_raw_tables_carry_provenance_after_their_own_columns():
    tables = raw_tables()
    assert len(tables) == len(TEMPLATES) + 3  # and what is kept of deliveries
    assert list(tables["courses"]) == [
        "course_id", "title", "hours",
        "extra", "_load_id", "_load_seq", "_file", "_line", "_lines", "_content_hash", "_is_deleted",
    ]  # fmt: skip
