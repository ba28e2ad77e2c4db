"""When nothing has changed since the last good run nothing is computed, and Dagster is told nothing that is not so."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets.dbt import UNCHANGED_TAG
from orchestration.runs.dagster_instance import open_instance
from orchestration.transformation.last_good_run import record_file
from tests.unit.orchestration.mini import GOOD, mini_settings, run_mini

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mini")]


@contextmanager
def _instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with open_instance(mini_settings(home)) as instance:
        yield instance


def _materialized(home: Path, run_id: str) -> set[str]:
    with _instance(home) as instance:
        logs = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
        return {"/".join(log.dagster_event.asset_key.path) for log in logs}


def test_a_second_run_over_the_same_inputs_computes_nothing_and_says_so(tmp_path: Path) -> None:
    first = run_mini(tmp_path, GOOD)
    assert (first.success, first.unchanged_since) == (True, None)
    published = (tmp_path / "published" / "current").resolve()
    assert "marts/fct_totals" in _materialized(tmp_path, first.dagster_run_id)
    with _instance(tmp_path) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["marts", "fct_signed"]))
        assert event is not None
        about = event.asset_materialization.metadata
    assert about["dagster/row_count"].value == 2
    assert "deal_id" in {column.name for column in about["dagster/column_schema"].schema.columns}

    second = run_mini(tmp_path, GOOD)
    assert (second.success, second.exit_code, second.unchanged_since) == (True, 0, first.dagster_run_id)
    assert not {
        key
        for key in _materialized(tmp_path, second.dagster_run_id)
        if key.startswith(("marts", "published/s"))
    }
    assert (second.checks.tests, second.checks.suites) == (0, 0), "no check claims to have looked"
    assert (tmp_path / "published" / "current").resolve() == published
    with _instance(tmp_path) as instance:
        run = instance.get_run_by_id(second.dagster_run_id)
        assert run is not None
        assert run.tags[UNCHANGED_TAG] == first.dagster_run_id

    record_file(mini_settings(tmp_path)).write_text('{"run_id": ', encoding="utf-8")
    third = run_mini(tmp_path, GOOD)
    assert third.unchanged_since is None, "a damaged record is no record"
    assert third.checks.tests == 4


def test_after_a_failure_everything_is_computed_again(tmp_path: Path) -> None:
    assert run_mini(tmp_path, GOOD).success
    assert not run_mini(tmp_path, (*GOOD, ("D3", "13.00", "CNY")), load="bbb").success
    assert not record_file(mini_settings(tmp_path)).exists()
    again = run_mini(tmp_path, GOOD)
    assert (again.success, again.unchanged_since) == (True, None)
