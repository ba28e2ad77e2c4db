"""A Spark session of this process, and the watch on its workers.

Belongs here: the machine's part of a session (where tasks run, memory, folders). Does not belong here: what SQL means
(``server_side_parameters`` in profiles.yml, which a session takes from there), the functions in SQL
(``dbt_project/python/spark_functions.py``).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[4] / "dbt_project"
#: Thousands of small queries: little is kept of each, for the plans of one can take hundreds of megabytes.
_HISTORY = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.ui.retainedJobs": "10",
    "spark.ui.retainedStages": "10",
    "spark.ui.retainedTasks": "100",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.sql.maxPlanStringLength": "1000",
}
_LOOPBACK = ("local", "spark://127.0.0.1")


def open_session(made: str, master: str, memory: str, more: Mapping[str, str] | None = None) -> Any:
    """A session with the project's functions in SQL.

    Args:
        made: Folder of the tables of schemas that name none.
        master: Where tasks run.
        memory: Of each Java process.
        more: Further settings of Spark.
    """
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    settings = _HISTORY | {
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": made,
        "spark.jars": ",".join(str(jar) for jar in Path(sys.prefix).glob("jars/*.jar")),
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    }
    if master.startswith(_LOOPBACK):
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master(master).appName("incentives")
    for name, value in (settings | meaning_of_sql() | dict(more or {})).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    sys.path.insert(0, str(PROJECT / "python"))
    from spark_functions import register_functions

    register_functions(spark)
    return spark


def meaning_of_sql() -> dict[str, Any]:
    """The settings of the profile that say what SQL means."""
    import yaml

    profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    found: dict[str, Any] = profiles["incentives"]["outputs"]["spark"]["server_side_parameters"]
    return found


def watch_workers(spark: Any, seconds: float, give_up: Callable[[str], None]) -> None:
    """Give up when there has been no worker for a time: Spark itself would wait for one for ever.

    Args:
        spark: A session; nothing is watched when it computes in this process.
        seconds: The time.
        give_up: Called with a sentence, from a thread of its own, once for each such time.
    """
    master = spark.sparkContext.master
    if not master.startswith("local"):
        threading.Thread(target=_watch, args=(spark, master, seconds, give_up), daemon=True).start()


def _watch(spark: Any, master: str, seconds: float, give_up: Callable[[str], None]) -> None:
    context = spark.sparkContext._jsc.sc()
    seen = time.monotonic()
    while not context.isStopped():
        time.sleep(min(1.0, seconds / 10))
        if context.getExecutorMemoryStatus().size() > 1:  # the driver is one of them
            seen = time.monotonic()
        elif time.monotonic() - seen > seconds:
            give_up(f"no worker of {master} has been there for {seconds:.0f} seconds")
            seen = time.monotonic()
