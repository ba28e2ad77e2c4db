"""Runs dbt on Spark; started by the Python of Spark's own environment in the place of dbt's command line.

    INCENTIVES_SPARK_JOB=job.json python -m orchestration.transformation.spark.program.run_dbt DBT_ARGUMENT...

What dbt says goes to stdout, what Spark says to the log of the job. The exit status is that of dbt.
It ends with its parent, and Spark with it: Java leaves when this process is gone, and the master ends what it started.

Belongs here: the order of things, and ending. Does not belong here: the session (``session``).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from orchestration.runtime.parent_watch import leave_with_parent
from orchestration.transformation.spark.job import JOB, SparkJob, read_job
from orchestration.transformation.spark.program.raw_tables import Sql, bring_raw_rows
from orchestration.transformation.spark.program.session import open_session, watch_workers

_STOPPED, _NO_SPARK = 130, 3


def main(job: SparkJob, arguments: Sequence[str]) -> NoReturn:
    """Bring the landed rows, run dbt, end with its exit status."""
    threading.Thread(target=leave_with_parent, args=(os.getppid(),), daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    _send_errors_to(job.log)
    try:
        told = bring_raw_rows(job, _on_a_server(job) if job.thrift else _in_a_session(job))
        job.landed.write_text(told, encoding="utf-8")
    except Exception as error:  # noqa: BLE001  whatever it is, the pipeline needs the sentence
        _give_up(job, f"Spark cannot begin: {' '.join(str(error).split())[:500]}")
    status = _dbt(arguments)
    sys.stdout.flush()
    os._exit(status)  # with the session as it is: its orderly end takes seconds


def _leave(*_: Any) -> None:
    """Stop at once: what was half made lies in a folder that nobody reads."""
    os._exit(_STOPPED)


def _send_errors_to(log: str) -> None:
    with Path(log).open("ab") as out:
        os.dup2(out.fileno(), sys.stderr.fileno())


def _give_up(job: SparkJob, sentence: str) -> NoReturn:
    job.failure.write_text(sentence, encoding="utf-8")
    os._exit(_NO_SPARK)


def _in_a_session(job: SparkJob) -> Sql:
    os.environ["INCENTIVES_SPARK_METHOD"] = "session"
    spark = open_session(str(job.made), job.master, job.memory)
    watch_workers(spark, job.wait_seconds, lambda sentence: _give_up(job, sentence))
    threading.Thread(target=_watch_java, args=(job, spark.sparkContext._gateway.proc), daemon=True).start()
    return lambda statement: spark.sql(statement).collect()


def _watch_java(job: SparkJob, java: Any) -> None:
    """Give up when Java is gone: each of the models left would fail for itself."""
    status = java.wait()
    _give_up(job, f"Java, in which Spark runs, ended before all models were made (status {status})")


def _on_a_server(job: SparkJob) -> Sql:
    from pyhive import hive

    host, _, port = job.thrift.rpartition(":")
    os.environ |= {
        "INCENTIVES_SPARK_METHOD": "thrift",
        "INCENTIVES_SPARK_HOST": host,
        "INCENTIVES_SPARK_PORT": port,
    }
    cursor = hive.connect(host=host, port=int(port)).cursor()

    def run(statement: str) -> Sequence[tuple[Any, ...]]:
        cursor.execute(statement)
        # PyHive 0.7 fails over the result of a statement that has no columns
        return cursor.fetchall() if statement.startswith(("select", "show")) else []

    return run


def _dbt(arguments: Sequence[str]) -> int:
    sys.path.append(
        str(Path(__file__).parent / "plugin")
    )  # where dbt finds the adapter that the profile names
    from dbt.cli.main import dbtRunner

    result = dbtRunner().invoke([*arguments, "--target", "spark"])
    return 0 if result.success else 1


if __name__ == "__main__":
    main(read_job(os.environ[JOB]), sys.argv[1:])
