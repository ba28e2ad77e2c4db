"""Connectors, dbt sources and gates agree on every raw table: one contract, told three times, held together here."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compensation.tables.schema import TABLES
from connectors.files import TEMPLATES, arrow_schema, raw_tables
from expectations.suites import entities as gate_entities

ROOT = Path(__file__).resolve().parents[2]
STAGING = ROOT / "dbt_project" / "models" / "staging"
DUCKDB_NAMES = {
    "string": "varchar",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
    "int64": "bigint",
    "bool": "boolean",
}


@cache
def _source(file: str) -> dict[str, dict[str, str]]:
    document: Any = YAML(typ="safe").load((STAGING / file).read_text(encoding="utf-8"))
    tables = document["sources"][0]["tables"]
    return {
        table["name"]: {column["name"]: column["data_type"].replace(" ", "") for column in table["columns"]}
        for table in tables
    }


def _type(field: Any) -> str:
    name = str(field.type)
    if name.startswith("decimal128"):
        return name.replace("decimal128", "decimal").replace(" ", "")
    return DUCKDB_NAMES[name]


@pytest.mark.parametrize("entity", sorted(TEMPLATES))
def test_a_template_lands_as_its_dbt_source_says(entity: str) -> None:
    landed = {field.name: _type(field) for field in arrow_schema(entity)}
    assert _source("files/_files__sources.yml")[entity] == landed


def test_every_raw_table_is_a_dbt_source() -> None:
    assert set(_source("files/_files__sources.yml")) == set(raw_tables())


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_plan_table_has_the_columns_of_its_dbt_source(table: str) -> None:
    assert list(_source("plans/_plans__sources.yml")[table]) == list(TABLES[table])


def test_every_template_has_staging_models_and_a_gate() -> None:
    for entity in TEMPLATES:
        assert (STAGING / "files" / f"stg_files__{entity}.sql").exists(), entity
        assert (STAGING / "canonical" / f"stg_{entity}.sql").exists(), entity
        assert entity in gate_entities.ENTITIES, entity
