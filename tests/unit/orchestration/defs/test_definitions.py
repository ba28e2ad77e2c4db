"""The assembly: what Dagster is given holds the wiring rules."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from expectations import RecordTable, record_suites, suites_for_table
from orchestration.defs.checks.gates import asset_of
from orchestration.defs.jobs import build_jobs
from orchestration.defs.policies import POOL
from orchestration.defs.schedules import build_schedules, month_before
from orchestration.errors import InputError
from orchestration.settings import ROOT
from tests.unit.orchestration.mini import mini_settings

pytestmark = pytest.mark.xdist_group("mini_definitions")
WRITERS = {"files", "plans", "ledger", "dbt", "published"}
READERS = {"reports"}


def _ops(definitions: dg.Definitions, job: str) -> dict[str, dg.OpDefinition]:
    graph = definitions.resolve_job_def(job).graph
    return {node.name: node.definition for node in graph.nodes}


def test_raw_asset_keys_are_source_and_table_and_dbt_reads_them(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert graph.get(dg.AssetKey(["marts", "fct_signed"])).parent_keys == {
        dg.AssetKey(["files", "deals"]),
        dg.AssetKey(["files", "loads"]),
        dg.AssetKey(["plans", "plans"]),
    }
    (deals,) = suites_for_table("raw_files.deals")
    (payouts,) = suites_for_table("marts.fct_payouts")
    records = RecordTable("crm", "raw_salesforce", "accounts", ("Id",), has_cursor=True)
    (accounts,) = record_suites([records])
    assert asset_of(deals) == dg.AssetKey(["files", "deals"])
    assert asset_of(payouts) == dg.AssetKey(["marts", "fct_payouts"])
    assert asset_of(accounts) == dg.AssetKey(["crm", "accounts"])


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


def test_every_writing_step_is_in_the_pool(definitions: dg.Definitions) -> None:
    ops = _ops(definitions, "pay")
    assert {ops[name].pool for name in WRITERS} == {POOL}


@pytest.mark.parametrize("job", ["land", "pay", "publish", "close_month"])
def test_no_step_is_tried_again_by_dagster_itself_which_also_restarts_what_is_stopped(
    definitions: dg.Definitions, job: str
) -> None:
    assert definitions.resolve_job_def(job).op_retry_policy is None
    assert {op.retry_policy for op in _ops(definitions, job).values()} == {None}


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


def test_the_times_of_the_schedules_are_settings(tmp_path: Path) -> None:
    times = {"land_cron": "*/5 * * * *", "pay_cron": "30 6 2 * *", "close_cron": "0 7 * * MON"}
    settings = mini_settings(tmp_path).model_copy(update=times)
    found = {one.name: one.cron_schedule for one in build_schedules(build_jobs(), settings)}
    assert found == {
        "daily_extraction": times["land_cron"],
        "monthly_pay": times["pay_cron"],
        "close_month": times["close_cron"],
    }
    wrong = settings.model_copy(update={"pay_cron": "at four"})
    with pytest.raises(InputError, match=r"INCENTIVES_PAY_CRON is 'at four', which is no cron schedule"):
        build_schedules(build_jobs(), wrong)


def test_the_sensor_runs_pay(definitions: dg.Definitions) -> None:
    sensors = {sensor.name: sensor for sensor in definitions.sensors}
    assert sensors["delivery_landed"].job_name == "pay"
    assert "run_failed" in sensors


def test_the_code_location_is_thirty_lines_at_most() -> None:
    text = Path(ROOT, "orchestration", "definitions.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 30


def test_a_month_is_closed_by_a_job_and_nothing_is_locked_by_the_clock(definitions: dg.Definitions) -> None:
    ops = set(_ops(definitions, "close_month"))
    assert ops == {*WRITERS, *READERS, "raw_gate", "payroll"}
    schedule = next(one for one in definitions.schedules if one.name == "close_month")
    assert (schedule.job_name, schedule.cron_schedule) == ("close_month", "0 5 1 * *")
    assert month_before(datetime(2026, 11, 1, 5, tzinfo=UTC)) == "2026-10"
    assert month_before(datetime(2027, 1, 1, 5, tzinfo=UTC)) == "2026-12"


def test_months_are_partitions_of_payroll_and_scorecards(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for name in ("payroll", "scorecards"):
        partitions = graph.get(dg.AssetKey(["published", name])).partitions_def
        assert partitions is not None
        assert partitions.has_partition_key("2026-10")
    checks = {
        key.name for key in graph.asset_check_keys if key.asset_key == dg.AssetKey(["published", "payroll"])
    }
    assert checks == {"ready_for_approval", "nothing_held", "true_ups", "reconciliation"}
