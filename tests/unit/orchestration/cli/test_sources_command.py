"""``incentives sources``: what its commands print, their exit statuses, and one sentence for what is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestration.cli.app import main
from tests.support.extracted import write_sources
from tests.support.systems import Salesforce, Sql

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """``incentives sources …`` with a home of its own: exit status, stdout, stderr."""
    shutil.copytree(empty_home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def command(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["sources", *words])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return int(ended.value.code or 0), said.out, said.err

    return command


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Salesforce]:
    folder = tmp_path / "crm"
    folder.mkdir()
    with Salesforce(folder) as made:
        made.put(0, "100.00")
        yield made


@pytest.fixture
def erp(tmp_path: Path) -> Iterator[Sql]:
    folder = tmp_path / "erp"
    folder.mkdir()
    with Sql(folder) as made:
        made.put(1, "10.00", second=60)
        yield made


def _describe(home: Path, **systems: tuple[str, dict[str, Any]]) -> None:
    write_sources(
        home / "sources.yml",
        *({"name": name, "type": kind} | entry for name, (kind, entry) in systems.items()),
    )


def test_types_are_an_object_by_name_with_write_mode_cursor_and_key(run: Run) -> None:
    status, out, _ = run("types", "--json")
    assert status == 0
    found = json.loads(out)
    opportunities = found["salesforce"]["resources"]["opportunities"]
    assert (opportunities["write_mode"], opportunities["cursor"], opportunities["key"]) == (
        "incremental",
        "SystemModstamp",
        ["Id"],
    )
    for one in found.values():
        assert one["resources"]
        assert all(
            {"write_mode", "cursor", "key"} <= resource.keys() for resource in one["resources"].values()
        )
    _, shown, _ = run("types")
    assert "opportunities" in shown


def test_nothing_connected_is_said(run: Run, tmp_path: Path) -> None:
    status, out, _ = run("list")
    assert (status, "No system is connected" in out) == (0, True)
    for command in ("check", "extract"):
        status, _, err = run(command)
        assert status == 2
        assert f"{tmp_path / 'sources.yml'}: no system is connected" in " ".join(err.split())


def test_list_tells_the_last_extraction_of_each(run: Run, tmp_path: Path, crm: Salesforce, erp: Sql) -> None:
    _describe(tmp_path, crm=("salesforce", crm.entry()), erp=("sql", erp.entry()))
    status, out, _ = run("list", "--json")
    assert status == 0
    listed = json.loads(out)
    assert [(one["name"], one["type"], one["last"]) for one in listed["sources"]] == [
        ("crm", "salesforce", {}),
        ("erp", "sql", {}),
    ]
    crm.simulator.records.pop("Task")
    assert run("extract")[0] == 1
    found = {one["name"]: one["last"]["failures"] for one in json.loads(run("list", "--json")[1])["sources"]}
    assert list(found["crm"]) == ["tasks"]
    assert found["erp"] == {}
    shown = run("list")[1]
    assert "failed: tasks" in shown
    assert "good" in shown


def test_check_says_what_is_there_and_ends_with_0(
    run: Run, tmp_path: Path, crm: Salesforce, erp: Sql
) -> None:
    _describe(tmp_path, crm=("salesforce", crm.entry()), erp=("sql", erp.entry()))
    status, out, _ = run("check", "--json")
    told = json.loads(out)
    assert (status, told["status"]) == (0, "done")
    assert {one["source"] for one in told["checks"]} == {"crm", "erp"}
    status, out, _ = run("check", "erp")
    assert status == 0
    assert out.split("\n")[:2] == [
        "ok      erp: the database can be reached",
        "ok      erp: invoices can be read",
    ]


def _without(crm: Salesforce, object_: str) -> dict[str, Any]:
    crm.simulator.records.pop(object_)
    return crm.entry()


def _elsewhere(crm: Salesforce) -> dict[str, Any]:
    return crm.entry() | {"instance_url": "http://127.0.0.1:9", "patience": {"attempts": "1"}}


def _wrong_secret(crm: Salesforce) -> dict[str, Any]:
    entry = crm.entry()
    crm.secret("client_secret", "wr0ng-secret")
    return entry


def _custom_field(crm: Salesforce) -> dict[str, Any]:
    return crm.entry() | {"mapping": {"deals": {"columns": {"owner_employee_id": "Marketer__c"}}}}


MISSING: dict[str, tuple[Callable[[Salesforce], dict[str, Any]], str, str]] = {
    "a wrong address": (_elsewhere, "opportunities", "the connection could not be made"),
    "a wrong secret": (_wrong_secret, "opportunities", "the client_id or the client_secret is wrong"),
    "a missing permission": (lambda crm: _without(crm, "Task"), "tasks", "or the user may not read it"),
    "a custom field that is not there": (_custom_field, "opportunities", "No such column 'Marketer__c'"),
}


@pytest.mark.parametrize(("entry", "resource", "sentence"), MISSING.values(), ids=MISSING.keys())
def test_what_is_missing_is_one_sentence_and_exit_status_1(
    run: Run,
    tmp_path: Path,
    crm: Salesforce,
    entry: Callable[[Salesforce], dict[str, Any]],
    resource: str,
    sentence: str,
) -> None:
    _describe(tmp_path, crm=("salesforce", entry(crm)))
    status, out, _ = run("check", "crm")
    assert status == 1
    (line,) = [one for one in out.splitlines() if f"{resource} cannot be read" in one]
    assert line.startswith(f"FAILED  crm: {resource} cannot be read: ")
    assert sentence in line
    assert "(needed: API Enabled, read on " in line
    status, out, _ = run("extract", "--json")
    told = json.loads(out)
    assert (status, told["status"]) == (1, "failed")
    (failed,) = [one for one in told["extractions"][0]["resources"] if one["resource"] == resource]
    assert sentence in failed["failure"]
    (held,) = told["not_delivered"]
    assert held.startswith("crm: nothing was taken on, for its extraction failed: ")
    assert "wr0ng-secret" not in out


def test_a_database_that_cannot_be_reached_or_read_is_one_sentence(
    run: Run, tmp_path: Path, erp: Sql
) -> None:
    entry = erp.entry()
    _describe(tmp_path, erp=("sql", entry))
    erp.database.execute("drop table invoices")
    status, out, _ = run("check")
    assert status == 1
    assert "FAILED  erp: invoices cannot be read: invoices (SELECT on invoices)" in out
    erp.secret("url", "postgresql+nodriver://me:pa55word@erp/db")
    status, out, _ = run("check")
    assert status == 1
    assert "FAILED  erp: the secret url is no address of a database that can be opened" in out
    assert "pa55word" not in out


SAID: dict[str, tuple[tuple[str, ...], dict[str, Any], str]] = {
    "a missing environment variable": (
        ("check",),
        {"secrets": {"client_id": {"env": "NO_SUCH_ID"}, "client_secret": {"env": "NO_SUCH_SECRET"}}},
        "NO_SUCH_ID is not set; client_secret: the environment variable NO_SUCH_SECRET is not set",
    ),
    "the same for an extraction": (
        ("extract",),
        {"secrets": {"client_id": {"env": "NO_SUCH_ID"}, "client_secret": {"env": "NO_SUCH_SECRET"}}},
        "the environment variable NO_SUCH_ID is not set",
    ),
    "an unknown name": (("check", "crn"), {}, "there is no source 'crn'"),
    "an unknown name for an extraction": (("extract", "crn"), {}, "did you mean 'crm'?"),
    "an unknown type": (("list",), {"type": "salesfroce"}, "did you mean 'salesforce'?"),
    "an unknown key": (("list",), {"instance_ulr": "x"}, "did you mean 'instance_url'?"),
}


@pytest.mark.parametrize(("words", "change", "sentence"), SAID.values(), ids=SAID.keys())
def test_a_mistake_in_the_file_or_the_command_is_exit_status_2(
    run: Run,
    empty_home: Path,
    tmp_path: Path,
    crm: Salesforce,
    words: tuple[str, ...],
    change: dict[str, Any],
    sentence: str,
) -> None:
    write_sources(tmp_path / "sources.yml", {"name": "crm", "type": "salesforce"} | crm.entry() | change)
    status, _, err = run(*words)
    assert status == 2
    assert sentence in " ".join(err.split())
    assert str(tmp_path / "sources.yml") in err or "sources.yml" in err
    assert (tmp_path / "warehouse.duckdb").read_bytes() == (empty_home / "warehouse.duckdb").read_bytes()


def test_extract_lands_and_says_how_much(run: Run, tmp_path: Path, erp: Sql) -> None:
    _describe(tmp_path, erp=("sql", erp.entry()))
    status, out, _ = run("extract", "--json")
    told = json.loads(out)
    assert (status, told["status"], told["not_delivered"]) == (0, "done", [])
    assert told["extractions"][0]["resources"][0]["rows_new"] == 1
    assert sum(file["accepted"] for file in told["deliveries"][0]["files"]) == 1
    status, out, _ = run("extract", "erp")
    assert status == 0
    assert "nothing new\n" in out
