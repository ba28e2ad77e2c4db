"""``python -m tests.mutation``: changes in the models that pay which no test notices.

Belongs here: the command line and the report. Does not belong here: everything else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tests.mutation.judge import KILLED, SURVIVED
from tests.mutation.session import EQUIVALENT, Judged, drawn, judged
from tests.support.compiled import REPOSITORY


def main(
    seed: Annotated[
        int, typer.Option(help="Draws the changes; a session of a seed goes on where it stopped.")
    ] = 1,
    count: Annotated[int, typer.Option(help="Number of changes; 0: all of them.")] = 250,
    model: Annotated[list[str] | None, typer.Option(help="Only of this model; can be repeated.")] = None,
    workers: Annotated[int, typer.Option(help="Number of processes.")] = 2,
    home: Annotated[Path, typer.Option(help="Folder of the state and of the companies of the tests.")] = (
        REPOSITORY / "var" / "mutation"
    ),
) -> None:
    """Change one thing at a time in the models that pay and report which changes no test notices."""
    home.mkdir(parents=True, exist_ok=True)
    changes = drawn(seed, count or None, model or [])
    found = []
    for result in judged(changes, home / f"seed_{seed}.jsonl", home, workers):
        found.append(result)
        verdict = result.verdict
        typer.echo(f"{len(found):4d} {verdict.outcome:10} {verdict.kind:8} {result.key[:160]}")
    typer.echo(report(found))
    if any(result.verdict.outcome == SURVIVED for result in found):
        raise typer.Exit(1)


def report(found: Sequence[Judged]) -> str:
    """Survivors by file, then the numbers."""
    files: dict[str, list[Judged]] = defaultdict(list)
    for result in found:
        if result.verdict.outcome == SURVIVED:
            files[result.path].append(result)
    lines = []
    for path, survivors in sorted(files.items()):
        lines += ["", path, *(f"  {result.key}\n    {result.verdict.by}" for result in survivors)]
    outcomes = Counter(result.verdict.outcome for result in found)
    kinds = Counter(result.verdict.kind for result in found if result.verdict.outcome == KILLED)
    counted = outcomes[KILLED] + outcomes[SURVIVED]
    share = 100 * outcomes[KILLED] / counted if counted else 100
    numbers = ", ".join(f"{outcomes[name]} {name}" for name in (KILLED, SURVIVED, EQUIVALENT, "invalid"))
    by = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
    return "\n".join([*lines, "", f"{numbers}; {share:.1f} % of {counted} killed", f"killed by: {by}"])


if __name__ == "__main__":
    typer.run(main)
