"""Every dbt test is the check of an asset, and every gate stands on an asset there is."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from expectations import all_suites
from orchestration.defs.build import Overrides, build_definitions
from orchestration.defs.checks.gates import asset_of
from orchestration.settings import Settings, load_settings
from orchestration.transformation.manifest import ensure_manifest, read_manifest

pytestmark = pytest.mark.xdist_group("real_definitions")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def manifest(settings: Settings) -> dict[str, Any]:
    return read_manifest(settings)


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> dg.Definitions:
    return build_definitions(Overrides(settings=settings))


def test_every_dbt_test_over_a_model_is_an_asset_check(
    manifest: dict[str, Any], definitions: dg.Definitions
) -> None:
    checks = {key.name for key in definitions.resolve_asset_graph().asset_check_keys}
    assert checks
    tests = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and any(p.startswith("model.") for p in node["depends_on"]["nodes"])
    }
    assert tests - checks == set()


def test_every_gate_stands_on_an_asset(definitions: dg.Definitions) -> None:
    keys = definitions.resolve_asset_graph().materializable_asset_keys
    missing = [suite.name for suite in all_suites() if asset_of(suite) not in keys]
    assert missing == []


def test_every_source_of_dbt_is_landed_by_an_asset(
    manifest: dict[str, Any], definitions: dg.Definitions
) -> None:
    keys = definitions.resolve_asset_graph().materializable_asset_keys
    sources = {dg.AssetKey([one["source_name"], one["name"]]) for one in manifest["sources"].values()}
    assert sources - set(keys) == set()


def test_every_asset_has_a_group_an_owner_a_description_and_a_freshness_policy(
    definitions: dg.Definitions,
) -> None:
    for spec in definitions.resolve_all_asset_specs():
        assert spec.group_name != "default", spec.key
        assert spec.owners, spec.key
        assert spec.freshness_policy, spec.key
        assert spec.description, spec.key


def test_a_made_manifest_is_used_again_until_the_project_changes(
    settings: Settings, manifest: dict[str, Any]
) -> None:
    made = ensure_manifest(settings)
    before = made.stat().st_mtime_ns
    assert ensure_manifest(settings).stat().st_mtime_ns == before
    assert Path(made).is_relative_to(settings.home)


def test_references_that_deliveries_make_warn_and_those_of_the_computation_stop(
    manifest: dict[str, Any],
) -> None:
    found = {
        (models[0], test["column_name"], models[1]): test["config"]["severity"]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and (test.get("test_metadata") or {}).get("name") == "relationships"
        for models in [[manifest["nodes"][key]["name"] for key in _child_first(test)]]
    }
    delivered = {"dim_employee", "dim_customer", "dim_kpi"}
    assert found[("int_payout_lines", "deal_id", "fct_deal_sources")] == "error"
    assert found[("fct_payouts", "employee_id", "dim_employee")] == "warn"
    assert {key for key, severity in found.items() if severity.lower() == "warn"} == {
        key for key in found if key[2] in delivered
    }


def _child_first(test: dict[str, Any]) -> list[str]:
    child = test["attached_node"]
    return [child, *(key for key in test["depends_on"]["nodes"] if key != child)]
