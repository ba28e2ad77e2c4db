"""The gate of connected systems in a run: records that are structurally wrong stop the computation."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.defs.assets.sources import build_report_days
from orchestration.defs.build import Overrides, build_definitions
from orchestration.defs.policies import pool_of
from orchestration.steps.sources import configured_sources
from tests.support.extracted import write_sources
from tests.support.systems import Sql
from tests.support.vendors.ads import OceanEngine
from tests.unit.orchestration.mini import GOOD, landing_of, mini_settings, run_mini

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mini")]
INVOICES = dg.AssetKey(["erp", "invoices"])


def test_records_that_are_structurally_wrong_stop_the_computation(tmp_path: Path) -> None:
    with Sql(tmp_path) as erp:
        erp.put(1, "10.00")
        write_sources(tmp_path / "sources.yml", {"name": "erp", "type": "sql"} | erp.entry())
        good = run_mini(tmp_path, GOOD, files=landing_of(GOOD, after=(INVOICES,)))
        assert good.failures == ()
        assert good.exit_code == 0
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
            connection.execute("update raw_sql.invoices set record = replace(record, '10.0', '99.0')")
        bad = run_mini(tmp_path, GOOD, files=landing_of(GOOD, "bbb", after=(INVOICES,)))
        assert (bad.success, bad.exit_code, bad.checks.tests) == (False, 1, 0)
        stopped = {one.check: one for one in bad.not_passed if one.blocking}
        assert set(stopped) == {"gate", "records_of_systems"}
        assert stopped["gate"].asset == "erp/invoices"
        assert "erp/invoices: critical: The hash of a version" in stopped["records_of_systems"].about


def test_a_system_has_a_pool_of_its_own_and_is_refreshed_daily(tmp_path: Path) -> None:
    with Sql(tmp_path) as erp, OceanEngine(tmp_path) as ads:
        entries = (
            {"name": "erp", "type": "sql"} | erp.entry(),
            {"name": "ads", "type": "ocean_engine"} | ads.entry(),
        )
        write_sources(tmp_path / "sources.yml", *entries)
        settings = mini_settings(tmp_path)
        definitions = build_definitions(Overrides(settings=settings))
        nodes = {node.name: node.definition for node in definitions.resolve_job_def("pay").graph.nodes}
        pools = {name: nodes[f"source_{name}"].pool for name in ("erp", "ads")}
        assert pools == {"erp": "system_erp", "ads": "system_ads"}
        (days,) = build_report_days(configured_sources(settings)[1]).values()
        assert days.op.pool == pool_of("ads"), "a backfill waits for a run that asks the same system"
        specs = {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
        files = specs[dg.AssetKey(["files", "deals"])].freshness_policy
        assert specs[INVOICES].freshness_policy == files
        checks = {(key.asset_key, key.name) for key in definitions.resolve_asset_graph().asset_check_keys}
        assert {(INVOICES, "gate"), (INVOICES, "extracted")} <= checks
