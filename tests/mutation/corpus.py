"""``python -m tests.mutation.corpus``: made-up companies chosen by the changes of models they notice.

Belongs here: the search for the companies that every run compares with the reference (``tests.support.chosen``).
Does not belong here: judging changes by all tests (``judge``).
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from tests.mutation.changes import Change, changed
from tests.mutation.judge import Judge
from tests.mutation.recorded import Recorder, Recording, compute_everything
from tests.mutation.session import drawn, known_equivalent
from tests.support.chosen import KINDS, Chosen, compared
from tests.support.compiled import REPOSITORY
from tests.support.warehouse import Warehouse

UNIT = "unit test"
#: changes that one of the first companies notices are not tried on the others
FIRST = 8


@dataclass(frozen=True)
class Noticed:
    """What notices a change: a unit test of the model, companies, or nothing."""

    key: str
    by: tuple[str, ...]


def main(
    seed: Annotated[int, typer.Option(help="Draws the changes.")] = 1,
    changes: Annotated[int, typer.Option(help="Number of changes.")] = 1500,
    companies: Annotated[int, typer.Option(help="Number of companies.")] = 60,
    first_seed: Annotated[int, typer.Option(help="Seed of the first company.")] = 0,
    result: Annotated[Path, typer.Option(help="File for what notices each change.")] = (
        REPOSITORY / "var" / "mutation" / "corpus.jsonl"
    ),
    workers: Annotated[int, typer.Option(help="Number of processes.")] = 2,
) -> None:
    """Make companies, see which changes each notices, and choose the fewest that notice all that any does.

    A company that differs from the reference is shown and not chosen.
    """
    result.parent.mkdir(parents=True, exist_ok=True)
    kinds = list(KINDS)[::-1]
    candidates = [Chosen(kinds[n % len(kinds)], first_seed + n) for n in range(companies)]
    with tempfile.TemporaryDirectory() as folder:
        found = searched(drawn(seed, changes or None), candidates, Path(folder), workers)
    result.write_text("".join(json.dumps([one.key, one.by]) + "\n" for one in found), encoding="utf-8")
    typer.echo(f"{len(found)} changes, {sum(one.by == (UNIT,) for one in found)} noticed by unit tests")
    for company, number in chosen(found, candidates):
        typer.echo(f"{number:5d}  {company}")
    typer.echo(f"{sum(not one.by for one in found)} by nothing")


def searched(
    changes: Sequence[Change], companies: Sequence[Chosen], folder: Path, workers: int
) -> list[Noticed]:
    """What notices each change that is not known to be equivalent."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        parts = [companies[number::workers] for number in range(workers)]
        folders = [folder / f"companies_{number}" for number in range(workers)]
        recordings = [one for part in pool.map(recorded, parts, folders) for one in part]
    order = {str(company): number for number, company in enumerate(companies)}
    recordings = [recorded_whole(folder), *sorted(recordings, key=lambda one: order[one.test])]
    with ProcessPoolExecutor(workers, context, initializer=_start, initargs=(recordings,)) as pool:
        wanted = [change for change in changes if not known_equivalent(change)]
        return [one for one in pool.map(_noticed, wanted, chunksize=5) if one]


def recorded(companies: Sequence[Chosen], folder: Path) -> list[Recording]:
    """The rows of companies in files of databases."""
    folder.mkdir()
    warehouse, recorder = Warehouse(), Recorder(folder)
    with recorder.watching():
        for company in companies:
            started = time.process_time()
            different = compared(warehouse, company.case())
            seconds = time.process_time() - started
            typer.echo(" ".join([f"{company} {seconds:.1f} s", *different.values()]))
            recorder.kept[-1] = replace(recorder.kept[-1], test=str(company))
            if different:
                recorder.kept.pop()
    return recorder.kept


def recorded_whole(folder: Path) -> Recording:
    """A company with the rows of every model."""
    home = folder / "whole"
    home.mkdir()
    recorder = Recorder(home)
    with recorder.watching():
        compute_everything()
    return recorder.kept[0]


def chosen(found: Sequence[Noticed], companies: Sequence[Chosen]) -> Iterator[tuple[str, int]]:
    """Companies with the number of changes that none before them notices, the most first."""
    left = [set(one.by) for one in found if one.by and one.by != (UNIT,)]
    names = [str(company) for company in companies]
    while left:
        counts = {name: sum(name in by for by in left) for name in names}
        best = max(names, key=lambda name: counts[name])
        yield best, counts[best]
        left = [by for by in left if best not in by]


_judges: list[Judge] = []


def _start(recordings: Sequence[Recording]) -> None:
    _judges.append(Judge(recordings))


def _noticed(change: Change) -> Noticed | None:
    """None: the change is no valid SQL."""
    judge = _judges[0]
    model = judge.models[change.model]
    assert model.sql is not None
    sql = changed(model.sql, change)
    if judge.is_invalid(sql):
        return None
    if judge.failing_unit_test(change.model, sql):
        return Noticed(change.key, (UNIT,))
    by: list[str] = []
    for number, (catalog, recording) in enumerate(judge.companies.items()):
        if number == FIRST and by:
            break
        if change.model in judge.needed[catalog] and judge.reaches(
            replace(model, sql=sql), catalog, recording
        ):
            by.append(recording.test)
    return Noticed(change.key, tuple(by))


if __name__ == "__main__":
    typer.run(main)
