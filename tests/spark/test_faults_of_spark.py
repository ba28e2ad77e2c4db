"""Workers and drivers that are killed, and workers that never come: a right end, or a sentence within a bound."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.services.processes import wait_until
from scripts.services.spark.cluster import Cluster, standalone
from tests.spark.small import (
    LONG,
    as_soon_as,
    driver_of,
    is_writing,
    processes_on,
    project_for_spark,
    run_small,
    small_settings,
    start_small,
)
from tests.unit.orchestration.mini import GOOD

pytestmark = pytest.mark.spark
ROWS = 10_000_000_000
MANY = (*GOOD, ("D3", "25.00", "CNY"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_for_spark(
        tmp_path_factory.mktemp("spark") / "project", {"fct_long": LONG.format(rows=ROWS)}
    )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with standalone(tmp_path / "cluster") as started:
        yield started


def test_a_worker_killed_in_the_middle_does_no_harm(cluster: Cluster, project: Path, tmp_path: Path) -> None:
    settings = small_settings(tmp_path / "home", project, spark_master=cluster.url)
    with as_soon_as(lambda: is_writing(settings.home, "fct_long"), cluster.workers[0].kill):
        outcome = run_small(settings)
    assert outcome.success, outcome.failures
    assert cluster.workers[0].poll() == -signal.SIGKILL
    assert (settings.published / "current").exists()


def test_without_any_worker_a_run_fails_within_its_bound(project: Path, tmp_path: Path) -> None:
    with standalone(tmp_path / "cluster", workers=0) as cluster:
        home = tmp_path / "home"
        settings = small_settings(home, project, spark_master=cluster.url, spark_wait_seconds=5)
        begun = time.monotonic()
        outcome = run_small(settings)
        assert outcome.exit_code == 1
        assert f"no worker of {cluster.url} has been there for 5 seconds" in outcome.failures[0]
        assert time.monotonic() - begun < 300
        assert processes_on(home) == []

        cluster.add_worker()
        assert run_small(settings).success


def test_a_killed_driver_is_a_sentence_and_the_next_run_finishes(project: Path, tmp_path: Path) -> None:
    settings = small_settings(tmp_path / "home", project)
    assert run_small(settings).success
    before = (settings.published / "current").resolve()

    with as_soon_as(
        lambda: driver_of(settings.home) and is_writing(settings.home, "fct_long"),
        lambda: os.kill(driver_of(settings.home)[0], signal.SIGKILL),
    ):
        outcome = run_small(settings, MANY, load="bbb")
    assert outcome.exit_code == 1
    assert "Spark ended before all models were made (status -9)" in outcome.failures[0]
    assert "spark.log" in outcome.failures[0]
    assert (settings.published / "current").resolve() == before

    assert run_small(settings, MANY, load="bbb").success
    assert (settings.published / "current").resolve() != before


def test_java_killed_is_a_sentence_too(project: Path, tmp_path: Path) -> None:
    settings = small_settings(tmp_path / "home", project)

    def kill() -> None:
        os.kill(next(pid for pid in processes_on(settings.home) if _is_java(pid)), signal.SIGKILL)

    with as_soon_as(lambda: is_writing(settings.home, "fct_long"), kill):
        outcome = run_small(settings)
    assert outcome.exit_code == 1
    assert "Java, in which Spark runs, ended before all models were made" in outcome.failures[0]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_a_pipeline_that_is_stopped(
    project: Path, tmp_path: Path, how: signal.Signals
) -> None:
    home = tmp_path / "home"
    log = tmp_path / "log"
    pipeline = start_small(home, project, log)
    assert len(processes_on(home)) >= 2, "Python and Java"
    pipeline.send_signal(how)
    pipeline.wait(60)
    assert pipeline.returncode != 0
    wait_until(lambda: processes_on(home) == [], "the end of Spark", log, 60)


def _is_java(pid: int) -> bool:
    return b"java" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
