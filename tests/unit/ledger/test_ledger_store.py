"""The ledger's database: a chain nobody can change unseen, one of two writers first, whole entries after a crash.

The same tests run over SQLite and, where PostgreSQL can be started, over PostgreSQL (``tests/unit/ledger/servers.py``).
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger import Draft, Entry, Event, NotAllowedError, check_chain, open_ledger
from ledger.entries import life
from tests.unit.ledger.servers import postgres

MONTH = "2026-03"
Address = str | Path


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """A ledger's address; of PostgreSQL a database of its own."""
    if request.param == "sqlite":
        yield tmp_path / "ledger.sqlite"
    else:
        with postgres() as url:
            yield url


def fill(address: Address, count: int = 4) -> None:
    with open_ledger(address) as ledger:
        for number in range(count):
            draft = Draft(MONTH, Event.CALCULATED, "ann", lines_hash=f"h{number}", note="奖金")
            ledger.append(lambda entries, draft=draft: life.calculated(entries, draft))


def test_entries_come_back_as_they_were_written(address: Address) -> None:
    fill(address)
    with open_ledger(address) as ledger:
        entries = ledger.entries()
        assert [entry.sequence for entry in entries] == [1, 2, 3, 4]
        assert entries[2].previous_hash == entries[1].entry_hash
        assert entries[0].note == "奖金"
        assert check_chain(*ledger.whole()) == []


def test_the_database_refuses_to_change_an_entry(address: Address) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    from ledger.entries.database import make_engine

    fill(address)
    for statement in (
        "update ledger_entries set note = 'x'",
        "delete from ledger_entries where sequence = 4",
    ):
        engine = make_engine(address)
        with pytest.raises(DBAPIError, match="only added"), engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _rows(path: Path, statement: str) -> None:
    """Change rows as somebody who removes the triggers first."""
    with sqlite3.connect(path) as connection:
        for verb in ("update", "delete"):
            connection.execute(f"drop trigger ledger_entries_no_{verb}")
        connection.execute(statement)


@pytest.mark.parametrize(
    "column",
    [
        "period",
        "event",
        "at",
        "by",
        "lines_hash",
        "previous_hash",
        "entry_hash",
        "plan_hashes",
        "input_hash",
        "code_version",
        "subject",
        "note",
        "details",
    ],
)
@pytest.mark.parametrize("sequence", [1, 3, 4])
def test_a_changed_value_of_any_row_is_found(tmp_path: Path, column: str, sequence: int) -> None:
    fill(tmp_path / "ledger.sqlite")
    _rows(
        tmp_path / "ledger.sqlite",
        f"update ledger_entries set {column} = 'forged' where sequence = {sequence}",
    )
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert check_chain(*ledger.whole()) != []


@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_a_removed_row_is_found_also_the_last(tmp_path: Path, sequence: int) -> None:
    fill(tmp_path / "ledger.sqlite")
    _rows(tmp_path / "ledger.sqlite", f"delete from ledger_entries where sequence = {sequence}")
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert check_chain(*ledger.whole()) != []


def test_a_row_that_was_put_in_is_found(tmp_path: Path) -> None:
    fill(tmp_path / "ledger.sqlite")
    _rows(
        tmp_path / "ledger.sqlite",
        "insert into ledger_entries select 5, period, event, at, by, lines_hash, 'x', 'y', plan_hashes, input_hash, "
        "code_version, subject, note, details from ledger_entries where sequence = 4",
    )
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert check_chain(*ledger.whole()) != []


def _raced(address: Address, decide: Callable[[str], Callable[..., Draft]], names: list[str]) -> list[str]:
    """What becomes of several writers at once: `won`, or what each was told."""

    def one(name: str) -> str:
        with open_ledger(address) as ledger:
            try:
                ledger.append(decide(name))
            except NotAllowedError as error:
                return str(error)
            return "won"

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(one, names))


def test_of_approvers_and_lockers_at_once_one_wins_and_the_others_are_told(address: Address) -> None:
    fill(address, 1)
    names = ["bob", "eve", "dan", "fay"]

    def approving(name: str) -> Callable[..., Draft]:
        return lambda entries: life.approved(entries, Draft(MONTH, Event.APPROVED, name, lines_hash="h0"))

    def locking(name: str) -> Callable[..., Draft]:
        return lambda entries: life.locked(entries, Draft(MONTH, Event.LOCKED, name, lines_hash="h0"))

    for decide, word in ((approving, "approved already"), (locking, "locked already")):
        said = _raced(address, decide, names)
        assert said.count("won") == 1
        assert all(word in one for one in said if one != "won")
    with open_ledger(address) as ledger:
        entries = ledger.entries()
        assert [entry.event for entry in entries] == [Event.CALCULATED, Event.APPROVED, Event.LOCKED]
        assert check_chain(*ledger.whole()) == []


def test_many_writers_lose_no_entry(address: Address) -> None:
    def write(number: int) -> Entry | None:
        with open_ledger(address) as ledger:
            return ledger.append(lambda _entries: Draft(MONTH, Event.EXPORTED, f"w{number}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    with open_ledger(address) as ledger:
        assert {entry.by for entry in ledger.entries()} == {f"w{number}" for number in range(12)}
        assert check_chain(*ledger.whole()) == []


WRITER = """
import sys
from pathlib import Path
from ledger import Draft, Event, open_ledger
for number in range(10_000):
    with open_ledger(Path(sys.argv[1])) as ledger:
        ledger.append(lambda _: Draft("2026-03", Event.EXPORTED, "w", note="x" * 2000))
    print(number, flush=True)
"""
KILLS = int(os.environ.get("INCENTIVES_KILLS", "6"))


def test_a_writer_that_is_killed_leaves_whole_entries(tmp_path: Path) -> None:
    path, draw = tmp_path / "ledger.sqlite", random.Random(7)
    acknowledged = 0
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(draw.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            acknowledged += 1 + len(process.stdout.read().splitlines())
        with open_ledger(path) as ledger:
            entries = ledger.entries()
            assert check_chain(*ledger.whole()) == []
            assert len(entries) >= acknowledged
