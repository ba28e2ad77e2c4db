"""Runs dbt on Spark in this process; run by the Python of Spark's own environment.

    python run_dbt.py LANDED MADE DBT_ARGUMENT...

LANDED holds a folder of Parquet for each raw table (``schema/table/*.parquet``), MADE gets one for each table made
(``schema.db/table/*.parquet``). The exit status is 0 when dbt says that all went well.

Belongs here: the machine's part of the session (cores, memory, folders). Does not belong here: what SQL means
(``server_side_parameters`` in profiles.yml), the functions in SQL (``dbt_project/python/spark_functions.py``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
MEMORY, CORES = "3g", 2
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


def main(landed: Path, made: Path, arguments: Sequence[str]) -> int:
    """Read the landed tables, run dbt; its exit status."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    sys.path.insert(0, str(PROJECT / "python"))
    from spark_functions import register_functions

    spark = _session(made)
    try:
        register_functions(spark)
        _read_landed(spark, landed)
        return _dbt(arguments)
    finally:
        spark.stop()


def _session(made: Path) -> Any:
    from pyspark.sql import SparkSession

    settings = _HISTORY | {
        "spark.driver.memory": os.environ.get("INCENTIVES_SPARK_MEMORY", MEMORY),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": str(made.resolve()),
    }
    builder = SparkSession.builder.master(f"local[{CORES}]").appName("incentives")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def _read_landed(spark: Any, landed: Path) -> None:
    for table in sorted(landed.glob("*/*")):
        schema = table.parent.name
        spark.sql(f"create database if not exists {schema}")
        spark.sql(f"create table {schema}.{table.name} using parquet location '{table.resolve()}'")


def _dbt(arguments: Sequence[str]) -> int:
    from dbt.cli.main import dbtRunner

    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    result = dbtRunner().invoke([*arguments, "--target", "spark", *folders])
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
