"""A standalone cluster on loopback: a master and some workers, ended by their ids when the work is done.

    python -m scripts.services.spark.cluster COMMAND...

runs a command with the variables that send its calculations to a cluster of two workers; its exit status.

Belongs here: these processes. Does not belong here: what runs on them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.services.processes import SERVICES, end, free_port, start, wait_until

ENVIRONMENT = SERVICES / "spark"
MEMORY = "3g"
_DAEMONS = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m", "SPARK_NO_DAEMONIZE": "1"}


@dataclass
class Cluster:
    """A master and its workers.

    Args:
        folder: Of their logs and working files.
        master: Its process.
        url: Where drivers find it.
        page: Where it tells of itself.
        workers: Their processes.
    """

    folder: Path
    master: subprocess.Popen[bytes]
    url: str
    page: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def alive(self) -> int:
        """Workers that the master counts as alive; none when it does not answer."""
        try:
            with urllib.request.urlopen(f"{self.page}/json/", timeout=5) as answer:
                return int(json.load(answer)["aliveworkers"])
        except (OSError, urllib.error.URLError, ValueError):
            return 0

    def add_worker(self) -> None:
        """Start one more worker of one core and wait until the master knows it."""
        number = len(self.workers)
        wanted = self.alive() + 1
        options = [
            "--host",
            "127.0.0.1",
            "--webui-port",
            str(free_port()),
            "--cores",
            "1",
            "--memory",
            MEMORY,
        ]
        options += ["--work-dir", str(self.folder / f"worker{number}")]
        self.workers.append(
            _daemon("worker.Worker", [*options, self.url], self.folder / f"worker{number}.log")
        )
        wait_until(
            lambda: self.alive() >= wanted, "a worker of Spark", self.folder / f"worker{number}.log", 180
        )


def spark_home(environment: Path = ENVIRONMENT) -> Path:
    """The folder of Spark in an environment."""
    return next(environment.glob("lib/python3*/site-packages/pyspark"))


@contextmanager
def standalone(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster while the block runs.

    Args:
        folder: For logs and working files.
        workers: How many, of one core each.

    Raises:
        ServiceFailed: It did not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port, page = free_port(), free_port()
    options = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", str(page)]
    log = folder / "master.log"
    cluster = Cluster(
        folder,
        _daemon("master.Master", options, log),
        f"spark://127.0.0.1:{port}",
        f"http://127.0.0.1:{page}",
    )
    try:
        wait_until(lambda: _answers(cluster.page), "the master of Spark", log, 180)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in (*cluster.workers, cluster.master):
            end(process)


def _daemon(name: str, options: list[str], log: Path) -> subprocess.Popen[bytes]:
    home = spark_home()
    program = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *options]
    return start(program, log, _DAEMONS | {"SPARK_HOME": str(home)})


def _answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(f"{page}/json/", timeout=5):
            return True
    except OSError:
        return False


def variables(cluster: Cluster) -> dict[str, str]:
    """What sends a run of the pipeline to a cluster."""
    return {
        "INCENTIVES_ENGINE": "spark",
        "INCENTIVES_SPARK_MASTER": cluster.url,
        "INCENTIVES_SPARK_MEMORY": MEMORY,
        "INCENTIVES_SPARK_PYTHON": str(ENVIRONMENT / "bin" / "python"),
    }


def main(command: list[str]) -> int:
    """Run a command with a cluster of two workers."""
    with tempfile.TemporaryDirectory(prefix="spark-") as folder, standalone(Path(folder)) as cluster:
        sys.stdout.write(f"Spark: master {cluster.url}, {cluster.alive()} workers\n")
        sys.stdout.flush()
        return subprocess.run(command, env=os.environ | variables(cluster), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
