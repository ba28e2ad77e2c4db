"""Every error has a kind and an exit status, and only what can pass by itself is tried again."""

import json
from pathlib import Path

import dagster as dg
import pytest

from compensation import PlanErrors, PlanProblem
from connectors.common.problems import DeliveryRejected, ImportProblem
from orchestration.cli.console.errors import report_error
from orchestration.errors import (
    FailureKind,
    GateError,
    InputError,
    exit_code_of,
    is_transient,
    kind_of,
)
from orchestration.steps.step import KIND, step
from serving import PublicationError, UnknownLineError

PLAN_ERRORS = PlanErrors([PlanProblem("plans/a.yml", 3, "currency", "is no currency", ("CNY",))])


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (InputError("x"), 2, FailureKind.BAD_INPUT),
        (ImportProblem("x"), 2, FailureKind.BAD_INPUT),
        (PLAN_ERRORS, 2, FailureKind.BAD_INPUT),
        (UnknownLineError("abc", 3), 2, FailureKind.BAD_INPUT),
        (GateError("x"), 1, FailureKind.GATE),
        (DeliveryRejected("x"), 1, FailureKind.GATE),
        (PublicationError("x", "y"), 1, FailureKind.GATE),
        (RuntimeError("x"), 1, FailureKind.FAULT),
    ],
)
def test_each_error_has_its_exit_status_and_kind(error: Exception, code: int, kind: FailureKind) -> None:
    assert (exit_code_of(error), kind_of(error)) == (code, kind)


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (RuntimeError("IO Error: Could not set lock on file: Conflicting lock is held in python"), True),
        (ValueError("bad row"), False),
        (GateError("a test failed"), False),
    ],
)
def test_only_what_can_pass_by_itself_is_transient(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


def test_a_step_asks_for_another_try_after_a_transient_error() -> None:
    with pytest.raises(dg.RetryRequested) as caught, step("land"):
        raise ConnectionResetError
    assert (caught.value.max_retries, caught.value.seconds_to_wait) == (2, 10)


def test_a_step_stops_for_good_at_any_other_error_and_keeps_its_words() -> None:
    with pytest.raises(dg.Failure) as caught, step("land"):
        raise ImportProblem("no such column", where="deals.csv", hint="add it")
    assert not caught.value.allow_retries
    assert caught.value.metadata[KIND].value == "bad_input"
    assert "deals.csv" in str(caught.value.description)
    assert "add it" in str(caught.value.description)


def test_an_error_for_people_is_a_sentence_and_no_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_error(InputError("give a folder"), ["run"]) == 2
    assert capsys.readouterr().err == "Error: give a folder\n"


def test_any_other_error_names_the_file_with_its_trace(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path))
    assert report_error(RuntimeError("boom"), ["run"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    log = tmp_path / "reports" / "last_error.log"
    assert str(log) in said
    assert "RuntimeError: boom" in log.read_text(encoding="utf-8")


def test_machines_get_the_error_as_json_with_each_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_error(PLAN_ERRORS, ["plan", "validate", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "failed"
    assert document["error"]["exit_status"] == 2
    assert document["error"]["problems"][0]["file"] == "plans/a.yml"
    assert document["error"]["problems"][0]["allowed"] == ["CNY"]
