"""Days of an ad report are partitions: a backfill of a month is one run, which reads those days and nothing else."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.assets.sources import build_report_days
from orchestration.defs.build import Overrides, build_definitions
from orchestration.defs.resources import Home
from orchestration.errors import InputError
from orchestration.settings import Settings
from orchestration.steps.sources import configured_sources, days_of, extract_and_deliver, extract_source
from tests.support.extracted import Home as Extracted
from tests.support.extracted import write_sources
from tests.support.vendors.ads import OceanEngine, report_day
from tests.unit.orchestration.mini import mini_settings

TABLE = "raw_ocean_engine.project_daily"
KEY = dg.AssetKey(["ads", "project_daily", "days"])


def _row(ads: OceanEngine, number: int, later: int, cost: str) -> None:
    ads.put(number, cost)
    ads.simulator.records["reports"][-1]["dimensions"]["stat_time_day"] = str(report_day(later))


def _costs(home: Path) -> dict[str, str]:
    return {key: record["metrics"]["stat_cost"] for key, record in Extracted(home).truth(TABLE).items()}


def _connected(tmp_path: Path, ads: OceanEngine) -> Settings:
    write_sources(tmp_path / "sources.yml", {"name": "ads", "type": "ocean_engine"} | ads.entry())
    return mini_settings(tmp_path)


def _backfill(settings: Settings, first: str, last: str) -> dg.ExecuteInProcessResult:
    (asset,) = build_report_days(configured_sources(settings)[0]).values()
    tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
    return dg.materialize([asset], resources={"home": Home(settings)}, tags=tags, raise_on_error=False)


def test_a_backfill_reads_its_days_in_one_run_and_the_cursor_stays(tmp_path: Path) -> None:
    with OceanEngine(tmp_path) as ads:
        settings = _connected(tmp_path, ads)
        for number, later in enumerate((-19, -12, 0)):
            _row(ads, number, later, "10.00")
        extract_source(settings, configured_sources(settings)[0])
        for number, later in enumerate((-19, -12, 0)):
            _row(ads, number, later, "99.00")
        asked = len(ads.simulator.asked)
        done = _backfill(settings, str(report_day(-20)), str(report_day(-18)))
        assert done.success
        spans = {(one.query["start_time"], one.query["end_time"]) for one in ads.simulator.asked[asked:]}
        assert spans == {(str(report_day(-20)), str(report_day(-18)))}
        made = {event.partition for event in done.get_asset_materialization_events()}
        assert made == {str(report_day(later)) for later in (-20, -19, -18)}
        assert sorted(_costs(tmp_path).values()) == ["10.00", "10.00", "99.00"]
        cursors = Extracted(tmp_path).rows(
            "select cursor_value from raw_ocean_engine.extractions where resource = 'project_daily' order by load_seq"
        )
        assert cursors == [(str(report_day()),)] * 2


def test_a_backfill_before_the_first_extraction_takes_no_day_from_it(tmp_path: Path) -> None:
    with OceanEngine(tmp_path) as ads:
        settings = _connected(tmp_path, ads)
        for number, later in enumerate((-19, -12, 0)):
            _row(ads, number, later, "10.00")
        assert _backfill(settings, str(report_day(-1)), str(report_day())).success
        assert len(_costs(tmp_path)) == 1
        assert Extracted(tmp_path).deliver() is None, "the whole was never read"
        extract_source(settings, configured_sources(settings)[0])
        assert len(_costs(tmp_path)) == 3


def test_a_day_that_fails_is_told_and_holds_nothing_back(tmp_path: Path) -> None:
    with OceanEngine(tmp_path) as ads:
        settings = _connected(tmp_path, ads)
        _row(ads, 0, 0, "10.00")
        extract_source(settings, configured_sources(settings)[0])
        done = _backfill(settings, "2010-01-01", "2010-01-02")
        assert not done.success
        extracted, delivered = extract_and_deliver(
            settings, configured_sources(settings), days=("2010-01-01", "2010-01-02")
        )
        (failure,) = extracted[0].failures
        assert "2010-01-01 is too long ago" in failure
        assert delivered.held == delivered.rejected == ()
        (report,) = delivered.reports
        assert report.accepted == 1


def test_runs_leave_the_days_alone(tmp_path: Path) -> None:
    with OceanEngine(tmp_path) as ads:
        definitions = build_definitions(Overrides(settings=_connected(tmp_path, ads)))
    graph = definitions.resolve_asset_graph()
    assert isinstance(graph.get(KEY).partitions_def, dg.DailyPartitionsDefinition)
    for job in ("land", "pay"):
        keys = definitions.resolve_job_def(job).asset_layer.selected_asset_keys
        assert dg.AssetKey(["ads", "project_daily"]) in keys
        assert KEY not in keys


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2026-03-01..2026-03-31", ("2026-03-01", "2026-03-31")), ("2026-03-01", ("2026-03-01", "2026-03-01"))],
)
def test_days_are_written_from_first_to_last(text: str, expected: tuple[str, str]) -> None:
    assert days_of(text) == expected


@pytest.mark.parametrize("text", ["march", "2026-03-31..2026-03-01"])
def test_days_that_are_none_are_told(text: str) -> None:
    with pytest.raises(InputError, match="are no days") as caught:
        days_of(text)
    assert "2026-03-01..2026-03-31" in str(caught.value)
