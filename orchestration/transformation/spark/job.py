"""What is asked of Spark's environment, as a file: both sides read it, so it needs the standard library alone.

Belongs here: its fields, writing, reading. Does not belong here: filling it (``calculation``), doing it (``program``).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

#: the variable that names the file
JOB = "INCENTIVES_SPARK_JOB"


@dataclass(frozen=True)
class SparkJob:
    """One invocation of dbt on Spark.

    Args:
        python: The Python of Spark's environment.
        made: Folder that gets the tables, ``schema.db/table/*.parquet``.
        statements: SQL to run before dbt: the schemas and the landed tables.
        log: What Spark and its Java say.
        failure: Written when Spark itself fails: one sentence.
        master: Where tasks run: ``local[*]`` or ``spark://host:port``.
        memory: Of each Java process, as Spark writes it (``3g``).
        thrift: ``host:port`` of a server to use in place of a session of our own; empty: none.
        wait_seconds: How long to go without any worker before giving up.
    """

    python: str
    made: str
    statements: tuple[str, ...]
    log: str
    failure: str
    master: str = "local[*]"
    memory: str = "3g"
    thrift: str = ""
    wait_seconds: float = 120.0

    def write(self, path: Path) -> None:
        """Write the file."""
        path.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")


def read_job(path: str | Path) -> SparkJob:
    """The job of a file."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    return SparkJob(**{**content, "statements": tuple(content["statements"])})
