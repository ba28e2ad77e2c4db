"""``python -m benchmarks [--scale 1.0] [--work DIR]``: generate, load, measure, print as JSON."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer


def main(
    scale: Annotated[float, typer.Option(help="Share of 1M deals, 2M leads, 10M activities.")] = 1.0,
    work: Annotated[Path, typer.Option(help="Working folder; it is emptied.")] = Path("var/bench"),
) -> None:
    """Measure the computation against the hand-written script."""
    from benchmarks.generate import Size, queries, write_delivery
    from benchmarks.measure import fresh, load_company, report

    work = work.resolve()
    size = Size() if scale == 1 else Size().scaled(scale)
    warehouse = fresh(work)
    started = time.perf_counter()
    write_delivery(work / "delivery", queries(size))
    written = time.perf_counter()
    load_company(work / "delivery", warehouse)
    loaded = time.perf_counter()
    figures = {"generated_seconds": round(written - started, 1), "loaded_seconds": round(loaded - written, 1)}
    figures |= report(work, warehouse)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
