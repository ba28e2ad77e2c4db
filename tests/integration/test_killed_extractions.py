"""kill -9 of a process that extracts and lands, at random moments: the next run ends in the truth."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from orchestration.settings import ROOT
from tests.support.extracted import Home, write_sources
from tests.support.systems import Sql

#: extracts, and lands what the records say, once a line comes; the modules are loaded before. The line says after how
#: many of Python's audit events (files opened, modules, sockets) the process kills itself, 0 for never, and how many
#: milliseconds later: a moment of its own work, however busy the machine is, and inside of calls to C as well.
PROCESS = """
import os, signal, sys, threading
from pathlib import Path
from tests.support.extracted import Home
import dlt, duckdb, numpy, pyarrow.dataset, sqlalchemy, connectors.sql.source, connectors.sources.delivery
home = Home(Path(sys.argv[1]))
print("ready", flush=True)
last, later = sys.stdin.readline().split()
seen, asked = 0, threading.Event()

def kill():
    asked.wait()
    asked.clear()
    asked.wait(float(later) / 1000)
    os.kill(os.getpid(), signal.SIGKILL)

threading.Thread(target=kill, daemon=True).start()

def count(event, arguments):
    global seen
    seen += 1
    if seen == int(last):
        asked.set()

sys.addaudithook(count)
assert home.extract().failures == []
home.deliver()
print(seen, flush=True)
"""
ROWS = 400
KILLS = 4
MILLISECONDS = 10
RAW = "raw_sql.invoices"
CANONICAL = """
select transaction_id, cast(amount as varchar) from raw_files.transactions
where _load_id in (select load_id from raw_files.loads)
qualify row_number() over (partition by transaction_id order by _load_seq desc) = 1 and not _is_deleted"""


def _started(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _go(process: subprocess.Popen[str], last: int = 0, milliseconds: float = 0) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{last} {milliseconds}\n")
    process.stdin.flush()


def _events_of_a_run(folder: Path) -> int:
    process = _started(folder)
    _go(process)
    assert process.stdout is not None
    seen = int(process.stdout.readline())
    assert process.wait() == 0
    return seen


def test_whatever_moment_it_is_killed_at_the_next_run_ends_in_the_truth(tmp_path: Path) -> None:
    drawn = random.Random(20261130)
    with Sql(tmp_path) as erp:
        write_sources(
            tmp_path / "sources.yml", {"name": "erp", "type": "sql"} | erp.entry() | {"chunk_size": "100"}
        )
        home, truth, second = Home(tmp_path), {}, 0
        for number in range(ROWS):
            erp.put(number, f"{number + 1}.50", second=second)
            truth[str(number)] = f"{number + 1}.50"
        _events_of_a_run(tmp_path)
        whole = _events_of_a_run(tmp_path)  # of a run that finds little, as those that are killed
        for kill in range(KILLS):
            second += 900
            for number in drawn.sample(range(ROWS), 20):
                amount = f"{drawn.randrange(1, 9999)}.25"
                erp.put(number, amount, second=second)
                truth[str(number)] = amount
            gone = drawn.choice(sorted(truth))
            erp.delete(int(gone))
            del truth[gone]
            process = _started(tmp_path)
            _go(process, 1 + int(whole * (kill + drawn.random()) / KILLS), drawn.random() * MILLISECONDS)
            assert process.wait() == -signal.SIGKILL, "it was hit while it worked"
        _events_of_a_run(tmp_path)
        raw = {key: f"{float(record['amount']):.2f}" for key, record in home.truth(RAW).items()}
        assert raw == truth
        assert dict(home.rows(CANONICAL)) == truth
        last: dict[str, object] = {}
        for key, record, is_deleted in home.versions(RAW):
            assert last.get(key) != (record, is_deleted), f"{key} came twice"
            last[key] = (record, is_deleted)
