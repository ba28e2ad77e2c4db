"""Where a calculation on Spark lies: what it reads, what it makes, what is kept of earlier ones.

    HOME/spark/raw/schema/table                          raw rows, Iceberg tables (``program.raw_tables``)
    HOME/spark/work/rows.parquet                         raw rows on their way there
    HOME/spark/work/made/schema.db/table/*.parquet       tables on their way; moved as a whole when all are there
    HOME/spark/tables/NAME/schema.db/table/*.parquet     tables of a calculation, for as long as a warehouse reads them

Belongs here: these folders and when they go. Does not belong here: what reads the tables (``views``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from connectors.common.warehouse import open_warehouse
from orchestration.settings import Settings


def work_folder(settings: Settings) -> Path:
    """The folder of what is under way."""
    return settings.spark / "work"


def begin_work(settings: Settings) -> Path:
    """An empty folder for a calculation; what an interrupted one left is removed."""
    work = work_folder(settings)
    if work.exists():
        shutil.rmtree(work)
    (work / "made").mkdir(parents=True)
    return work


def keep_tables(settings: Settings, made: Path, name: str) -> Path:
    """Move the tables of a whole calculation to where warehouses read them, all at once; their folder.

    Args:
        settings: Where the home lies.
        made: The folder they were made in.
        name: Of the calculation, not used before.
    """
    target = settings.spark / "tables" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    return made.rename(target)


def forget_unread(settings: Settings) -> None:
    """Remove the tables of calculations that neither the warehouse nor what is kept for explanations reads.

    Where DuckDB computes and nobody reads any, all that Spark left goes.
    """
    kept = settings.spark / "tables"
    if not kept.exists():
        return
    warehouses = [settings.warehouse, *settings.explained.glob("*/*.duckdb")]
    read = "\n".join(text for one in warehouses if one.exists() for text in _views(one))
    unread = [folder for folder in kept.iterdir() if f"/{folder.name}/" not in read]
    for folder in unread:
        shutil.rmtree(folder)
    if settings.engine == "duckdb" and not any(kept.iterdir()):
        shutil.rmtree(settings.spark)


def _views(warehouse: Path) -> Iterable[str]:
    with open_warehouse(warehouse, read_only=True) as connection:
        found = connection.execute("select sql from duckdb_views() where not internal").fetchall()
        return [sql for (sql,) in found]
