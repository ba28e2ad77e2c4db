"""The assembly: what Dagster is given holds the wiring rules."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.checks.gates import asset_of
from orchestration.defs.jobs import build_jobs
from orchestration.defs.policies import POOL, RETRIES, Writer
from orchestration.settings import ROOT

pytestmark = pytest.mark.xdist_group("mini_definitions")
WRITERS = {"files", "plans", "dbt", "published"}
READERS = {"reports"}


def _ops(definitions: dg.Definitions, job: str) -> dict[str, dg.OpDefinition]:
    graph = definitions.resolve_job_def(job).graph
    return {node.name: node.definition for node in graph.nodes}


def test_raw_asset_keys_are_source_and_table_and_dbt_reads_them(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert graph.get(dg.AssetKey(["marts", "fct_signed"])).parent_keys == {
        dg.AssetKey(["files", "deals"]),
        dg.AssetKey(["plans", "plans"]),
    }
    assert asset_of("raw_files.deals") == dg.AssetKey(["files", "deals"])
    assert asset_of("marts.fct_payouts") == dg.AssetKey(["marts", "fct_payouts"])


def test_every_asset_has_a_group_an_owner_and_a_freshness_policy(definitions: dg.Definitions) -> None:
    specs = list(definitions.resolve_all_asset_specs())
    assert specs
    for spec in specs:
        assert spec.owners, spec.key
        assert spec.freshness_policy, spec.key
        assert spec.group_name != "default", spec.key


def test_dbt_models_are_grouped_by_layer_and_domain_and_described_by_dbt(definitions: dg.Definitions) -> None:
    signed = next(s for s in definitions.resolve_all_asset_specs() if s.key.path[-1] == "fct_signed")
    assert signed.group_name == "pay"
    assert signed.description.startswith("Signed deals, one row each.")


def test_every_writing_step_is_in_the_pool_and_retries(definitions: dg.Definitions) -> None:
    ops = _ops(definitions, "pay")
    for name in WRITERS:
        assert (ops[name].pool, ops[name].retry_policy) == (POOL, RETRIES), name


def test_one_dbt_step_computes_all_models(definitions: dg.Definitions) -> None:
    keys = {
        key for key in definitions.resolve_asset_graph().materializable_asset_keys if key.path[0] == "marts"
    }
    assert {key.path[-1] for key in keys} == {"dim_calculation", "fct_signed", "fct_totals"}
    assert set(_ops(definitions, "pay")) == {*WRITERS, *READERS, "raw_gate"}


def test_land_extracts_and_judges_and_computes_nothing(definitions: dg.Definitions) -> None:
    assert set(_ops(definitions, "land")) == {"files", "raw_gate"}


def test_gates_and_dbt_tests_of_error_severity_block(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    gate = graph.get(dg.AssetCheckKey(dg.AssetKey(["files", "deals"]), "gate"))
    test = graph.get(dg.AssetCheckKey(dg.AssetKey(["marts", "fct_signed"]), "unique_fct_signed_deal_id"))
    assert gate.blocking
    assert test.blocking


def test_publication_stands_behind_every_public_mart(definitions: dg.Definitions) -> None:
    snapshot = definitions.resolve_asset_graph().get(dg.AssetKey(["published", "snapshot"]))
    assert {key.path[-1] for key in snapshot.parent_keys} == {"dim_calculation", "fct_signed", "fct_totals"}


def test_extraction_is_daily_and_pay_is_monthly(definitions: dg.Definitions) -> None:
    schedules = {one.name: one for one in definitions.schedules}
    assert (schedules["daily_extraction"].job_name, schedules["daily_extraction"].cron_schedule) == (
        "land",
        "0 2 * * *",
    )
    assert (schedules["monthly_pay"].job_name, schedules["monthly_pay"].cron_schedule) == ("pay", "0 4 1 * *")
    assert {one.execution_timezone for one in schedules.values()} == {"Asia/Shanghai"}


def test_the_sensor_runs_pay(definitions: dg.Definitions) -> None:
    sensors = {sensor.name: sensor for sensor in definitions.sensors}
    assert sensors["delivery_landed"].job_name == "pay"
    assert "run_failed" in sensors


def test_jobs_share_one_retry_policy() -> None:
    assert {job.op_retry_policy for job in build_jobs(Writer()).values()} == {RETRIES}


def test_the_code_location_is_thirty_lines_at_most() -> None:
    text = Path(ROOT, "orchestration", "definitions.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 30
