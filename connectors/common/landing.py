"""Landing: typed Arrow tables are appended to the warehouse through dlt, with a frozen schema.

Belongs here: the one place that knows dlt. Does not belong here: what is landed, and when a load counts
as complete (each connector writes its own marker last).

Facts this rests on (dlt 1.31, tried 2026-10): Arrow decimals keep precision and scale; a naive timestamp
needs the hint `timezone: False`, else it becomes TIMESTAMP WITH TIME ZONE; an empty table with a schema
creates the table; loaded packages stay on disk unless `delete_completed_jobs` is set.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.problems import ImportProblem
from connectors.common.storage import is_damage
from connectors.common.warehouse import ensure_warehouse, unreadable

if TYPE_CHECKING:
    import pyarrow as pa

_PLAIN = re.compile(r"[\w/. :~+@,()\-]*")


@dataclass(frozen=True)
class LandingTable:
    """One table to append to.

    Attributes:
        name: Table name inside the dataset.
        schema: Exact columns and types.
        batches: Makes the rows; called once. Without any the table is made, and stays as it is where it is there.
        may_grow: The schema has columns that the existing table lacks; they are added.
    """

    name: str
    schema: pa.Schema
    batches: Callable[[], Iterator[pa.Table]] = lambda: iter(())
    may_grow: bool = False


def land(
    tables: Sequence[LandingTable], *, pipeline: str, dataset: str, warehouse: Path, dlt_dir: Path
) -> None:
    """Append rows to tables of one dataset, creating the tables that do not exist.

    Not atomic over tables: the caller marks the load as complete afterwards, and removes rows of loads
    without the mark before the next one.

    Args:
        tables: What to land.
        pipeline: dlt pipeline name; its working folder under `dlt_dir` has the same name.
        dataset: Schema in the warehouse.
        warehouse: DuckDB file; no other connection may hold it.
        dlt_dir: Folder for dlt's working state.

    Raises:
        UserError: dlt's working state, or the warehouse, is damaged.
    """
    import dlt

    _configure(dlt)
    ensure_warehouse(warehouse)
    dlt_dir.mkdir(parents=True, exist_ok=True)
    marker = dlt_dir / f".{pipeline}.running"
    if marker.exists():  # the last run was killed: its packages must not be loaded late
        shutil.rmtree(dlt_dir / pipeline, ignore_errors=True)
    marker.touch()
    _refuse_damaged_state(dlt_dir / pipeline)
    with _plain_places(warehouse, dlt_dir) as (database, pipelines_dir):
        runner = dlt.pipeline(
            pipeline,
            pipelines_dir=str(pipelines_dir),
            destination=dlt.destinations.duckdb(str(database)),
            dataset_name=dataset,
        )
        try:
            runner.run([_resource(dlt, table) for table in tables])
        except Exception as error:
            if is_damage(error):
                raise unreadable(warehouse, error) from error
            raise
    marker.unlink()


def _refuse_damaged_state(folder: Path) -> None:
    """Name a file of dlt's working state that dlt did not write so.

    Raises:
        ImportProblem: A file is damaged.
    """
    for file in (folder / "state.json", *sorted(folder.glob("schemas/*.json"))):
        try:
            content = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise ImportProblem(
                "the working state of the landing is damaged",
                where=str(file),
                hint=f"remove the folder {folder}, then run the same command again: what the landing has to remember "
                "is in the warehouse as well",
            )


@contextmanager
def _plain_places(warehouse: Path, dlt_dir: Path) -> Iterator[tuple[Path, Path]]:
    """The warehouse and a working folder under paths that dlt can write into SQL as they are.

    dlt puts the paths of its files between apostrophes, formats them with %, and lets the engine read signs in
    them as patterns and name=value as a column. Where a path has such signs, dlt works in a temporary folder
    with a link to the warehouse's; what it has to remember is in the warehouse.
    """
    if all(_PLAIN.fullmatch(str(place.absolute())) for place in (warehouse, dlt_dir)):
        yield warehouse, dlt_dir
        return
    with tempfile.TemporaryDirectory(prefix="incentives-landing-") as place:
        link = Path(place) / "warehouse"
        link.symlink_to(warehouse.parent.absolute(), target_is_directory=True)
        yield link / warehouse.name, Path(place) / "dlt"


def _configure(dlt: Any) -> None:
    dlt.config["runtime.dlthub_telemetry"] = False
    dlt.config["runtime.log_level"] = "ERROR"
    dlt.config["load.delete_completed_jobs"] = True
    # it keeps the first Ctrl-C to itself until a thread asks for it, and forgets it where none does
    dlt.config["runtime.intercept_signals"] = False
    logging.getLogger(
        "dlt"
    ).disabled = True  # it writes stack traces to stderr; what stops a landing is raised


def _resource(dlt: Any, table: LandingTable) -> Any:
    def rows() -> Iterator[pa.Table]:
        yield table.schema.empty_table()
        yield from table.batches()

    return dlt.resource(
        rows,
        name=table.name,
        columns=_hints(table.schema),
        write_disposition="append",
        schema_contract={
            "tables": "evolve",
            "columns": "evolve" if table.may_grow else "freeze",
            "data_type": "freeze",
        },
    )


def _hints(schema: pa.Schema) -> dict[str, dict[str, Any]]:
    import pyarrow as pa

    return {
        field.name: {"name": field.name, "data_type": "timestamp", "timezone": False, "precision": 6}
        for field in schema
        if pa.types.is_timestamp(field.type)
    }
