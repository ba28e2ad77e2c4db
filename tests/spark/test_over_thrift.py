"""A server with the functions of the project, reached over thrift, makes the marts that a run on DuckDB makes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import ROOT
from scripts.services.processes import end, free_port, start, wait_until
from scripts.services.spark.cluster import ENVIRONMENT
from tests.spark.small import LONG, project_for_spark, run_small, small_settings, start_small
from tests.unit.orchestration.mini import GOOD

pytestmark = pytest.mark.spark
SERVER = "orchestration.transformation.spark.program.thrift_server"
#: a function of the product in SQL, and what stands in its place on DuckDB
SPELLING = (
    "select {{ \"normal_form('credit_code', ' 91350100m000100y43 ')\" if target.name == 'spark' "
    "else \"'91350100M000100Y43'\" }} as spelling"
)


Server = tuple[str, subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("thrift"), free_port()
    log = folder / "log"
    command = [ENVIRONMENT / "bin" / "python", "-P", "-m", SERVER, "--port", str(port), "--memory", "1g"]
    options = ["--master", "local[2]", "--tables", str(folder / "tables")]
    process = start([*command, *options], log, {"PYTHONPATH": str(ROOT)})
    try:
        wait_until(lambda: _listens(port), "the server", log, 300)
        yield f"127.0.0.1:{port}", process
    finally:
        end(process, 30)


@pytest.fixture
def server(started: Server) -> str:
    return started[0]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_over_thrift_as_on_duckdb_run_after_run(
    server: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    project = project_for_spark(tmp_path_factory.mktemp("spark") / "project", {"dim_spelling": SPELLING})
    duckdb = small_settings(tmp_path / "duckdb", project, engine="duckdb")
    thrift = small_settings(tmp_path / "thrift", project, spark_thrift=server)
    for deals, load in ((GOOD, "aaa"), ((*GOOD, ("D3", "25.00", "CNY")), "bbb")):
        outcomes = [run_small(settings, deals, load) for settings in (duckdb, thrift)]
        assert all(one.success for one in outcomes), [one.failures for one in outcomes]
        published = {(one.published / "current").resolve().name for one in (duckdb, thrift)}
        assert len(published) == 1

    model = project / "models" / "marts" / "pay" / "fct_totals.sql"
    model.write_text("select 1 / (count(*) - 2) as amount from {{ ref('fct_signed') }}", "utf-8")
    assert "DIVIDE_BY_ZERO" in run_small(thrift, GOOD, "ccc").failures[0], "ANSI is on"


def test_ctrl_c_ends_the_work_of_the_server_and_not_the_server(started: Server, tmp_path: Path) -> None:
    project = project_for_spark(tmp_path / "project", {"fct_long": LONG.format(rows=10**12)})
    home, (server, process) = tmp_path / "home", started
    log = tmp_path / "log"
    pipeline = start_small(home, project, log, spark_thrift=server)
    assert not _is_idle(process.pid)
    pipeline.send_signal(signal.SIGINT)
    assert pipeline.wait(60) != 0
    wait_until(lambda: _is_idle(process.pid), "the end of the work", log, 120)
    assert run_small(small_settings(home, project_for_spark(tmp_path / "again"), spark_thrift=server)).success


def _is_idle(server: int) -> bool:
    """Whether the Java of a server computes nothing: less than a quarter of a second in two."""
    java = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    before = _seconds(java)
    time.sleep(2)
    return _seconds(java) - before < 0.25


def _seconds(processes: list[str]) -> float:
    """Processor time."""
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(") ")[2].split() for one in processes]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def test_a_server_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    settings = small_settings(
        tmp_path / "home", project_for_spark(tmp_path / "project"), spark_thrift=f"127.0.0.1:{free_port()}"
    )
    outcome = run_small(settings)
    assert outcome.exit_code == 1
    assert "Spark cannot begin: Could not connect" in outcome.failures[0]
