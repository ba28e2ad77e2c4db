"""Publication: all marts of a finished calculation, written beside the old version and switched in one step.

Belongs here: the order of the steps. Does not belong here: the bytes (`exports.py`), the switch (`versions.py`),
deciding whether to publish (orchestration). Readers see the old version or the new one, whole, at any moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serving.database import open_readonly, quoted, tables_of, views_of
from serving.errors import PublicationError
from serving.publication.documents import Documents
from serving.publication.explained import forget_others, keep_warehouse
from serving.publication.exports import export_marts
from serving.publication.manifest import build_manifest, write_manifest
from serving.publication.parquet import ExportedFile
from serving.publication.versions import complete, make_current, new_version, one_publisher, prune


@dataclass(frozen=True, slots=True)
class PublicationReport:
    """What a publication did.

    Attributes:
        publication_id: Hash of the content.
        folder: The version's own folder.
        is_new: False when the same content was current already (nothing changed).
        marts: Rows by mart.
        periods: Periods with files.
        files: Number of Parquet files.
        bytes: Size of the version, snapshot included.
        pruned: Ids of old versions removed.
    """

    publication_id: str
    folder: Path
    is_new: bool
    marts: Mapping[str, int]
    periods: tuple[str, ...]
    files: int
    bytes: int
    pruned: tuple[str, ...] = ()


def publish(
    warehouse: Path,
    target: Path,
    *,
    publication: Mapping[str, Any],
    documents: Documents | None = None,
    explained: Path | None = None,
) -> PublicationReport:
    """Publish all tables of the schema `marts`.

    Args:
        warehouse: DuckDB file; nobody may be writing to it.
        target: Folder of publications; readers use `target/current/…` or the links beside it.
        publication: What identifies the run, for the manifest: plain data, no wall-clock times (they would
            make every publication a new one).
        documents: Descriptions, columns never NULL and keys of the marts by name; None without any.
        explained: Folder that keeps the warehouse as it was published, for explanations; None: it is not kept.

    Raises:
        DatabaseMissingError: there is no warehouse.
        PublicationError: there is no mart, not every row was exported, or the documents promise what does not hold.
    """
    expected, plans = _contents(warehouse)
    with one_publisher(target):
        unfinished = new_version(target)
        files = export_marts(warehouse, unfinished, documents or {})
        marts = _checked_rows(expected, files)
        manifest = build_manifest(unfinished, files, marts=marts, publication=publication, plans=plans)
        write_manifest(unfinished, manifest)
        folder, _ = complete(target, unfinished, manifest["publication_id"])
        if explained is not None:
            keep_warehouse(warehouse, explained, folder.name)
        is_new = make_current(target, folder)
        if explained is not None:
            forget_others(explained, folder.name)
        pruned = prune(target)
    return PublicationReport(
        publication_id=manifest["publication_id"],
        folder=folder,
        is_new=is_new,
        marts=marts,
        periods=tuple(sorted({file.period for file in files if file.period is not None})),
        files=len(files),
        bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        pruned=pruned,
    )


def _contents(warehouse: Path) -> tuple[dict[str, int | None], dict[str, str]]:
    """Rows by mart (None: a view, computed once, at its export), and the hashes of the plans in force by plan id."""
    with open_readonly(warehouse) as connection:
        views = views_of(connection, "marts")
        rows: dict[str, int | None] = dict.fromkeys(tables_of(connection, "marts"))
        for mart in rows:
            if mart not in views:
                row = connection.execute(f"select count(*) from marts.{quoted(mart)}").fetchone()
                rows[mart] = int(row[0]) if row else 0
        plans: list[tuple[str, str]] = []
        if "dim_plan" in rows:
            query = "select plan_id, plan_hash from marts.dim_plan order by plan_id"
            plans = connection.execute(query).fetchall()
        return rows, dict(plans)


def _checked_rows(expected: Mapping[str, int | None], files: Sequence[ExportedFile]) -> dict[str, int]:
    """Rows exported by mart: all that there were."""
    exported = dict.fromkeys(expected, 0)
    for file in files:
        exported[file.mart] += file.rows
    for mart, rows in expected.items():
        if rows not in (None, exported[mart]):
            raise PublicationError(
                f"marts.{mart} has {rows} rows, but {exported[mart]} were exported",
                "Nothing was published; see that no other process writes to the warehouse, and publish again.",
            )
    return exported
