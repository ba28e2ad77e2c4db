"""What only Tencent Ads does: stamped requests, limits of several kinds in an HTTP 200, fen, days complete at eight."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.sources.extraction import days
from demo.simulators.server import Answer, Asked
from tests.support.answers import always, once
from tests.support.connected_system import PATIENCE
from tests.support.extracted import Home, write_sources
from tests.support.systems import PAGE
from tests.support.vendors.ads import TencentAds, report_day

ONLY = {"only": ["adgroup_daily"]}
TABLE = "raw_tencent_ads.adgroup_daily"


@pytest.fixture
def ads(tmp_path: Path) -> Iterator[TencentAds]:
    with TencentAds(tmp_path) as made:
        for number in range(2 * PAGE + 1):
            made.put(number, "10.00")
        yield made


@pytest.fixture
def home(ads: TencentAds, tmp_path: Path) -> Home:
    return _home(ads, tmp_path)


def _home(ads: TencentAds, folder: Path, **different: Any) -> Home:
    write_sources(folder / "sources.yml", {"name": "ads", "type": "tencent_ads"} | ads.entry() | different)
    return Home(folder)


def _error(code: int) -> Answer:
    return Answer({"code": code, "message": "said by the vendor", "message_cn": "", "data": {}})


def _is_second_page(asked: Asked) -> bool:
    return asked.query.get("page") == "2"


def _days_asked(ads: TencentAds) -> list[tuple[str, str]]:
    found = (json.loads(one.query["date_range"]) for one in ads.simulator.asked if "date_range" in one.query)
    return sorted({(one["start_date"], one["end_date"]) for one in found})


@pytest.mark.parametrize("code", [10000, 11000, 11002, 11005])
def test_an_error_in_a_200_that_passes_is_handled(ads: TencentAds, home: Home, code: int) -> None:
    ads.simulator.fault = once(_error(code), _is_second_page)
    assert home.extract(**ONLY).failures == []
    assert len(home.truth(TABLE)) == len(home.versions(TABLE)) == 2 * PAGE + 1


def test_every_attempt_has_a_stamp_of_its_own(ads: TencentAds, home: Home) -> None:
    ads.simulator.fault = once(_error(10000), _is_second_page)
    home.extract(**ONLY)
    nonces = [one.query["nonce"] for one in ads.simulator.asked if one.path.startswith("/v3.0/")]
    assert len(nonces) == len(set(nonces)) == 4
    assert all(len(one) <= 32 for one in nonces)


def test_the_limit_of_a_second_passes_and_that_of_a_minute_is_waited_for(
    ads: TencentAds, tmp_path: Path
) -> None:
    home = _home(ads, tmp_path, patience=PATIENCE | {"longest_wait": "2"})
    ads.simulator.fault = once(_error(11016), _is_second_page)
    assert home.extract(**ONLY).failures == []
    ads.simulator.fault = once(_error(11017), _is_second_page)
    ads.put(0, "11.00")
    (failure,) = home.extract(**ONLY).failures
    assert "the system asks to wait 60 seconds" in failure
    assert home.extract(**ONLY).failures == []


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (11018, "the requests of this day are used up"),
        (11014, "lacks a scope"),
        (18001, "the request was refused"),
    ],
)
def test_what_does_not_pass_is_told_at_once(ads: TencentAds, home: Home, code: int, sentence: str) -> None:
    ads.simulator.fault = always(_error(code), _is_second_page)
    (failure,) = home.extract(**ONLY).failures
    assert f"({code}: said by the vendor)" in failure
    assert sentence in failure
    assert sum(map(_is_second_page, ads.simulator.asked)) == 1
    assert len(home.truth(TABLE)) == PAGE, "what came before is kept"
    ads.simulator.fault = None
    home.extract(**ONLY)
    assert len(home.truth(TABLE)) == 2 * PAGE + 1


def test_a_refresh_token_that_has_ended_is_told(ads: TencentAds, home: Home) -> None:
    ads.simulator.refresh_token = "another"
    report = home.extract(**ONLY)
    assert "the refresh token has ended (11012" in report.failures[0]
    assert "authorise the app again" in report.resources[0].hint


@pytest.mark.parametrize(("hour", "earlier"), [(7, 2), (8, 1)])
def test_yesterday_is_read_from_eight_on(
    ads: TencentAds, home: Home, monkeypatch: pytest.MonkeyPatch, hour: int, earlier: int
) -> None:
    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    moment = dt.datetime.combine(today, dt.time(hour), ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(days, "now", lambda _zone: moment)
    assert home.extract(**ONLY).failures == []
    assert _days_asked(ads) == [(str(report_day(-20)), str(today - dt.timedelta(days=earlier)))]


def test_what_is_longer_ago_than_a_year_is_not_asked_and_not_lost(ads: TencentAds, tmp_path: Path) -> None:
    home = _home(ads, tmp_path, start_date="2020-01-01")
    assert home.extract(**ONLY).failures == []
    (asked,) = _days_asked(ads)
    assert asked[0] == str(report_day(3) - dt.timedelta(days=365))


def test_days_in_the_window_follow_the_vendor(ads: TencentAds, tmp_path: Path) -> None:
    home = _home(ads, tmp_path, trailing_days="2")
    home.extract(**ONLY)
    ads.put(0, "12.34")
    ads.delete(1)
    told = home.extract(**ONLY)
    assert (told.resources[0].rows_new, told.resources[0].rows_deleted) == (2, 1)
    assert _days_asked(ads)[-1][0] == str(report_day(-2))


def test_fen_become_exact_money_and_a_deleted_ad_group_keeps_its_costs(
    ads: TencentAds, tmp_path: Path
) -> None:
    ads.simulator.records["reports"].clear()
    home = _home(ads, tmp_path)
    ads.put(1, "1234567.89")
    ads.put(2, "0.01")
    common = {"account_id": 2001, "begin_date": "2026-01-01", "end_date": ""}
    ads.simulator.records["adgroups"] += [
        common | {"adgroup_id": 8001, "adgroup_name": "spring", "is_deleted": True},
        common | {"adgroup_id": 8002, "adgroup_name": "always", "is_deleted": False},
    ]
    assert home.extract().failures == []
    home.deliver()
    assert home.rows("select campaign_id, cost, impressions from raw_files.ad_daily order by 1") == [
        ("8001", Decimal("1234567.89"), 1000),
        ("8002", Decimal("0.01"), 1000),
    ]
    assert home.rows(
        "select campaign_id, name, started_on, ended_on from raw_files.campaigns order by 1"
    ) == [
        ("8001", "spring", dt.date(2026, 1, 1), None),
        ("8002", "always", dt.date(2026, 1, 1), None),
    ]


def test_a_token_in_the_address_is_in_no_text(
    ads: TencentAds, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        ads.simulator.fault = lambda asked, _: Answer(f"<html>{asked.query}</html>".encode(), 503)
        report = home.extract(**ONLY)
        ads.simulator.fault = always(Answer(b"<html>down</html>", 503), _is_second_page)
        home.extract(**ONLY)
    secret = (*ads.simulator.tokens, ads.simulator.refresh_token, "simulated-client-secret")
    assert "a web page" in report.failures[0]
    for text in (str(report), caplog.text):
        assert not any(one in text for one in secret)
