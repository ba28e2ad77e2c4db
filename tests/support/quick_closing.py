"""What makes thousands of steps of a company whose run is replaced (``closing``) affordable; nothing is asserted less.

Belongs here: what is done once in place of every time. Does not belong here: the company (``closing``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from compensation import PlanSet, load_plans


@contextmanager
def sharing_connections() -> Iterator[None]:
    """Within one process: whoever opens a warehouse for reading shares what holds it open for writing.

    Opening a file of a hundred tables takes longer than most queries of a test. The engine shares an open database only
    between connections of one kind. What processes do to each other is tested elsewhere (`test_killed_in_the_middle`).
    """
    connect = duckdb.connect

    def shared(database: str | Path = ":memory:", read_only: bool = False, **more: Any) -> Any:
        return connect(database, read_only=read_only and Path(database).name != "warehouse.duckdb", **more)

    with patch("duckdb.connect", shared):
        yield


@contextmanager
def remembering_plans() -> Iterator[None]:
    """Plan files of the same names and content are parsed once."""
    known: dict[tuple[Any, ...], PlanSet] = {}

    def remembered(paths: Sequence[Path], *more: Any) -> PlanSet:
        files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
        key = tuple((file.name, file.read_bytes()) for file in files)
        if key not in known:
            known[key] = load_plans(paths, *more)
        return known[key]

    with patch("compensation.load_plans", remembered):
        yield
