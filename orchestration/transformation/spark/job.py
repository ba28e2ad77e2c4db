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
        warehouse: The DuckDB file of landed rows.
        sources: Raw tables that models read, ``schema.table``.
        schemas: Of the models.
        work: Folder of what is under way.
        raw: Folder of the raw tables, where no catalogue is named.
        log: What Spark and its Java say.
        catalog: A catalogue of Spark's own settings for the raw tables; empty: none.
        master: Where tasks run: ``local[*]`` or ``spark://host:port``.
        memory: Of each Java process, as Spark writes it (``3g``).
        thrift: ``host:port`` of a server to use in place of a session of our own; empty: none.
        wait_seconds: How long to go without any worker before giving up.
    """

    python: str
    warehouse: str
    sources: tuple[str, ...]
    schemas: tuple[str, ...]
    work: str
    raw: str
    log: str
    catalog: str = ""
    master: str = "local[*]"
    memory: str = "3g"
    thrift: str = ""
    wait_seconds: float = 120.0

    @property
    def made(self) -> Path:
        """Folder that gets the tables, ``schema.db/table/*.parquet``."""
        return Path(self.work) / "made"

    @property
    def failure(self) -> Path:
        """Written when Spark itself fails: one sentence."""
        return Path(self.work) / "failure.txt"

    @property
    def landed(self) -> Path:
        """Written when the raw tables are those of the warehouse: what was done for it."""
        return Path(self.work) / "landed.txt"

    def write(self) -> Path:
        """Write the file; where it lies."""
        path = Path(self.work) / "job.json"
        path.write_text(json.dumps(asdict(self), indent=2), encoding="utf-8")
        return path


def read_job(path: str | Path) -> SparkJob:
    """The job of a file."""
    content = json.loads(Path(path).read_text(encoding="utf-8"))
    lists = {name: tuple(content[name]) for name in ("sources", "schemas")}
    return SparkJob(**{**content, **lists})
