"""What goes wrong with a connection, tried from the command line: one sentence each, an exit status, nothing lost."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.simulators.server import Answer, Asked
from tests.support.command_line import run_here
from tests.support.extracted import Home, write_sources
from tests.support.systems import Salesforce
from tests.support.vendors.ads import TencentAds

Change = Callable[[dict[str, Any], Salesforce], None]


def _run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run_here(home, "sources", *words, width=400)


def _told(done: subprocess.CompletedProcess[str]) -> str:
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "simulated-secret" not in said
    return said


@pytest.fixture
def crm(empty_home: Path, tmp_path: Path) -> Iterator[Salesforce]:
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    with Salesforce(tmp_path) as system:
        system.put(1, "100.00")
        yield system


def _described(crm: Salesforce, home: Path, change: Change | None = None) -> None:
    entry: dict[str, Any] = {"name": "crm", "type": "salesforce"} | crm.entry()
    if change is not None:
        change(entry, crm)
    write_sources(home / "sources.yml", entry)


def _wrong_address(entry: dict[str, Any], _crm: Salesforce) -> None:
    entry["instance_url"] = "http://127.0.0.1:9"


def _wrong_secret(entry: dict[str, Any], crm: Salesforce) -> None:
    entry["secrets"]["client_secret"] = crm.secret("wrong", "not-that-one")


def _no_permission(_entry: dict[str, Any], crm: Salesforce) -> None:
    del crm.simulator.records["Lead"]  # what a user may not read looks as if it were not there


def _no_such_field(entry: dict[str, Any], _crm: Salesforce) -> None:
    entry["mapping"] = {"deals": {"columns": {"owner_employee_id": "Marketer__c"}}}


def _answers(answer: Answer) -> Change:
    def change(_entry: dict[str, Any], crm: Salesforce) -> None:
        def fault(asked: Asked, good: Answer) -> Answer:
            return good if asked.path.endswith("/token") else answer

        crm.simulator.fault = fault

    return change


LIMIT = Answer([{"errorCode": "X", "message": "later"}], 429, {"Retry-After": "7200"})
MAINTENANCE = Answer(b"<html><h1>We are down for maintenance</h1></html>", 503, {"Content-Type": "text/html"})

#: what is wrong → what the sentences say
CASES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "wrong address": (_wrong_address, ("the connection could not be made",)),
    "wrong secret": (_wrong_secret, ("the client_id or the client_secret is wrong",)),
    "missing permission": (
        _no_permission,
        ("leads", "an object does not exist, or the user may not read it", "Lead"),
    ),
    "a field that is not there": (_no_such_field, ("No such column 'Marketer__c' on entity 'Opportunity'",)),
    "a limit for hours": (_answers(LIMIT), ("asks to wait 7200 seconds, until",)),
    "maintenance": (_answers(MAINTENANCE), ("the answer is a web page (HTTP 503)", "down for maintenance")),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_what_is_wrong_is_a_sentence_and_the_next_run_goes_on(
    crm: Salesforce, tmp_path: Path, case: str
) -> None:
    change, sentences = CASES[case]
    _described(crm, tmp_path)
    assert _run(tmp_path, "extract").returncode == 0
    before = Home(tmp_path).versions("raw_salesforce.opportunities")
    crm.put(2, "200.00", second=60)
    records = dict(crm.simulator.records)
    _described(crm, tmp_path, change)
    for words in (("check",), ("extract",)):
        done = _run(tmp_path, *words)
        said = _told(done)
        assert done.returncode == 1
        for sentence in sentences:
            assert sentence in said, said
        failed = [line for line in said.splitlines() if line.startswith("FAILED")]
        assert all(" crm: " in line for line in failed)
    kept = Home(tmp_path).versions("raw_salesforce.opportunities")
    assert kept[: len(before)] == before, "what is there stays"
    crm.simulator.fault = None
    crm.simulator.records = records
    _described(crm, tmp_path)
    done = _run(tmp_path, "extract", "--json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["status"] == "done"
    assert set(Home(tmp_path).truth("raw_salesforce.opportunities")) == {crm.record_id(1), crm.record_id(2)}


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("type", "salesfroce", "there is no type 'salesfroce'"),
        ("instance", "http://x", "unknown key"),
        ("instance_url", "acme", "instance_url"),
        ("start_date", "soon", "'soon' is no day"),
        ("secrets", {"client_id": "abc"}, "a secret's value has no place in this file"),
        ("mapping", {"deal": None}, "there is no template 'deal'"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_key(
    crm: Salesforce, tmp_path: Path, key: str, value: Any, sentence: str
) -> None:
    _described(crm, tmp_path, lambda entry, _: entry.update({key: value}))
    for words in (("check",), ("extract",), ("list",)):
        done = _run(tmp_path, *words)
        said = _told(done)
        assert done.returncode == 2
        assert sentence in said
        assert "sources.yml:" in said


def test_secrets_that_are_missing_are_named_and_nothing_is_asked(crm: Salesforce, tmp_path: Path) -> None:
    _described(
        crm,
        tmp_path,
        lambda entry, _: entry.update(secrets={"client_id": {"env": "A"}, "client_secret": {"env": "B"}}),
    )
    done = _run(tmp_path, "extract")
    said = _told(done)
    assert done.returncode == 2
    assert "the environment variable A is not set" in said
    assert "the environment variable B is not set" in said
    assert crm.simulator.asked == []


@pytest.mark.parametrize("ahead", [3600.0, -3600.0])
def test_a_clock_that_is_off_is_said(tmp_path: Path, ahead: float) -> None:
    with TencentAds(tmp_path) as ads:
        ads.put(1, "10.00")
        write_sources(tmp_path / "sources.yml", {"name": "ads", "type": "tencent_ads"} | ads.entry())
        ads.simulator.ahead = ahead
        done = _run(tmp_path, "extract")
        said = _told(done)
        assert done.returncode == 1
        word = "behind" if ahead > 0 else "ahead of"
        assert f"seconds {word} the system's" in said
        ads.simulator.ahead = 0.0
        assert _run(tmp_path, "extract").returncode == 0
