"""The command line: its commands, its exit statuses, and no stack trace for anybody."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from orchestration.cli.app import app, main
from orchestration.settings import ROOT

INCENTIVES = str(Path(sys.executable).parent / "incentives")
BAD_PLAN = "plan_id: bad\ntitle: {zh: 坏, en: bad}\nvalid_from: 2026-13-01\n"


def _run(home: Path, *words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "INCENTIVES_HOME": str(home),
        "INCENTIVES_ENV": "ci",
        "COLUMNS": "160",
        **variables,
    }
    return subprocess.run(
        [INCENTIVES, *map(str, words)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def _commands(command: Any, name: str = "incentives") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its whole name."""
    if hasattr(command, "commands"):
        for word, inner in command.commands.items():
            yield from _commands(inner, f"{name} {word}")
    else:
        yield name, command


def test_every_command_offers_json() -> None:
    found = dict(_commands(typer.main.get_command(app)))
    assert len(found) >= 15
    without = [
        name for name, one in found.items() if not any("--json" in option.opts for option in one.params)
    ]
    assert without == []


def test_help_lists_the_commands(tmp_path: Path) -> None:
    said = _run(tmp_path, "--help")
    assert said.returncode == 0
    for command in ("run", "import", "template", "plan", "explain", "demo"):
        assert f" {command} " in said.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--nonsense"), "No such option"),
        (("import",), "Missing argument"),
        (("import", "no/such/folder"), "no such folder"),
        (("run", "--delivery", "no/such/folder"), "file or folder not found"),
        (("run", "--as-of", "yesterday"), "not a valid ISO 8601 time"),
        (("run", "--plans", "no/such/plans"), "does not exist"),
        (("explain", "abc"), "Run the pipeline first"),
        (("template", "out", "--format", "pdf"), "csv"),
    ],
)
def test_bad_usage_is_exit_status_2_and_a_sentence(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = _run(tmp_path, *words)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_environment_is_exit_status_2_with_the_valid_names(tmp_path: Path) -> None:
    done = _run(tmp_path, "plan", "validate", INCENTIVES_ENV="staging")
    assert done.returncode == 2
    assert "valid names are dev, ci, prod" in done.stderr


def test_a_bad_plan_is_named_with_file_line_and_key_for_people_and_machines(tmp_path: Path) -> None:
    plan = tmp_path / "bad.yml"
    plan.write_text(BAD_PLAN, encoding="utf-8")
    people = _run(tmp_path, "plan", "validate", plan)
    assert people.returncode == 2
    assert "bad.yml:3: valid_from" in people.stderr
    machines = _run(tmp_path, "plan", "validate", plan, "--json")
    assert machines.returncode == 2
    problems = json.loads(machines.stdout)["error"]["problems"]
    assert ("valid_from", 3) in [(one["key"], one["line"]) for one in problems]


def test_the_plans_of_the_repository_are_sound(tmp_path: Path) -> None:
    done = _run(tmp_path, "plan", "validate", "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["plans"]) > 0


def test_empty_templates_can_be_imported_as_they_are(tmp_path: Path) -> None:
    assert _run(tmp_path, "template", tmp_path / "empty").returncode == 0
    done = _run(tmp_path / "home", "import", tmp_path / "empty", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["totals"] == {"rows_in": 0, "accepted": 0, "quarantined": 0}


def test_an_import_that_lost_a_whole_file_does_not_end_well(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "courses.csv").write_text("course_id,title\nK1,Basics\n", encoding="utf-8")
    (folder / "customers.csv").write_bytes(
        "customer_id,name,created_at\nC1,Müller,someday\n".encode("cp1252")
    )
    refused = _run(tmp_path, "import", folder, "--check")
    assert refused.returncode == 1
    assert "looks like Windows-1252" in refused.stderr
    lost = _run(tmp_path, "import", folder, "--check", "--encoding", "cp1252", "--json")
    assert lost.returncode == 1
    assert json.loads(lost.stdout)["totals"] == {"rows_in": 2, "accepted": 1, "quarantined": 1}


def test_a_damaged_warehouse_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_text("this is no database", encoding="utf-8")
    done = _run(tmp_path, "explain", "abc")
    assert done.returncode == 2
    assert f"{tmp_path / 'warehouse.duckdb'}: the file is damaged" in done.stderr
    assert "restore it from a backup" in done.stderr


def test_a_fault_of_the_program_names_its_log_and_shows_its_trace_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path))
    monkeypatch.setattr("serving.explain_line", fail)
    with pytest.raises(SystemExit) as ended:
        main(["explain", "abc"])
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "last_error.log" in said
    assert "Traceback" in (tmp_path / "reports" / "last_error.log").read_text(encoding="utf-8")
    with pytest.raises(RuntimeError, match="boom"):
        main(["--debug", "explain", "abc"])


def test_mapping_suggest_writes_a_mapping_that_import_takes(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "deals.txt.csv").write_text(
        "Deal ID;Company;Owner;Amount;Stage;Close Date\nD1;Acme;Ann;1.234,50;Won;31.01.2026\n",
        encoding="utf-8",
    )
    out = tmp_path / "mapping.yml"
    made = _run(tmp_path, "mapping", "suggest", folder, "--out", out, "--json")
    assert made.returncode == 0, made.stderr
    found = json.loads(made.stdout)
    assert (found["status"], found["open"]) == ("done", [])
    assert found["mapping"] == out.read_text(encoding="utf-8")
    assert {one["template"]: one["accepted"] for one in found["tried"]} == {
        "employees": 1,
        "customers": 1,
        "deals": 1,
    }
    again = _run(tmp_path, "mapping", "suggest", folder, "--out", out)
    assert again.returncode == 2
    checked = _run(tmp_path, "import", folder, "--mapping", out, "--check", "--json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["totals"]["accepted"] == 3


def test_mapping_suggest_says_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "d.csv").write_text(
        "Company,Owner,Amount,Close Date\nAcme,Ann,5,2026-01-31\n", encoding="utf-8"
    )
    said = _run(tmp_path, "mapping", "suggest", folder)
    assert said.returncode == 1
    assert "# deal_id:   # to do" in said.stdout
    assert "deals.deal_id" in said.stderr
    (folder / "d.csv").write_text("Height,Weight\n1,2\n", encoding="utf-8")
    assert _run(tmp_path, "mapping", "suggest", folder).returncode == 2


def test_a_rejection_says_what_was_found_what_is_expected_and_where_to_turn(tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    header = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\n"
    (folder / "deals.csv").write_text(
        header + "D1,C1,E1,¥1;000,CNY,2026-01-05,signed\nD2,C1,E1,5,CNY,2026-01-05,signed\n", encoding="utf-8"
    )
    said = _run(tmp_path, "import", folder, "--check")
    assert "¥1;000" in said.stdout
    assert "an amount such as 1234.50" in said.stdout
    assert "wrong_type: correct the rows in the source system" in said.stdout
