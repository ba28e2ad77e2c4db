"""Calculate, approve, lock and export killed with SIGKILL at random moments, while others read.

Whole or nothing: the ledger's chain and every archive are whole, a hand-over with a manifest is complete, readers never
see half; the next commands finish from wherever the killed ones stopped. A few kills run every time; ``make
test-kills`` sets ``INCENTIVES_KILLS`` to 200. The run of the pipeline was made before; ``tests/integration`` kills it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from connectors.common.errors import UserError
from ledger import NotAllowedError, PeriodState, state_of
from ledger.entries.life import locked_periods
from orchestration.books import export, periods
from orchestration.books.calculation import calculate, check_archive
from orchestration.books.home import read_entries
from orchestration.books.verification import verify
from orchestration.settings import Settings, load_settings
from tests.support.closing import FIRST, PLANS, PretendCompany
from tests.support.drawn_lines import Line

KILLS, SEED = int(os.environ.get("INCENTIVES_KILLS", "4")), int(os.environ.get("INCENTIVES_SEED", "11"))
#: forks a process for each line of its input: nothing has to be imported again
PROGRAM = f"""
import os, sys
from pathlib import Path
from types import SimpleNamespace
import duckdb, pyarrow, sqlalchemy, xlsxwriter
import compensation, ledger.archive.capture, serving.payroll.handover
import orchestration.runs.run as run
from orchestration.books import export, periods
from orchestration.books.calculation import calculate
from orchestration.settings import load_settings
run.run_pay = lambda *_: SimpleNamespace(exit_code=0)
for line in sys.stdin:
    home, out = map(Path, line.rstrip().split(chr(9)))
    child = os.fork()
    if child == 0:
        settings = load_settings(home=home, plans=(Path({str(PLANS)!r}),), lock_wait_seconds=0)
        calculate(settings, {FIRST!r}, "ann")
        periods.approve(settings, {FIRST!r}, "bob")
        periods.lock(settings, {FIRST!r}, "bob")
        export.export(settings, {FIRST!r}, out, None, "eve")
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose run has passed; nothing is calculated in its ledger."""
    company = PretendCompany(tmp_path_factory.mktemp("computed") / "home")
    company.put(*(Line(f"l{number}", FIRST, f"S{number % 3 + 1}") for number in range(300)))
    company.run()
    return company.home


@pytest.fixture(scope="module")
def forking() -> Iterator[subprocess.Popen[str]]:
    """The program that forks."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def settings_of(home: Path) -> Settings:
    return load_settings(home=home, plans=(PLANS,), lock_wait_seconds=0)


def commands(
    process: subprocess.Popen[str], home: Path, out: Path, seconds: float | None, *, of_archive: bool = False
) -> tuple[float, float]:
    """Have all commands run, and killed after some seconds, counted from the archive of the calculation if it says so.

    Returns:
        How long they were at it, and how long after the archive was there.
    """
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{home}\t{out}\n")
    process.stdin.flush()
    child, began = int(process.stdout.readline()), time.monotonic()
    if of_archive:
        while not list((home / "books" / "archives").glob("*.json")):
            time.sleep(0.0005)
    archived = time.monotonic()
    if seconds is not None:
        time.sleep(seconds)
        with suppress(ProcessLookupError):  # it was done before
            os.kill(child, signal.SIGKILL)
    assert process.stdout.readline() == "ended\n"
    return time.monotonic() - began, time.monotonic() - archived


def is_finished(folder: Path) -> bool:
    """Whether a hand-over has its manifest; then every file is what it says."""
    if not (folder / "manifest.json").exists():
        return False
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    for name, about in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == about["sha256"]
    return True


@contextmanager
def reading(settings: Settings, out: Path) -> Iterator[Counter[str]]:
    """Somebody who reads ledger, archives and hand-over all the time; whatever is half is an error at the end."""
    seen: Counter[str] = Counter()
    troubles: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                entries = read_entries(settings)
                seen[state_of(entries, FIRST)] += 1
                for lock in locked_periods(entries).values():
                    check_archive(settings, lock)
                is_finished(out)
            except (UserError, AssertionError, OSError, ValueError) as error:
                troubles.append(error)
            time.sleep(0.005)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seen
    finally:
        done.set()
        reader.join()
    assert troubles == []


def finish(settings: Settings, out: Path) -> None:
    """The next commands."""
    state = state_of(read_entries(settings), FIRST)
    if state in {PeriodState.OPEN, PeriodState.CALCULATED}:
        if state is PeriodState.OPEN:
            done: Any = type("Done", (), {"exit_code": 0})
            with patch("orchestration.runs.run.run_pay", return_value=done):
                calculate(settings, FIRST, "ann")
        periods.approve(settings, FIRST, "bob")
    if state in {PeriodState.LOCKED, PeriodState.PAID}:
        with pytest.raises(NotAllowedError, match="locked already"):
            periods.lock(settings, FIRST, "bob")
    else:
        periods.lock(settings, FIRST, "bob")
    export.export(settings, FIRST, out, None, "eve")


def test_what_is_killed_leaves_whole_things_and_the_next_command_finishes(
    computed: Path, forking: subprocess.Popen[str], tmp_path: Path
) -> None:
    shutil.copytree(computed, tmp_path / "whole")
    longest = list(commands(forking, tmp_path / "whole", tmp_path / "whole out", None, of_archive=True))
    assert is_finished(tmp_path / "whole out")
    draw, found, read = random.Random(SEED), Counter[str](), Counter[str]()
    for number in range(KILLS):
        home, out = tmp_path / f"home{number}", tmp_path / f"out{number}"
        shutil.copytree(computed, home)
        settings = settings_of(home)
        with reading(settings, out) as seen:
            # the archive takes most of the time; every other one is killed in what comes after it
            late = number % 2
            took = commands(forking, home, out, draw.uniform(0, longest[late] * 1.1), of_archive=bool(late))
        # what the machine does beside decides how long the commands take
        longest[late] = max(longest[late] * 0.9, took[late]) if is_finished(out) else longest[late] * 1.05
        read += seen
        found["exported" if is_finished(out) else state_of(read_entries(settings), FIRST)] += 1
        assert verify(settings, None).is_whole
        finish(settings, out)
        assert is_finished(out)
        assert state_of(read_entries(settings), FIRST) is PeriodState.LOCKED
        shutil.rmtree(home)
    print(f"{KILLS} kills (seed {SEED}), state after each: {dict(found)}; read meanwhile: {dict(read)}")
    assert found.total() == KILLS
    if KILLS >= 100:
        assert set(found) == {"open", "calculated", "approved", "locked", "exported"}


def test_of_two_approvers_and_lockers_at_once_one_wins_and_the_other_is_told(
    computed: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(computed, home)
    settings = settings_of(home)
    done: Any = type("Done", (), {"exit_code": 0})
    with patch("orchestration.runs.run.run_pay", return_value=done):
        calculate(settings, FIRST, "ann")

    def told(step: Any, name: str) -> str:
        try:
            return str(step(settings, FIRST, name).state)
        except UserError as error:
            return error.what

    for step, state, words in (
        (periods.approve, "approved", ("approved already, by",)),
        (periods.lock, "locked", ("locked already, by", "is writing")),
    ):
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda name, step=step: told(step, name), ["bob", "eve"]))
        assert said.count(state) == 1
        assert any(word in one for one in said for word in words), said
