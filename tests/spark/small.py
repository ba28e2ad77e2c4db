"""A pipeline in small that computes on Spark: the real job over a dbt project of a few models.

Belongs here: what the tests of runs and of faults share. Does not belong here: tests, the models of the product.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from orchestration.defs.build import Overrides
from orchestration.runs.outcome import Outcome
from orchestration.runs.run import RunRequest, run_pay
from orchestration.settings import ROOT, Settings, load_settings
from orchestration.transformation.spark.job import JOB
from scripts.services.processes import wait_until
from scripts.services.spark.cluster import ENVIRONMENT
from tests.unit.orchestration.mini import GOOD, PLANS, PROJECT, Deal, landing_of

#: Parts of a second to some seconds of each core, in forty tasks; nothing else of the project takes any time.
LONG = "select count(*) as amount from range(0, {rows}, 1, 40) where id % 7 = 3"


def project_for_spark(folder: Path, more: Mapping[str, str] | None = None) -> Path:
    """The small dbt project with the target of the product's profile for Spark.

    Args:
        folder: Where it is made.
        more: Further models of marts by name.
    """
    shutil.copytree(PROJECT, folder)
    profiles = yaml.safe_load((folder / "profiles.yml").read_text("utf-8"))
    product = yaml.safe_load((ROOT / "dbt_project" / "profiles.yml").read_text("utf-8"))
    profiles["incentives"]["outputs"]["spark"] = product["incentives"]["outputs"]["spark"]
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles), "utf-8")
    described = yaml.safe_load((folder / "dbt_project.yml").read_text("utf-8"))
    described["models"]["incentives"]["+file_format"] = "parquet"
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(described), "utf-8")
    for name, sql in (more or {}).items():
        (folder / "models" / "marts" / "pay" / f"{name}.sql").write_text(sql, "utf-8")
    return folder


def small_settings(home: Path, project: Path, **more: Any) -> Settings:
    """Settings of the small pipeline on Spark."""
    chosen = {"engine": "spark", "spark_master": "local[2]", "spark_memory": "1g"} | more
    return load_settings(
        home=home,
        dbt_project=project,
        plans=(PLANS,),
        lock_wait_seconds=0,
        spark_python=ENVIRONMENT / "bin" / "python",
        **chosen,
    )


def run_small(
    settings: Settings, deals: tuple[Deal, ...] = GOOD, load: str = "aaa", number: int = 1
) -> Outcome:
    """Run the job ``pay`` over some deals; those of load 1 are a new warehouse, later ones come on top."""
    chosen = Overrides(settings=settings, assets={"files": landing_of(deals, load, number=number)})
    with patch("orchestration.steps.validation.warmed_gates", nullcontext):
        return run_pay(settings, RunRequest(), chosen)


def start_small(home: Path, project: Path, log: Path, **more: str) -> subprocess.Popen[bytes]:
    """Start the small pipeline in a process of its own; returns when its model that takes long is being written.

    Args:
        home: Its home.
        project: A dbt project with the mart `fct_long`.
        log: Where it writes.
        more: Further settings.
    """
    program = (
        "from pathlib import Path; from tests.spark.small import run_small, small_settings; "
        f"run_small(small_settings(Path({str(home)!r}), Path({str(project)!r}), **{more!r}))"
    )
    with log.open("w") as out:
        pipeline = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=out, stderr=out)
    wait_until(lambda: is_writing(home, "fct_long"), "the model that takes long", log, 600)
    return pipeline


@contextmanager
def as_soon_as(is_so: Callable[[], Any], do: Callable[[], Any], seconds: float = 600) -> Iterator[None]:
    """Do something while the block runs, as soon as something is so; an error when it never was."""

    def wait() -> None:
        until = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < until, "it never came to this"
            time.sleep(0.05)
        do()

    with ThreadPoolExecutor(1) as watcher:
        waiting = watcher.submit(wait)
        yield
    waiting.result()


def is_writing(home: Path, table: str) -> bool:
    """Whether tasks of Spark write a table right now."""
    return (home / "spark" / "work" / "made" / "marts.db" / table / "_temporary").exists()


def processes_on(home: Path) -> list[int]:
    """Processes that compute for a home on Spark: Python and Java."""
    mark = f"{JOB}={home / 'spark' / 'work' / 'job.json'}".encode()
    return [
        int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit() and mark in _environment(one)
    ]


def driver_of(home: Path) -> list[int]:
    """The Python process that runs dbt on Spark for a home; none when there is none."""
    children = [
        pid for pid in processes_on(home) if b"run_dbt" in _read(Path("/proc") / str(pid) / "cmdline")
    ]
    return [
        pid for pid in children if f"PPid:\t{os.getpid()}\n".encode() in _read(Path(f"/proc/{pid}/status"))
    ]


def _environment(process: Path) -> list[bytes]:
    return _read(process / "environ").split(b"\0")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
