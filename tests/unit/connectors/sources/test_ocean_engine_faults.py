"""What only Ocean Engine does: errors in an HTTP 200, spans of 30 days, numbers as text, days that change later."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.common.problems import ImportProblem
from connectors.sources.checking import check
from demo.simulators.server import Answer, Asked
from tests.support.answers import always, once
from tests.support.extracted import Home, write_sources
from tests.support.systems import PAGE
from tests.support.vendors.ads import OceanEngine, report_day

ONLY = {"only": ["project_daily"]}
TABLE = "raw_ocean_engine.project_daily"


@pytest.fixture
def ads(tmp_path: Path) -> Iterator[OceanEngine]:
    with OceanEngine(tmp_path) as made:
        for number in range(2 * PAGE + 1):
            made.put(number, "10.00")
        yield made


@pytest.fixture
def home(ads: OceanEngine, tmp_path: Path) -> Home:
    return _home(ads, tmp_path)


def _home(ads: OceanEngine, folder: Path, **different: Any) -> Home:
    write_sources(folder / "sources.yml", {"name": "ads", "type": "ocean_engine"} | ads.entry() | different)
    return Home(folder)


def _error(code: int) -> Answer:
    return Answer({"code": code, "message": "said by the vendor", "request_id": "1", "data": {}})


def _is_second_page(asked: Asked) -> bool:
    return asked.query.get("page") == "2"


def _on(ads: OceanEngine, day: dt.date, number: int, cost: str) -> None:
    ads.put(number, cost)
    ads.simulator.records["reports"][-1]["dimensions"]["stat_time_day"] = str(day)


@pytest.mark.parametrize("code", [40100, 40110, 50000, 40102, 40105])
def test_an_error_in_a_200_that_passes_is_handled(ads: OceanEngine, home: Home, code: int) -> None:
    ads.simulator.fault = once(_error(code), _is_second_page)
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


@pytest.mark.parametrize(
    ("code", "sentence", "times"),
    [
        (40002, "a parameter is not as it has to be", 1),
        (40100, "too many requests", 3),
        (40105, "token is not valid", 2),
    ],
)
def test_an_error_in_a_200_that_stays_is_told(
    ads: OceanEngine, home: Home, code: int, sentence: str, times: int
) -> None:
    ads.simulator.fault = always(_error(code), _is_second_page)
    (failure,) = home.extract(**ONLY).failures
    assert failure.startswith("ads.project_daily: ")
    assert sentence in failure
    assert f"({code}: said by the vendor)" in failure
    assert sum(map(_is_second_page, ads.simulator.asked)) == times
    ads.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == 2 * PAGE + 1


def test_a_row_that_goes_while_pages_are_read_is_told(ads: OceanEngine, home: Home) -> None:
    def fault(asked: Asked, given: Answer) -> Answer:
        if asked.query.get("page") == "1":
            ads.delete(0)  # of the first page: what follows moves up, and one record is on no page
        return given

    ads.simulator.fault = fault
    (failure,) = home.extract(**ONLY).failures
    assert "the system said there are 9 records, then 8" in failure
    ads.simulator.fault = None
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == 2 * PAGE


def test_no_request_spans_more_than_thirty_days_and_every_day_is_asked_once(
    ads: OceanEngine, tmp_path: Path
) -> None:
    ads.simulator.records["reports"].clear()
    home = _home(ads, tmp_path, start_date=str(report_day(-100)))
    for number, later in enumerate((-100, -71, -70, -1)):
        _on(ads, report_day(later), number, "1.00")
    assert home.extract(**ONLY).failures == []
    spans = sorted(
        (dt.date.fromisoformat(one.query["start_time"]), dt.date.fromisoformat(one.query["end_time"]))
        for one in ads.simulator.asked
        if "start_time" in one.query
    )
    asked = [first + dt.timedelta(days=n) for first, last in spans for n in range((last - first).days + 1)]
    assert asked == [report_day(-100) + dt.timedelta(days=n) for n in range(len(asked))]
    assert asked[-1] == report_day(2), "yesterday; today is not complete"
    assert max((last - first).days for first, last in spans) == 29
    assert len(home.truth(TABLE)) == 4


def test_days_in_the_window_follow_the_vendor_and_older_ones_stay(ads: OceanEngine, tmp_path: Path) -> None:
    ads.simulator.records["reports"].clear()
    home = _home(ads, tmp_path, trailing_days="3")
    for number, later in enumerate((-4, -4, -3, -3, -2, 0)):
        _on(ads, report_day(later), number, "10.00")
    home.extract(**ONLY)
    _on(ads, report_day(-4), 0, "99.00")
    ads.delete(1)
    _on(ads, report_day(-3), 2, "99.00")
    ads.delete(3)
    told = home.extract(**ONLY)
    assert (told.failures, told.resources[0].rows_new, told.resources[0].rows_deleted) == ([], 2, 1)
    found = {key.partition("|")[2]: one["metrics"]["stat_cost"] for key, one in home.truth(TABLE).items()}
    assert found == {"7000": "10.00", "7001": "10.00", "7002": "99.00", "7004": "10.00", "7005": "10.00"}


def test_several_accounts_are_read_each(ads: OceanEngine, tmp_path: Path) -> None:
    ads.simulator.records["reports"][0]["advertiser_id"] = "1002"
    home = _home(ads, tmp_path, advertiser_ids=["1001", "1002"])
    assert home.extract(**ONLY).failures == []
    owners = [record["advertiser_id"] for record in home.truth(TABLE).values()]
    assert sorted(owners) == ["1001"] * (2 * PAGE) + ["1002"]


def test_lists_are_json_and_every_parameter_is_sent(ads: OceanEngine, home: Home) -> None:
    home.extract(**ONLY)
    query = next(one.query for one in ads.simulator.asked if "start_time" in one.query)
    assert json.loads(query["dimensions"]) == ["stat_time_day", "cdp_project_id"]
    assert json.loads(query["metrics"]) == ["stat_cost", "show_cnt", "click_cnt", "convert_cnt"]
    assert json.loads(query["filters"]) == []


def test_text_becomes_exact_money_and_a_deleted_project_keeps_its_costs(
    ads: OceanEngine, tmp_path: Path
) -> None:
    mapping = {"campaigns": {"columns": {"owner_employee_id": {"column": "name", "extract": r"_(E\d+)$"}}}}
    ads.simulator.records["reports"].clear()
    home = _home(ads, tmp_path, mapping=mapping)
    ads.put(1, "9007199254740993.10")
    ads.put(2, "0.30")
    setting = {"start_time": "2026-01-01 00:00", "end_time": "2026-12-31 23:59"}
    ads.simulator.records["projects"] += [
        {"project_id": 7001, "advertiser_id": 1001, "name": "spring_E7", "status": "PROJECT_STATUS_DELETE",
         "delivery_setting": setting},
        {"project_id": 7002, "advertiser_id": 1001, "name": "always_E8", "status": "PROJECT_STATUS_ENABLE"},
    ]  # fmt: skip
    assert home.extract().failures == []
    home.deliver(max_amount=Decimal(10) ** 17)
    assert home.rows(
        "select platform, campaign_id, cost, clicks, currency from raw_files.ad_daily order by 2"
    ) == [
        ("ocean_engine", "7001", Decimal("9007199254740993.10"), 30, "CNY"),
        ("ocean_engine", "7002", Decimal("0.30"), 30, "CNY"),
    ]
    assert home.rows(
        "select campaign_id, owner_employee_id, started_on, ended_on from raw_files.campaigns order by 1"
    ) == [("7001", "E7", dt.date(2026, 1, 1), dt.date(2026, 12, 31)), ("7002", "E8", None, None)]


def test_each_permission_is_tried(ads: OceanEngine, home: Home) -> None:
    ads.simulator.fault = always(_error(40101), lambda asked: "report" in asked.path)
    found = {one.what: one for one in check(home.instances()[0])}
    assert found["projects"].passed
    assert not found["project_daily"].passed
    assert "the app may not use this interface" in found["project_daily"].sentence
    assert "数据报表" in found["project_daily"].hint


def test_a_page_larger_than_the_vendor_gives_is_told(ads: OceanEngine, tmp_path: Path) -> None:
    home = _home(ads, tmp_path, page_size="101")
    with pytest.raises(ImportProblem, match="less than or equal to 100"):
        home.instances()
