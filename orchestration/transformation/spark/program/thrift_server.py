"""A server that dbt reaches over thrift: one session for all, with the project's functions in SQL.

    python -m orchestration.transformation.spark.program.thrift_server --port 10000 [--host 127.0.0.1]
        [--master spark://host:port] [--memory 3g] [--tables FOLDER] [--wait-seconds 120]

A server serves one home at a time: its schemas are those of the run that uses it. A server that others start has none
of the functions. It computes with the settings of the profile, ANSI among them.

Belongs here: starting and ending. Does not belong here: the session (``session``), who may connect (Hive's settings
in Spark's own configuration, ``spark.hadoop.hive.server2.*``).
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from orchestration.transformation.spark.program.session import open_session, watch_workers


def main(arguments: Sequence[str]) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    wanted = _parsed(arguments)
    server = {
        # beside spark.jars: the end of one session of Hive closes the loader of those for all (3.5.9)
        "spark.driver.extraClassPath": f"{sys.prefix}/jars/*",
        "spark.sql.hive.thriftServer.singleSession": "true",
        "spark.hadoop.hive.server2.thrift.port": str(wanted.port),
        "spark.hadoop.hive.server2.thrift.bind.host": wanted.host,
    }
    spark = open_session(wanted.tables, wanted.master, wanted.memory, server)
    context = spark.sparkContext
    watch_workers(spark, wanted.wait_seconds, lambda _: context.cancelAllJobs())
    thrift = context._jvm.org.apache.spark.sql.hive.thriftserver.HiveThriftServer2
    thrift.startWithContext(spark._jsparkSession.sqlContext())
    sys.stdout.write(f"thrift: {wanted.host}:{wanted.port}\n")
    sys.stdout.flush()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    spark.stop()


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="thrift_server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=10000)
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--memory", default="3g")
    parser.add_argument("--tables", default="spark-tables")
    parser.add_argument("--wait-seconds", type=float, default=120.0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
