"""Lineage of columns: through CTEs, unions, stars and recursion, down to the columns of the tables a model reads."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestration.transformation.metadata.column_lineage import column_lineage, lineage_of, origins_of

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


def _model(sql: str) -> dict[str, Any]:
    return {
        "resource_type": "model", "name": "m", "schema": "marts", "database": "w", "language": "sql",
        "columns": {}, "compiled_code": sql, "depends_on": {"nodes": ["source.deals"]},
        "config": {"materialized": "table"},
    }  # fmt: skip


def _manifest(sql: str) -> dict[str, Any]:
    source = {**DEALS, "resource_type": "source", "columns": {name: {} for name in COLUMNS}}
    return {"nodes": {"model.m": _model(sql)}, "sources": {"source.deals": source}}


def test_a_model_that_is_a_part_of_its_readers_is_looked_through() -> None:
    part = "select * from w.raw_files.deals"
    manifest = _manifest(f"with __dbt__cte__part as ({part}) select amount as pay from __dbt__cte__part")
    inlined = _model(part) | {"name": "part", "config": {"materialized": "ephemeral"}}
    manifest["nodes"]["model.part"] = inlined
    manifest["nodes"]["model.m"]["depends_on"] = {"nodes": ["model.part"]}
    assert lineage_of(manifest) == {"marts.m": {"pay": [[*AMOUNT]]}}


def test_sql_that_is_not_understood_has_no_lineage_and_stops_nothing() -> None:
    assert lineage_of(_manifest("select amount from w.raw_files.deals")) == {
        "marts.m": {"amount": [[*AMOUNT]]}
    }
    assert lineage_of(_manifest("select (((")) == {}


def test_lineage_is_kept_until_the_code_changes(tmp_path: Path) -> None:
    target = tmp_path / "build"
    target.mkdir()

    def built(sql: str, code: str) -> list[list[str]]:
        (target / "manifest.json").write_text(json.dumps(_manifest(sql)), encoding="utf-8")
        return column_lineage(target, code)["marts.m"]["pay"]

    assert built("select amount as pay from w.raw_files.deals", "1") == [[*AMOUNT]]
    assert built("select rate as pay from w.raw_files.deals", "1") == [[*AMOUNT]]
    assert built("select rate as pay from w.raw_files.deals", "2") == [[*RATE]]
