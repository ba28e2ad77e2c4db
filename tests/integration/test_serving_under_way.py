"""Publications while many read, and publishers that are killed: readers see one publication, whole, without an error.

The numbers are small here; `make test-serving` takes 300 readers, 20 publications and 50 kills.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.support.served_company import PERSONAL, company
from tests.support.serving_server import ServedCompany, served_company

READERS = int(os.environ.get("INCENTIVES_READERS", "24"))
PUBLICATIONS = int(os.environ.get("INCENTIVES_PUBLICATIONS", "4"))
KILLS = int(os.environ.get("INCENTIVES_KILLS", "5"))
ROWS = len(company()["fct_payouts"][1])
#: how much each payout is above its first publication, and every publication that its rows are of
PAY = """
    select sum(p.payable) - sum(s.total_score) * 100, array_agg(distinct p.publication_id),
        array_agg(distinct s.publication_id)
    from payroll.fct_payouts as p join mart.fct_scorecards as s using (employee_id, period)
"""
TEAM = """
    select null, array_agg(distinct s.publication_id), array_agg(distinct e.publication_id)
    from mart.fct_scorecards as s join mart.dim_employee as e using (employee_id)
"""
QUERIES = {
    "hr1": PAY,
    "pay": PAY.replace("mart.fct_scorecards as s", "payroll.fct_payouts as s"),
    "mid": TEAM,
}
QUERIES["pay"] = QUERIES["pay"].replace("sum(s.total_score) * 100", "sum(s.payable)")
#: looks up many tables in turn, so that a switch that locks nobody out is likely to come between two of them
_MANY = " union all ".join(
    ["select publication_id from payroll.fct_payouts", "select publication_id from mart.dim_period"] * 40
)
QUERIES["aud"] = (
    f"select null, array_agg(distinct publication_id), array_agg(distinct publication_id) from ({_MANY}) as many"
)
PUBLISHER = (
    "import sys; from pathlib import Path; from serving.server.publish import publish_to_server; "
    "print(1, flush=True); "
    f"publish_to_server(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), {PERSONAL!r})"
)


@dataclass
class Seen:
    """What readers saw.

    Attributes:
        reads: Queries by publication.
        wrong: Errors, and rows of two publications.
    """

    reads: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def check(self, login: str, row: tuple[object, ...]) -> None:
        """A row of one publication, with the amounts of that publication."""
        surplus, one, other = row
        assert isinstance(one, list)
        version = int(one[0].split("-")[0].removeprefix("v"))
        if one != other or len(one) != 1 or (login == "hr1" and surplus != version * ROWS):
            self.wrong.append(f"{login}: {row}")
        self.reads[one[0]] += 1


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedCompany]:
    with served_company(tmp_path_factory.mktemp("company")) as running:
        yield running


@contextmanager
def reading(served: ServedCompany, readers: int) -> Iterator[Seen]:
    """Readers at work, each on a connection of its own; every tenth connects anew for each query."""
    seen, stop, ready = Seen(), threading.Event(), threading.Semaphore(0)

    async def read(number: int) -> None:
        login = list(QUERIES)[number % len(QUERIES)]
        connection = None
        first = True
        try:
            while not stop.is_set():
                if connection is None:
                    connection = await psycopg.AsyncConnection.connect(served.logins[login], autocommit=True)
                    # a statement that is parsed anew looks its tables up, a prepared one locks those it knows
                    connection.prepare_threshold = 1 if number % 4 == 0 else None
                cursor = await connection.execute(QUERIES[login].encode())
                row = await cursor.fetchone()
                assert row is not None
                seen.check(login, row)
                if first:
                    ready.release()
                    first = False
                if number % 10 == 0:
                    await connection.close()
                    connection = None
        except (psycopg.Error, AssertionError) as error:
            seen.wrong.append(f"{login}: {error!r}")
            ready.release()
        finally:
            if connection is not None:
                await connection.close()

    async def read_all() -> None:
        await asyncio.gather(*(read(number) for number in range(readers)))

    thread = threading.Thread(target=asyncio.run, args=(read_all(),))
    thread.start()
    try:
        for _ in range(readers):
            assert ready.acquire(timeout=120), "not every reader got its first row"
        yield seen
    finally:
        stop.set()
        thread.join()


def current(served: ServedCompany) -> str:
    """The one publication that all tables are of."""
    tables = " union ".join(
        f"select publication_id from {'payroll' if name == 'fct_payouts' else 'mart'}.{name}"
        for name in company()
    )
    with psycopg.connect(served.logins["hr1"]) as connection:
        ((publication,),) = connection.execute(tables.encode()).fetchall()
    return str(publication)


def test_readers_see_one_publication_whole(served: ServedCompany) -> None:
    snapshots = [served.snapshot(number) for number in range(1, PUBLICATIONS + 1)]
    switched = []
    with reading(served, READERS) as seen:
        for snapshot in snapshots:
            began = time.monotonic()
            assert served.publish(snapshot).is_new
            switched.append(round(time.monotonic() - began, 1))
            before = seen.reads[snapshot.name]
            until = time.monotonic() + 60
            while seen.reads[snapshot.name] < before + READERS and time.monotonic() < until:
                time.sleep(0.02)
    print(f"{READERS} readers, {seen.reads.total()} reads, publications took {switched} s")
    assert seen.wrong == []
    assert set(seen.reads) >= {snapshot.name for snapshot in snapshots}
    assert current(served) == snapshots[-1].name


def test_a_transaction_sees_one_publication(served: ServedCompany) -> None:
    old, new = served.snapshot(50, "v50"), served.snapshot(51, "v51")
    served.publish(old)
    publisher = threading.Thread(target=served.publish, args=(new,))
    with (
        psycopg.connect(served.logins["hr1"]) as reader,
        psycopg.connect(served.url, autocommit=True) as owner,
    ):
        first = reader.execute("select distinct publication_id from mart.fct_scorecards").fetchall()
        publisher.start()
        tries = "select count(*) from pg_stat_activity where query like 'lock table%' and wait_event_type = 'Lock'"
        until = time.monotonic() + 60
        while owner.execute(tries.encode()).fetchone() == (0,) and publisher.is_alive():
            assert time.monotonic() < until
        second = reader.execute("select distinct publication_id from payroll.fct_payouts").fetchall()
    publisher.join()
    assert first == second == [("v50",)]
    assert current(served) == "v51"


@pytest.mark.slow
def test_a_publisher_that_is_killed_leaves_a_whole_publication(served: ServedCompany) -> None:
    rng = random.Random(int(os.environ.get("INCENTIVES_SEED", "7")))
    before = served.snapshot(100, "v100")
    served.publish(before)
    came = Counter[str]()
    with reading(served, 6) as seen:
        seconds = killed_after(served, served.snapshot(101, "v101"), None)
        for number in range(KILLS):
            old = current(served)
            new = served.snapshot(200 + number, f"v{200 + number}-killed")
            killed_after(served, new, rng.uniform(0, 1.1 * seconds))
            found = current(served)
            assert found in {old, new.name}
            came["new" if found == new.name else "old"] += 1
            again = served.snapshot(200 + number, f"v{200 + number}-again")
            assert served.publish(again).is_new
            assert current(served) == again.name
    print(f"{KILLS} kills within {1.1 * seconds:.2f} s: {dict(came)}; {seen.reads.total()} reads")
    assert seen.wrong == []
    assert came["old"] > 0
    with psycopg.connect(served.url) as connection:
        left = connection.execute(
            "select nspname from pg_namespace where nspname ~ '_(next|old)$'"
        ).fetchall()
    assert left == []


def killed_after(served: ServedCompany, snapshot: Path, seconds: float | None) -> float:
    """Publish in a process of its own and kill it after so long; None: let it end. Seconds it lived."""
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, served.url, str(snapshot), str(served.policy)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    if seconds is None:
        assert process.wait() == 0
    else:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
    return time.monotonic() - began
