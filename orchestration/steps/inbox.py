"""Which folders of the inbox are complete deliveries.

Belongs here: the two signs of completeness.
Does not belong here: landing them (``steps.landing``), Dagster (``sensors``).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

READY_MARK = "_READY"
QUIET_SECONDS = 60.0


def is_complete(folder: Path, now: float) -> bool:
    """Whether a delivery has arrived as a whole: it says so by a ``_READY`` file, or nothing changed for a minute.

    Args:
        folder: The delivery folder.
        now: Seconds since the epoch.
    """
    if (folder / READY_MARK).exists():
        return True
    files = [path for path in folder.rglob("*") if path.is_file()]
    newest = max((path.stat().st_mtime for path in [*files, folder]), default=now)
    return bool(files) and now - newest >= QUIET_SECONDS


def complete_deliveries(inbox: Path, now: float) -> list[Path]:
    """The complete delivery folders in the inbox, by name; a name beginning with a dot or underscore is none."""
    if not inbox.is_dir():
        return []
    folders = [path for path in sorted(inbox.iterdir()) if path.is_dir() and path.name[0] not in "._"]
    return [folder for folder in folders if is_complete(folder, now)]


def folder_hash(folder: Path) -> str:
    """SHA-256 over names and contents of a delivery, the ready mark left out: the key of the run that lands it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != READY_MARK:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            with path.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()
