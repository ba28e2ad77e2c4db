"""``python -m benchmarks.books [--lines 100000] [--home DIR] [--work DIR]``: what closing the books costs, as JSON.

Three figures that the books promise: a lock of 100,000 lines, the share that 24 closed months of the made-up company with
true-ups add to a run, and a verification beside the calculation that it repeats. Seconds on the clock, and processor
seconds, which another busy process does not change much.

Belongs here: these three. Does not belong here: the computation of a large company (``benchmarks.measure``).
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

ROOT = Path(__file__).resolve().parents[1]
COMMAND = str(Path(sys.executable).with_name("incentives"))
LAST = "2026-10"
Figures = dict[str, float]


def main(
    lines: Annotated[int, typer.Option(help="Payout lines of the locked month.")] = 100_000,
    home: Annotated[Path | None, typer.Option(help="Home of a finished run; none: one is made.")] = None,
    work: Annotated[Path, typer.Option(help="Working folder; it is emptied.")] = Path("var/bench_books"),
) -> None:
    """Measure lock, true-ups and verification."""
    work = work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    figures: dict[str, Any] = {"lines": lines, "lock": lock(work / "lock", lines)}
    print(json.dumps(figures), file=sys.stderr, flush=True)
    start = made_up(work) if home is None else home.resolve()
    print(json.dumps(figures | closed_months(work, start), indent=2))


def lock(home: Path, count: int) -> dict[str, Figures]:
    """Calculate, approve, lock and export a month with many lines; the pipeline's run is not among it."""
    from types import SimpleNamespace
    from unittest.mock import patch

    from orchestration.books import export, periods
    from orchestration.books.calculation import calculate
    from tests.support.closing import FIRST, PretendCompany
    from tests.support.drawn_lines import Line

    company = PretendCompany(home)
    company.put(*(Line(f"l{number}", FIRST, f"S{number % 3 + 1}") for number in range(count)))
    company.run()
    settings = company.settings
    steps: dict[str, Callable[[], object]] = {
        "calculate": lambda: calculate(settings, FIRST, "ann"),
        "approve": lambda: periods.approve(settings, FIRST, "bob"),
        "lock": lambda: periods.lock(settings, FIRST, "bob"),
        "export": lambda: export.export(settings, FIRST, home / "out", None, "eve"),
    }
    found = {}
    with patch("orchestration.runs.run.run_pay", return_value=SimpleNamespace(exit_code=0)):
        for name, step in steps.items():
            with measured(resource.RUSAGE_SELF) as figures:
                step()
            found[name] = figures
    return found


def made_up(work: Path) -> Path:
    """The home of a finished run on the made-up company."""
    home, delivery = work / "home", work / "delivery"
    incentives(home, "demo", delivery)
    incentives(
        home, "run", "--delivery", delivery, "--plans", ROOT / "plans", "--plans", ROOT / "demo" / "plans"
    )
    return home


def closed_months(work: Path, start: Path) -> dict[str, Any]:
    """A late refund in every month, with all months open and with all months closed; a verification."""
    late = work / "late"
    refunds = write_refunds(start, late)
    homes = {name: work / name / "home" for name in ("open", "closed")}
    for home in homes.values():
        shutil.copytree(start, home, symlinks=True, ignore=shutil.ignore_patterns("reports", "data_docs"))
        (home / "ledger.sqlite").unlink(missing_ok=True)
        shutil.rmtree(home / "books", ignore_errors=True)
    closed = homes["closed"]
    incentives(closed, "period", "calculate", LAST, "--as", "ann")
    incentives(closed, "period", "approve", LAST, "--as", "bob")
    incentives(closed, "period", "lock", LAST, "--as", "bob")
    for home in homes.values():
        incentives(home, "run", "--delivery", late)
    # the first run of a home parses the dbt project, which the closed one had done before: only the next ones compare
    runs = {name: incentives(home, "run", "--anew") for name, home in homes.items()}
    with duckdb.connect(str(closed / "published" / "incentives.duckdb"), read_only=True) as connection:
        [(true_ups,)] = connection.execute(
            "select count(*) from marts.fct_payout_lines where component = 'true_up'"
        ).fetchall()
    verified = incentives(closed, "verify", LAST)
    return {
        "refunds": refunds,
        "true_ups": true_ups,
        "run_open": runs["open"],
        "run_closed": runs["closed"],
        "closed_adds_processor_share": round(runs["closed"]["processor"] / runs["open"]["processor"] - 1, 3),
        "verify": verified,
        "verify_by_calculation": round(verified["processor"] / runs["open"]["processor"], 2),
    }


def write_refunds(home: Path, folder: Path) -> int:
    """A delivery that refunds a part of two deals of each month."""
    query = """
        select 'LATE-' || deal_id, deal_id, 'refund', 100.00, currency, strftime(signed_date, '%Y-%m-%dT23:00:00+08:00')
        from marts.fct_deal_sources
        where amount > 1000
        qualify row_number() over (partition by period order by deal_id) <= 2
    """
    folder.mkdir()
    with duckdb.connect(str(home / "published" / "incentives.duckdb"), read_only=True) as connection:
        rows = connection.execute(query).fetchall()
    head = "transaction_id,deal_id,kind,amount,currency,occurred_at"
    text = "\n".join([head, *(",".join(map(str, row)) for row in rows)])
    (folder / "transactions.csv").write_text(f"{text}\n", encoding="utf-8")
    return len(rows)


def incentives(home: Path, *arguments: str | Path) -> Figures:
    """Seconds of a command; it has to succeed."""
    environment = os.environ | {"INCENTIVES_HOME": str(home), "NO_COLOR": "1"}
    environment.pop("INCENTIVES_PLANS", None)
    with measured(resource.RUSAGE_CHILDREN) as figures:
        done = subprocess.run(
            [COMMAND, *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return figures


@contextmanager
def measured(who: int) -> Iterator[Figures]:
    """Seconds on the clock and of the processor while the block runs."""
    figures: Figures = {}
    began, before = time.perf_counter(), resource.getrusage(who)
    yield figures
    after = resource.getrusage(who)
    figures["seconds"] = round(time.perf_counter() - began, 1)
    figures["processor"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)


if __name__ == "__main__":
    typer.run(main)
