"""Storage and options broken on purpose: a sentence that names the file and what to do, exit status 2, no stack trace.

The command line runs in this process against a home of its own, in which one thing is broken.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from connectors.common.storage import storage_sentence
from orchestration.cli.app import main
from orchestration.errors import InputError
from orchestration.runs.dagster_instance import open_instance
from orchestration.settings import load_settings
from orchestration.steps.step import KIND, step
from tests.conftest import COMMAND, ROOT

DEALS = "deal_id,customer_id,owner_employee_id,amount,currency,signed_at,status\nD1,C1,E1,5,CNY,2026-01-05,signed\n"


@pytest.fixture
def home(empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    return Path(shutil.copytree(empty_home, tmp_path / "home"))


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    (tmp_path / "delivery").mkdir()
    (tmp_path / "delivery" / "deals.csv").write_text(DEALS, encoding="utf-8")
    return tmp_path / "delivery"


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that has to end with exit status 2; returns what it says, in one line."""

    def run(*words: str | Path) -> str:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capfd.readouterr()
        assert ended.value.code == 2, said.out + said.err
        assert "Traceback" not in said.out + said.err
        return " ".join(said.err.split())

    return run


def _garbage(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"this is nothing \x00\xff")
    return file


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("alerts", "list", "--limit", "-5"), "'--limit'"),
        (("alerts", "list", "--kind", "lait"), "did you mean 'late'? Kinds: late, skipped"),
        (("alerts", "send", "--wait", "-1"), "'--wait'"),
        (("run", "--as-of", "2026-02-30"), "is not a valid ISO 8601 time; write 2026-10-31"),
        (("run", "--as-of", "2126-01-01"), "at most 40 years back, 10 ahead"),
        (("run", "--as-of", "0001-01-01T00:00:00+14:00"), "is not a valid ISO 8601 time"),
    ],
)
def test_an_option_that_cannot_be_meant(
    home: Path, say: Callable[..., str], words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in say(*words)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("INCENTIVES_MEMORY_LIMIT", "1MB", "the least is 512MiB"),
        ("INCENTIVES_MEMORY_LIMIT", "lots", "INCENTIVES_MEMORY_LIMIT is 'lots'"),
        ("INCENTIVES_HOME", "/proc/pay", "/proc/pay: this folder cannot be made"),
        ("INCENTIVES_HOME", f"{Path(__file__)}/pay", "this folder cannot be made: Not a directory"),
    ],
)
def test_a_setting_that_cannot_work(
    home: Path, delivery: Path, say: Callable[..., str], monkeypatch: pytest.MonkeyPatch, name: str, value: str,
    sentence: str,
) -> None:  # fmt: skip
    monkeypatch.setenv(name, value)
    said = say("import", delivery)
    assert sentence in said
    assert name in said


def _cut(file: Path) -> None:
    os.truncate(file, 20_000)  # the headers, and a piece of the first block


def _overwrite(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:12_288] + b"\xab" * (file.stat().st_size - 12_288))


@pytest.mark.parametrize("damage", [_garbage, _cut, _overwrite])
def test_a_damaged_warehouse(
    home: Path, delivery: Path, say: Callable[..., str], damage: Callable[[Path], None]
) -> None:
    damage(home / "warehouse.duckdb")
    said = say("import", delivery)
    assert f"{home / 'warehouse.duckdb'}: the file is damaged" in said
    assert "restore it from a backup" in said


@pytest.mark.parametrize(
    ("file", "words", "sentence"),
    [
        ("dlt/files/state.json", ("import",), "remove the folder"),
        ("plans_in_force.json", ("plan", "validate"), "incentives run --plans PATH"),
        ("alerts/state.sqlite", ("alerts", "list"), "Move the file away"),
    ],
)
def test_a_damaged_state_is_named_with_what_to_do(
    home: Path, delivery: Path, say: Callable[..., str], file: str, words: tuple[str, ...], sentence: str
) -> None:
    (home / "warehouse.duckdb").unlink()  # dlt makes the tables where there are none
    damaged = _garbage(home / file)
    said = say(*words, *([delivery] if words == ("import",) else []))
    assert str(damaged) in said
    assert sentence in said


def _ask(instance: dg.DagsterInstance) -> None:
    instance.get_runs(limit=1)
    instance.all_asset_keys()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("dagster/dagster.yaml", "it is written anew when it is missing"),
        ("dagster/history/runs.db", "it holds what Dagster shows of earlier runs, no figures"),
        ("dagster/history/runs/index.db", "it holds what Dagster shows of earlier runs, no figures"),
    ],
)
def test_a_damaged_history_of_runs(home: Path, file: str, sentence: str) -> None:
    settings = load_settings(home=home)
    _garbage(home / file)
    with pytest.raises(InputError) as caught, open_instance(settings) as instance:
        _ask(instance)
    assert str(home / "dagster") in str(caught.value)
    assert sentence in str(caught.value)


FULL = [
    OSError(errno.ENOSPC, "No space left on device", "/somewhere/file"),
    duckdb.IOException('IO Error: Could not write to file "/somewhere/file": No space left on device'),
    sqlite3.OperationalError("database or disk is full"),
]


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_a_full_disk(
    home: Path, delivery: Path, say: Callable[..., str], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the load failed") from error

    monkeypatch.setattr("connectors.files.raw_layer.landing.insert", fail)
    said = say("import", delivery)
    assert "the disk is full" in said
    assert "/somewhere/file" in said or str(home) in said
    assert "then run the same command again" in said


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_home_that_may_not_be_written(
    home: Path, delivery: Path, say: Callable[..., str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(file: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(file))

    (home / "warehouse.duckdb").unlink()  # dlt makes the tables where there are none
    monkeypatch.setattr(Path, "touch", refuse)
    said = say("import", delivery)
    assert f"{home / 'dlt' / '.files.running'}: this may not be written" in said
    assert "INCENTIVES_HOME" in said


def test_a_step_of_a_run_tells_of_a_full_disk_as_bad_input() -> None:
    with pytest.raises(dg.Failure) as caught, step("publish"):
        raise FULL[0]
    assert caught.value.metadata[KIND].value == "bad_input"
    assert "/somewhere/file: the disk is full" in str(caught.value.description)


def test_too_little_memory_for_dbt_is_no_failed_check() -> None:
    found = storage_sentence(
        "fct_payouts: Runtime Error Out of Memory Error: failed to allocate data of size 1 MiB"
    )
    assert found is not None
    assert found.exit_code == 2
    assert "raise INCENTIVES_MEMORY_LIMIT" in found.hint


def _child(
    home: Path, delivery: Path, *before: str, words: tuple[str, ...] = ("import",)
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*before, COMMAND, *words, str(delivery)],
        cwd=ROOT,
        env=os.environ | {"INCENTIVES_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def ctrl_c_is_heard() -> Iterator[None]:
    """Children take Ctrl-C as from a terminal, also where the tests were started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_limit_of_the_system_on_the_size_of_files(home: Path, delivery: Path) -> None:
    process = _child(home, delivery, "sh", "-c", 'ulimit -f 8; exec "$@"', "sh")
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 2, said
    assert "a file has reached the largest size the system allows" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("ctrl_c_is_heard")
@pytest.mark.parametrize("later", [0.0, 0.1, 0.2, 0.3], ids=str)
def test_ctrl_c_at_any_moment_of_a_landing_says_what_is_kept(
    home: Path, delivery: Path, later: float
) -> None:
    process = _child(home, delivery)
    while not (home / "warehouse.holder.json").exists():
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(later)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "Stopped by Ctrl-C. What was finished is kept; run the same command again to continue." in said
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_while_dbt_computes_stops_the_run_and_dbt(home: Path, delivery: Path) -> None:
    """Dagster's retry policy would begin the step again; stopped is stopped."""
    process = _child(home, delivery, words=("run", "--delivery"))
    assert process.stdout is not None
    said = ""
    while "Compute and test" not in said:
        assert process.poll() is None, said
        said += process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == 130, said + rest
    assert "Stopped by Ctrl-C." in rest
    assert not (home / "published" / "current").exists()
    log = (home / "reports" / "run.log").read_text(encoding="utf-8")
    assert "STEP_UP_FOR_RETRY" not in log
