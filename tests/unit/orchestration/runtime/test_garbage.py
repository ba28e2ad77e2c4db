"""How often Python looks for garbage in processes that hold a manifest."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.runtime.garbage import collect_rarely

#: a module that dbt's command line imports says what it finds
FAKE_DBT = "import gc\ndef cli():\n    print(gc.get_threshold()[0])\n"


@pytest.fixture
def threshold() -> Iterator[tuple[int, int, int]]:
    """Python's own setting, put back at the end."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield gc.get_threshold()
    gc.set_threshold(*before)


def test_young_objects_are_looked_at_rarely_and_old_ones_as_before(threshold: tuple[int, int, int]) -> None:
    collect_rarely()
    young, *older = gc.get_threshold()
    assert young > 50 * threshold[0]
    assert tuple(older) == threshold[1:]


def test_dbt_starts_with_it(tmp_path: Path) -> None:
    (tmp_path / "dbt" / "cli").mkdir(parents=True)
    for package in (tmp_path / "dbt", tmp_path / "dbt" / "cli"):
        (package / "__init__.py").touch()
    (tmp_path / "dbt" / "cli" / "main.py").write_text(FAKE_DBT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from orchestration.transformation.dbt_process import main; main()", "run"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 700


def test_a_process_that_ends_does_not_look_again() -> None:
    program = (
        "from orchestration.runtime.garbage import collect_rarely\n"
        "class Found:\n    def __del__(self):\n        print('found')\n"
        "collect_rarely()\ncycle = [Found()]\ncycle.append(cycle)\ndel cycle\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
