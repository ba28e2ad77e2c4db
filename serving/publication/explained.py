"""The warehouse as it was published, kept for explanations: no run writes it, so a run never changes the answer.

    explained/<publication_id>/warehouse.duckdb     of the current publication; removed with the next one

Belongs here: keeping and finding the copy. Does not belong here: what is read in it (``serving.lineage``).
"""

import os
import shutil
from pathlib import Path

from connectors.common.warehouse import copy_warehouse
from serving.publication.versions import current_publication

_UNFINISHED = ".unfinished-"


def keep_warehouse(warehouse: Path, target: Path, publication_id: str) -> None:
    """Copy the warehouse of a publication before it becomes the current one; nothing to do when it is kept already.

    Args:
        warehouse: DuckDB file; nobody may be writing to it.
        target: Folder of the copies.
        publication_id: Whose warehouse it is.
    """
    if (target / publication_id).exists():
        return
    target.mkdir(parents=True, exist_ok=True)
    for left in target.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)
    unfinished = target / f"{_UNFINISHED}{os.getpid()}"
    unfinished.mkdir()
    try:
        # views name their database, which is the name of its file
        copy_warehouse(warehouse, unfinished / warehouse.name)
    except OSError:
        shutil.rmtree(unfinished)  # where the disk is full, half a copy would keep the next run from its end
        raise
    unfinished.replace(target / publication_id)


def forget_others(target: Path, publication_id: str) -> None:
    """Remove the copies of other publications, and what a killed run left behind."""
    for folder in target.iterdir():
        if folder.name != publication_id:
            shutil.rmtree(folder)


def kept_warehouse(published: Path, target: Path) -> Path | None:
    """The copy of the current publication; None before the first one, or when it was made without a copy."""
    current = current_publication(published)
    kept = sorted((target / current.name).glob("*.duckdb")) if current else []
    return kept[0] if kept else None
