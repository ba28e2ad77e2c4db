"""Lineage of columns: through CTEs, unions, stars and recursion, down to the columns of the tables a model reads."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.transformation.metadata.column_lineage import BuildLineage, LineageReader, origins_of

DEALS: dict[str, Any] = {"name": "deals", "schema": "raw_files", "database": "w", "identifier": "deals"}
COLUMNS = {"deal_id": "text", "amount": "text", "rate": "text"}
AMOUNT, RATE = ("raw_files", "deals", "amount"), ("raw_files", "deals", "rate")

RECURSIVE = """
    with recursive r as (select amount as pay from w.raw_files.deals union all select pay from r)
    select * from r
"""


@pytest.mark.parametrize(
    ("sql", "origins"),
    [
        ("select amount * rate as pay from w.raw_files.deals", {AMOUNT, RATE}),
        (
            "with a as (select * from w.raw_files.deals) select sum(amount) as pay from a group by deal_id",
            {AMOUNT},
        ),
        ("select 0 as pay union all select rate from w.raw_files.deals", {RATE}),
        ("select case when d.rate > 0 then 1 end as pay from w.raw_files.deals as d", {RATE}),
        (RECURSIVE, {AMOUNT}),
        ("select count(*) as pay from w.raw_files.deals", set()),
    ],
)
def test_what_a_column_is_made_of(sql: str, origins: set[tuple[str, str, str]]) -> None:
    assert origins_of(sql, [(DEALS, COLUMNS)])["pay"] == origins


def _model() -> dict[str, Any]:
    return {
        "resource_type": "model", "name": "m", "schema": "marts", "database": "w", "language": "sql",
        "columns": {}, "original_file_path": "models/m.sql", "depends_on": {"nodes": ["source.deals"]},
        "config": {"materialized": "table"},
    }  # fmt: skip


def _manifest() -> dict[str, Any]:
    source = {**DEALS, "resource_type": "source", "columns": {name: {} for name in COLUMNS}}
    return {
        "nodes": {"model.m": _model()},
        "sources": {"source.deals": source},
        "metadata": {"project_name": "p", "adapter_type": "duckdb"},
    }


def test_a_model_that_is_a_part_of_its_readers_is_looked_through() -> None:
    manifest = _manifest()
    manifest["nodes"]["model.part"] = _model() | {"name": "part", "config": {"materialized": "ephemeral"}}
    manifest["nodes"]["model.m"]["depends_on"] = {"nodes": ["model.part"]}
    part = "select * from w.raw_files.deals"
    sql = f"with __dbt__cte__part as ({part}) select amount as pay from __dbt__cte__part"
    assert LineageReader(manifest).read("model.m", sql) == {"pay": [[*AMOUNT]]}


def test_sql_that_is_not_understood_has_no_lineage_and_stops_nothing() -> None:
    reader = LineageReader(_manifest())
    assert reader.read("model.m", "select amount from w.raw_files.deals") == {"amount": [[*AMOUNT]]}
    assert reader.read("model.m", "select (((") == {}


def test_a_star_has_the_columns_that_the_model_above_was_built_with() -> None:
    manifest = _manifest()
    below = _model() | {"name": "n", "depends_on": {"nodes": ["model.m"]}}
    manifest["nodes"]["model.n"] = below
    reader = LineageReader(manifest)
    reader.read("model.m", "select amount as pay from w.raw_files.deals")
    assert reader.read("model.n", "select * from w.marts.m") == {"pay": [["marts", "m", "pay"]]}


def _compiled(target: Path, manifest: dict[str, Any]) -> Path:
    """Where dbt writes what the model m is compiled to, in a target folder with its manifest."""
    compiled = target / "compiled" / "p" / "models" / "m.sql"
    compiled.parent.mkdir(parents=True)
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return compiled


def test_lineage_is_kept_until_the_code_changes(tmp_path: Path) -> None:
    compiled = _compiled(tmp_path / "build", _manifest())

    def built(sql: str, code: str) -> list[list[str]]:
        compiled.write_text(sql, encoding="utf-8")
        lineage = BuildLineage(tmp_path / "build", code)
        found = lineage.of_built("model.m")["pay"]
        lineage.keep()
        return found

    assert built("select amount as pay from w.raw_files.deals", "1") == [[*AMOUNT]]
    assert built("select rate as pay from w.raw_files.deals", "1") == [[*AMOUNT]]
    assert built("select rate as pay from w.raw_files.deals", "2") == [[*RATE]]


def test_what_a_part_of_a_build_says_is_not_kept(tmp_path: Path) -> None:
    manifest = _manifest()
    manifest["nodes"]["model.n"] = _model() | {"name": "n", "original_file_path": "models/n.sql"}
    compiled = _compiled(tmp_path / "build", manifest)
    compiled.write_text("select amount as pay from w.raw_files.deals", encoding="utf-8")
    lineage = BuildLineage(tmp_path / "build", "1")
    assert lineage.of_built("model.m") == {"pay": [[*AMOUNT]]}
    lineage.keep()
    compiled.write_text("select rate as pay from w.raw_files.deals", encoding="utf-8")
    assert BuildLineage(tmp_path / "build", "1").of_built("model.m") == {"pay": [[*RATE]]}


@pytest.mark.parametrize(("adapter", "found"), [("ansispark", {"pay": [[*AMOUNT]]}), ("duckdb", {})])
def test_the_manifest_of_the_build_says_whose_sql_it_is(
    tmp_path: Path, adapter: str, found: dict[str, list[list[str]]]
) -> None:
    manifest = _manifest() | {"metadata": {"project_name": "p", "adapter_type": adapter}}
    compiled = _compiled(tmp_path / "build", manifest)
    compiled.write_text("select `amount` as pay from w.raw_files.deals", encoding="utf-8")
    assert BuildLineage(tmp_path / "build", "1").of_built("model.m") == found
