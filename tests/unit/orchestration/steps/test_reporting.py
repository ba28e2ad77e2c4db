"""Reports and alerts as steps of a run: what they get from it, and that their trouble fails no run."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets.publication import ALERTS, REPORTS, build_report_assets
from orchestration.defs.resources import home_resource
from orchestration.errors import FailureKind
from orchestration.settings import Settings, load_settings
from orchestration.steps.alerting import alert_failure, checks_of_run
from orchestration.steps.step import failure
from tests.unit.serving.reports.company import build


def _run(settings: Settings, *more: dg.AssetChecksDefinition) -> dg.ExecuteInProcessResult:
    reports = build_report_assets()
    return dg.materialize([reports, *more], resources={"home": home_resource(settings)})


def _made(result: dg.ExecuteInProcessResult) -> dict[str, dict[str, object]]:
    return {
        event.asset_key.path[-1]: {
            name: one.value for name, one in event.step_materialization_data.materialization.metadata.items()
        }
        for event in result.all_events
        if event.is_step_materialization and event.asset_key
    }


def _troubles(result: dg.ExecuteInProcessResult) -> list[str]:
    return [one.description or "" for one in result.get_asset_check_evaluations() if not one.passed]


def test_a_publication_is_followed_by_pages_and_alerts(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, alert_channels="")
    build(settings.warehouse)
    result = _run(settings)
    made = _made(result)
    assert made["reports"]["pages"] == 26
    assert Path(str(made["reports"]["first"])).is_file()
    assert made["alerts"]["open"] == 10 * 15
    assert _troubles(result) == []


def test_trouble_is_a_warning_and_no_materialization(tmp_path: Path) -> None:
    result = _run(load_settings(home=tmp_path, alert_channels="nonsense"))
    assert result.success
    assert _made(result) == {}
    told = _troubles(result)
    assert told[0].startswith("no database")
    assert "channel 1 of INCENTIVES_ALERT_CHANNELS is no URL" in told[1]


@pytest.mark.parametrize("key", [REPORTS, ALERTS])
def test_each_of_them_can_be_materialized_alone(tmp_path: Path, key: dg.AssetKey) -> None:
    settings = load_settings(home=tmp_path, alert_channels="")
    build(settings.warehouse)
    result = dg.materialize(
        [build_report_assets()], resources={"home": home_resource(settings)}, selection=[key]
    )
    assert set(_made(result)) == {key.path[-1]}


def test_a_failed_run_leaves_an_alert_of_its_checks_or_of_its_steps(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, alert_channels="")

    @dg.asset(check_specs=[dg.AssetCheckSpec("totals", asset="broken", blocking=True)])
    def broken() -> object:
        yield dg.MaterializeResult()
        yield dg.AssetCheckResult(passed=False, check_name="totals", description="3 rows")

    @dg.asset
    def faulty() -> None:
        raise failure("the disk is full", FailureKind.FAULT)

    with dg.instance_for_test() as instance:
        bad = dg.materialize([broken], instance=instance, raise_on_error=False)
        assert [(one.asset, one.check, one.about) for one in checks_of_run(instance, bad.run_id)] == [
            ("broken", "totals", "3 rows")
        ]
        assert alert_failure(settings, instance, bad.run_id).open == 1
        assert alert_failure(settings, instance, bad.run_id).raised == 0, "once, whoever reports it"
        fault = dg.materialize([faulty], instance=instance, raise_on_error=False)
        [one] = checks_of_run(instance, fault.run_id)
        assert (one.asset, one.about) == ("run", "the disk is full")
