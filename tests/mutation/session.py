"""A session: changes drawn by a seed, judged by several processes, kept in a state file.

Belongs here: drawing, the state file, known equivalents. Does not belong here: judging (``judge``).
"""

from __future__ import annotations

import functools
import json
import multiprocessing
import random
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.mutation.changes import Change, changes_of
from tests.mutation.judge import SURVIVED, Judge, Verdict
from tests.mutation.recorded import Recording, recordings
from tests.support.compiled import PROJECT, compiled_project

EQUIVALENT = "equivalent"
EQUIVALENTS = Path(__file__).with_name("equivalents.yml")
CHANGES_OF_A_WORKER = 60
#: folders of models whose rows become pay
SUBJECTS = (
    *(
        "attribution",
        "calendar",
        "credits",
        "customers",
        "deals",
        "growth",
        "kpis",
        "leads",
        "measures",
        "pay",
    ),
    *("people", "process", "scorecards", "tasks", "transfers"),
)


@dataclass(frozen=True)
class Judged:
    """A change with its verdict.

    Attributes:
        key: identifies the change.
        path: file of the model.
        verdict: what became of it.
    """

    key: str
    path: str
    verdict: Verdict


def drawn(seed: int, count: int | None, models: Sequence[str] = ()) -> list[Change]:
    """Changes in an order of chance.

    Args:
        seed: the order.
        count: how many; None: all.
        models: only of these models; empty: of all that pay.
    """
    found = [
        change
        for model in compiled_project().models
        if model.sql is not None and (model.name in models if models else pays(model.path))
        for change in changes_of(model.name, model.sql)
    ]
    random.Random(seed).shuffle(found)
    return found[:count]


def pays(path: Path) -> bool:
    """Whether the model of a file is one that pays."""
    folders = path.relative_to(PROJECT).parts
    return folders[1] in ("intermediate", "marts") and folders[2] in SUBJECTS


def equivalents() -> list[dict[str, Any]]:
    """Known equivalents: models, change or changes (`...` stands for any text) and reason."""
    return _read_equivalents(EQUIVALENTS)


@functools.cache
def _read_equivalents(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = YAML(typ="safe").load(path)
    return found


def known_equivalent(change: Change) -> str | None:
    """Why a change cannot be noticed, when that is known."""
    for entry in equivalents():
        text = f"{change.kind} | {change.within} | {change.what}"
        is_place = change.model in entry["models"] and change.nth == entry.get("nth", change.nth)
        patterns = [entry["change"]] if isinstance(entry["change"], str) else entry["change"]
        if is_place and any(_is_like(text, pattern) for pattern in patterns):
            return str(entry["reason"])
    return None


def _is_like(text: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("...")), text) is not None


def judged(changes: Sequence[Change], state: Path, home: Path, workers: int) -> Iterator[Judged]:
    """Judge changes, the kept verdicts first; a killed change is not judged again.

    Args:
        changes: what is judged.
        state: file of verdicts, one a line.
        home: folder of the companies of the tests.
        workers: number of processes.
    """
    paths = {model.name: str(model.path.relative_to(PROJECT)) for model in compiled_project().models}
    kept = _kept(state)
    found = recordings(home)
    tests = sorted({Path(recording.path).parent.name for recording in found})
    left = []
    for change in changes:
        known = kept.get(change.key)
        if known and (known["verdict"]["outcome"] != SURVIVED or known["tests"] == tests):
            yield _excused(Judged(change.key, known["path"], Verdict(**known["verdict"])), change)
        else:
            left.append(change)
    by_key = {change.key: change for change in left}
    with state.open("a", encoding="utf-8") as file:
        for key, verdict in _verdicts(left, found, workers):
            result = Judged(key, paths[by_key[key].model], verdict)
            file.write(json.dumps(asdict(result) | {"tests": tests}) + "\n")
            file.flush()
            yield _excused(result, by_key[key])


def _kept(state: Path) -> dict[str, dict[str, object]]:
    if not state.exists():
        return {}
    rows = [json.loads(line) for line in state.read_text(encoding="utf-8").splitlines()]
    return {row["key"]: row for row in rows}


def _excused(result: Judged, change: Change) -> Judged:
    reason = known_equivalent(change) if result.verdict.outcome == SURVIVED else None
    return replace(result, verdict=Verdict(EQUIVALENT, reason)) if reason else result


def _verdicts(
    changes: Sequence[Change], found: Sequence[Recording], workers: int
) -> Iterator[tuple[str, Verdict]]:
    if workers == 1 and changes:
        judge = Judge(found)
        yield from ((change.key, judge.verdict(change)) for change in changes)
        return
    context = multiprocessing.get_context("spawn")
    # tests run inside of the workers and leave their companies in memory, so workers end now and then; all at once,
    # for a pool with `max_tasks_per_child` whose workers end together waits for ever (Python 3.11)
    together = CHANGES_OF_A_WORKER * workers
    for first in range(0, len(changes), together):
        with ProcessPoolExecutor(workers, context, initializer=_start, initargs=(found,)) as pool:
            running = {
                pool.submit(_verdict, change): change.key for change in changes[first : first + together]
            }
            for done in as_completed(running):
                yield running[done], done.result()


_judges: list[Judge] = []


def _start(found: Sequence[Recording]) -> None:
    _judges.append(Judge(found))


def _verdict(change: Change) -> Verdict:
    return _judges[0].verdict(change)
