"""The generated JSON Schema fits the plans and helps an editor."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from compensation import write_schema
from compensation.source.json_schema import plan_json_schema
from compensation.source.located_yaml import parse_yaml


def as_json(value):
    if isinstance(value, dict):
        return {key: as_json(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_json(child) for child in value]
    return float(value) if isinstance(value, Decimal) else value


def errors_of(text):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(plan_json_schema())
    return [error.message for error in validator.iter_errors(as_json(parse_yaml(text, "plan").data))]


def test_the_schema_is_a_valid_schema():
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(plan_json_schema())


def test_every_shipped_plan_fits_the_schema(shipped):
    for text in shipped.content.values():
        assert errors_of(text) == []


def test_the_schema_finds_a_typo(shipped):
    text = shipped.content["plans/crm_sales_2017.yml"]
    assert errors_of(text.replace("currency:", "curency:"))
    assert errors_of(text.replace("repurchase:", "repurchas:"))
    assert errors_of(text.replace("0.02", "-0.02"))


def test_every_key_has_a_description():
    schema = plan_json_schema()
    sections = {"Plan": schema, **schema["$defs"]}
    missing = [
        f"{name}.{key}"
        for name, section in sections.items()
        for key, value in section.get("properties", {}).items()
        if not value.get("description") and "$ref" not in value  # a section is described where it is defined
    ]
    assert missing == []
    assert all(section.get("description") for section in sections.values())


def test_defaults_are_numbers_as_in_a_plan():
    transfers = plan_json_schema()["$defs"]["Transfers"]["properties"]
    assert transfers["counted_share"]["default"] == 0.2
    assert transfers["window_days"]["default"] == 90


def test_the_file_is_written_the_same_each_time(tmp_path):
    path = tmp_path / "new" / "schema.json"
    write_schema(path)
    first = path.read_bytes()
    write_schema(path)
    assert path.read_bytes() == first
    assert json.loads(first) == plan_json_schema()
    assert list(path.parent.iterdir()) == [path]


def test_every_shipped_plan_names_the_schema_in_its_first_line(shipped):
    for file, text in shipped.content.items():
        schema = "../../plans/schema.json" if file.startswith("demo/") else "schema.json"
        assert text.splitlines()[0] == f"# yaml-language-server: $schema={schema}"
