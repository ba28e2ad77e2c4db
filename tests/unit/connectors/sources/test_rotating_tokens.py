"""A refresh token that the vendor replaces: stored before it is used, never lost without a word, never shown."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sources.configuration.secret_values import Secrets
from connectors.sources.http.rotating_tokens import RotatingTokenAuth, TokenFile, Tokens
from demo.simulators.server import Answer, Asked
from tests.support.answers import once
from tests.support.extracted import Home, write_sources
from tests.support.vendors.ads import OceanEngine

ONLY = {"only": ["project_daily"]}
TABLE = "raw_ocean_engine.project_daily"
FIRST = "simulated-refresh-token"


def _is_refresh(asked: Asked) -> bool:
    return asked.path.endswith("/refresh_token/")


@pytest.fixture
def ads(tmp_path: Path) -> Iterator[OceanEngine]:
    with OceanEngine(tmp_path) as made:
        made.put(1, "10.00")
        yield made


@pytest.fixture
def home(ads: OceanEngine, tmp_path: Path) -> Home:
    write_sources(tmp_path / "sources.yml", {"name": "ads", "type": "ocean_engine"} | ads.entry())
    return Home(tmp_path)


def _refreshes(ads: OceanEngine) -> int:
    return sum(map(_is_refresh, ads.simulator.asked))


def _stored(home: Home) -> dict[str, str]:
    tokens: dict[str, str] = json.loads((home.folder / "tokens" / "ads.json").read_text(encoding="utf-8"))[
        "tokens"
    ]
    return tokens


def test_the_new_token_is_in_a_file_that_only_its_owner_reads(ads: OceanEngine, home: Home) -> None:
    assert home.extract(**ONLY).failures == []
    assert _stored(home)["refresh_token"] == ads.simulator.refresh_token != FIRST
    path = home.folder / "tokens" / "ads.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(one.name for one in path.parent.iterdir()) == ["ads.json", "ads.lock"]


def test_a_token_is_used_until_it_ends(ads: OceanEngine, home: Home) -> None:
    home.extract(**ONLY)
    home.extract(**ONLY)
    assert _refreshes(ads) == 1
    ads.simulator.tokens.clear()  # it was called off before its time
    ads.put(1, "11.00")
    assert home.extract(**ONLY).failures == []
    assert _refreshes(ads) == 2
    assert home.truth(TABLE).popitem()[1]["metrics"]["stat_cost"] == "11.00"


def test_a_crash_between_answer_and_storing_is_told_until_the_app_is_authorised_again(
    ads: OceanEngine, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.extract(**ONLY)
    ads.simulator.tokens.clear()
    written: list[object] = []
    write = TokenFile.write

    def killed_at_the_second(self: TokenFile, stored: object) -> None:
        if written:
            raise KeyboardInterrupt
        written.append(stored)
        write(self, stored)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(TokenFile, "write", killed_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            home.extract(**ONLY)
    for _ in range(2):
        (failure,) = home.extract(**ONLY).failures
        assert "40107" in failure
        assert "ended before its answer was stored" in failure
    ads.simulator.refresh_token = "authorised-anew"
    ads.secret("refresh_token", "authorised-anew")
    assert home.extract(**ONLY).failures == []


def test_a_crash_before_the_vendor_saw_the_request_costs_nothing(
    ads: OceanEngine, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.extract(**ONLY)
    ads.simulator.tokens.clear()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("connectors.ocean_engine.source.OceanEngineExtractor._refreshed", killed)
        with pytest.raises(KeyboardInterrupt):
            home.extract(**ONLY)
    assert home.extract(**ONLY).failures == []


def test_nothing_is_spent_when_the_home_cannot_be_written(ads: OceanEngine, home: Home) -> None:
    (home.folder / "tokens").write_text("a file where the folder should be")
    (failure,) = home.extract(**ONLY).failures
    assert "which holds the vendor's tokens, cannot be written" in failure
    assert ads.simulator.refresh_token == FIRST
    (home.folder / "tokens").unlink()
    assert home.extract(**ONLY).failures == []


def test_an_answer_that_breaks_off_shows_no_token(ads: OceanEngine, home: Home) -> None:
    ads.simulator.fault = once(lambda _, given: Answer(given.content[:-20]), _is_refresh)
    report = home.extract(**ONLY)
    assert ads.simulator.refresh_token[:8] not in str(report)
    assert "40107" in report.failures[0]
    (failure,) = home.extract(**ONLY).failures
    assert "ended before its answer was stored" in failure


def test_an_answer_that_breaks_off_for_good_is_not_shown(ads: OceanEngine, tmp_path: Path) -> None:
    entry = {"name": "ads", "type": "ocean_engine"} | ads.entry() | {"patience": {"attempts": "1"}}
    write_sources(tmp_path / "sources.yml", entry)
    ads.simulator.fault = once(lambda _, given: Answer(given.content[:-20]), _is_refresh)
    report = Home(tmp_path).extract(**ONLY)
    assert "the answer is no complete JSON (HTTP 200): (not shown" in report.failures[0]
    assert ads.simulator.refresh_token[:8] not in str(report)


def test_a_wrong_app_secret_spends_nothing(ads: OceanEngine, home: Home) -> None:
    ads.secret("app_secret", "wr0ng-secret")
    for _ in range(2):
        (failure,) = home.extract(**ONLY).failures
        assert "app_id or secret is wrong" in failure
        assert "ended before" not in failure
    ads.secret("app_secret", "simulated-app-secret")
    assert home.extract(**ONLY).failures == []


def test_a_damaged_file_is_told(ads: OceanEngine, home: Home) -> None:
    home.extract(**ONLY)
    (home.folder / "tokens" / "ads.json").write_text("{")
    report = home.extract(**ONLY)
    assert "is damaged" in report.failures[0]
    assert "authorise the app again" in report.resources[0].hint
    assert _refreshes(ads) == 1


def test_several_at_once_refresh_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def refresh(token: str) -> Tokens:
        asked.append(token)
        return Tokens.given(f"access-{len(asked)}", f"refresh-{len(asked)}", 3600)

    found: list[str] = []

    def use() -> None:
        auth = RotatingTokenAuth(
            TokenFile(tmp_path / "t" / "ads.json"),
            Secrets({}),
            "first",
            refresh,
            lambda _, t: found.append(t),
        )
        auth(None)  # type: ignore[arg-type]

    threads = [threading.Thread(target=use) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert asked == ["first"]
    assert found == ["access-1"] * 8


def test_tokens_are_found_nowhere_but_in_their_file(
    ads: OceanEngine, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        home.extract(**ONLY)
        ads.simulator.fault = lambda asked, _: Answer(
            {"code": 40002, "message": f"bad token {asked.headers.get('access-token')}"}
        )
        report = home.extract(**ONLY)
    stored = _stored(home)
    secret = (stored["access_token"], stored["refresh_token"], FIRST, "simulated-app-secret")
    assert "bad token [secret]" in report.failures[0]
    for text in (str(report), caplog.text, home.warehouse.read_bytes().decode("latin-1")):
        assert not any(one in text for one in secret)
