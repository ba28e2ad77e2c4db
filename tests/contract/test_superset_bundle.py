"""The dashboard for Superset fits the marts and the access policy: what it names is there and may be read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp, parse_one
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

from scripts.make_docs import marts
from scripts.services.superset.bundle import Bundle, query_context, read_bundle
from serving.access.loading import load_policy, visible_columns

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = read_bundle()
DATASETS, CHARTS = sorted(BUNDLE.datasets), sorted(BUNDLE.charts)
WITHOUT_PAY = {"scorecards", "kpi_values", "result_sources", "lead_stages"}
#: the datasets of each role of access.yml, by hand
READABLE = {
    "hr": {*WITHOUT_PAY, "payouts", "held_lines"},
    "auditor": {*WITHOUT_PAY, "payouts", "held_lines"},
    "analyst": WITHOUT_PAY,
    "manager": {"scorecards", "kpi_values"},
    "employee": {"scorecards", "kpi_values", "payouts", "held_lines"},
    "payroll": {"payouts", "held_lines"},
}
Marts = dict[str, dict[str, str]]


MARTS: Marts = {
    name: {column["name"]: column["data_type"] for column in mart["columns"]}
    for name, mart in marts().items()
}
PERSONAL = {
    (name, column["name"])
    for name, mart in marts().items()
    for column in mart["columns"]
    if column.get("config", {}).get("meta", {}).get("personal")
}
POLICY = load_policy(ROOT / "access.yml", {name: list(columns) for name, columns in MARTS.items()}).policy


def qualified(query: str, marts: Marts = MARTS) -> exp.Expression:
    """The query with every column under the name of its table; unknown ones are errors."""
    schema: dict[str, Marts] = {}
    for name, columns in marts.items():
        schema.setdefault(POLICY.schema_of(name), {})[name] = columns
    tree = parse_one(query, dialect="postgres")
    for table in tree.find_all(exp.Table):
        assert table.name in schema.get(table.db, {}) or not table.db, f"no table {table.sql()}"
    return qualify(tree, schema=schema, dialect="postgres", quote_identifiers=False)


def reads(tree: exp.Expression) -> set[tuple[str, str]]:
    """Table and column of everything a qualified query reads."""
    return {found for scope in traverse_scope(tree) for found in _of_scope(scope)}


def _of_scope(scope: Scope) -> Iterator[tuple[str, str]]:
    for column in scope.columns:
        around: Scope | None = scope
        while around is not None and column.table not in around.sources:
            around = around.parent
        source = around.sources[column.table] if around else None
        if isinstance(source, exp.Table):
            yield source.name, column.name


@pytest.mark.parametrize("name", DATASETS)
def test_tables_and_columns_of_a_dataset_exist(name: str) -> None:
    dataset = BUNDLE.datasets[name]
    tree = qualified(dataset["sql"])
    assert len(reads(tree)) >= 5
    assert tree.named_selects == [column["column_name"] for column in dataset["columns"]]
    assert dataset["main_dttm_col"] in tree.named_selects


@pytest.mark.parametrize("name", DATASETS)
def test_each_metric_is_made_of_columns_of_its_dataset(name: str) -> None:
    dataset = BUNDLE.datasets[name]
    columns = {column["column_name"] for column in dataset["columns"]}
    assert dataset["metrics"]
    for metric in dataset["metrics"]:
        named = parse_one(metric["expression"], dialect="postgres").find_all(exp.Column)
        assert {column.name for column in named} <= columns


@pytest.mark.parametrize("name", CHARTS)
def test_each_chart_names_columns_and_metrics_of_its_dataset(name: str) -> None:
    chart = BUNDLE.charts[name]
    dataset = BUNDLE.dataset_of(chart)
    columns = {column["column_name"] for column in dataset["columns"]}
    (query,) = query_context(chart, dataset)["queries"]
    named = {one if isinstance(one, str) else one["sqlExpression"] for one in query["columns"]}
    named |= {one["col"] for one in query["filters"]} | {column for column, _ in query["orderby"]}
    assert named <= columns
    assert set(query["metrics"] or ()) <= {metric["metric_name"] for metric in dataset["metrics"]}
    assert query["columns"]


@pytest.mark.parametrize("role", list(READABLE))
def test_a_role_may_read_what_its_datasets_name(role: str) -> None:
    seen = {
        (table, column)
        for table, columns in MARTS.items()
        for column in visible_columns(
            list(columns), [name for mart, name in PERSONAL if mart == table], POLICY.roles[role], table
        )
    }
    readable = {name for name, one in BUNDLE.datasets.items() if reads(qualified(one["sql"])) <= seen}
    assert readable == READABLE[role]


def test_a_column_that_is_gone_is_seen() -> None:
    without = MARTS | {
        "fct_scorecards": {k: v for k, v in MARTS["fct_scorecards"].items() if k != "total_score"}
    }
    with pytest.raises(OptimizeError, match="total_score"):
        qualified(BUNDLE.datasets["scorecards"]["sql"], without)


def test_the_dashboard_places_every_chart_in_a_row_of_twelve() -> None:
    position = BUNDLE.dashboard["position"]
    placed = [one["meta"]["uuid"] for key, one in position.items() if key.startswith("CHART-")]
    assert sorted(placed) == sorted(chart["uuid"] for chart in BUNDLE.charts.values())
    for row in position["GRID_ID"]["children"]:
        assert sum(position[child]["meta"]["width"] for child in position[row]["children"]) == 12


def test_what_is_imported_for_a_role_is_its_own_and_holds_no_password() -> None:
    made = BUNDLE.named_for("hr", "postgresql://try_hr:s3cret@127.0.0.1:5433/incentives")
    other = BUNDLE.named_for("analyst", "postgresql://try_analyst:s3cret@127.0.0.1:5433/incentives")
    assert made.database["sqlalchemy_uri"] == (
        "postgresql+psycopg2://try_hr:XXXXXXXXXX@127.0.0.1:5433/incentives"
    )
    assert not _ids(made) & _ids(other)
    with zipfile.ZipFile(io.BytesIO(made.zipped())) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert len(files) == 3 + len(DATASETS) + len(CHARTS)
    assert not [name for name, text in files.items() if "s3cret" in text]
    held = json.loads(files["incentives/charts/held_by_reason.yaml"])
    assert held["dataset_uuid"] == made.datasets["held_lines"]["uuid"]
    assert json.loads(held["query_context"])["queries"][0]["metrics"] == ["held_amount"]


def _ids(bundle: Bundle) -> set[Any]:
    documents = (bundle.database, bundle.dashboard, *bundle.datasets.values(), *bundle.charts.values())
    return {one["uuid"] for one in documents}
