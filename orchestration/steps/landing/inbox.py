"""The inbox: which folders are complete deliveries, and where they go once they are taken or refused.

    inbox/NAME/             a delivery: complete when it holds ``_READY``
    inbox/SOURCE/NAME/      the same for a source whose folder holds ``mapping.yml``
    inbox/landed/…          deliveries that were taken
    inbox/rejected/…        deliveries that were refused, each with its report beside it

Belongs here: names, marks, keys and moves. Does not belong here: landing (``steps.landing``), Dagster (``sensors``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import Settings

READY_MARK = "_READY"
SNAPSHOT_MARK = "_SNAPSHOT"
MAPPING = "mapping.yml"
LANDED, REJECTED = "landed", "rejected"


@dataclass(frozen=True)
class InboxDelivery:
    """One complete delivery in the inbox.

    Args:
        folder: Where it lies.
        name: Its path inside the inbox, such as ``2026-10`` or ``crm/2026-10``.
        mapping: The mapping file of its files, if they are foreign.
    """

    folder: Path
    name: str
    mapping: Path | None = None

    @property
    def is_snapshot(self) -> bool:
        """Whether it says that it holds all records of its entities."""
        return (self.folder / SNAPSHOT_MARK).exists()


def is_complete(folder: Path, now: float, quiet_seconds: float | None = None) -> bool:
    """Whether a delivery has arrived as a whole.

    Args:
        folder: The delivery folder.
        now: Seconds since the epoch.
        quiet_seconds: Accept a folder without ``_READY`` that has not changed for so long; None: never.
    """
    if (folder / READY_MARK).exists():
        return True
    if quiet_seconds is None:
        return False
    files = [path for path in folder.rglob("*") if path.is_file()]
    newest = max((path.stat().st_mtime for path in [*files, folder]), default=now)
    return bool(files) and now - newest >= quiet_seconds


def complete_deliveries(settings: Settings, now: float) -> list[InboxDelivery]:
    """The complete deliveries in the inbox, by name; a name beginning with a dot or underscore is none."""
    return [
        one
        for one in _deliveries(settings.inbox)
        if is_complete(one.folder, now, settings.inbox_quiet_seconds)
    ]


def waiting_deliveries(settings: Settings, now: float) -> list[str]:
    """Names of folders in the inbox that are not complete."""
    complete = {one.name for one in complete_deliveries(settings, now)}
    return [one.name for one in _deliveries(settings.inbox) if one.name not in complete]


def _deliveries(inbox: Path) -> Iterator[InboxDelivery]:
    for folder in _folders(inbox):
        if folder.name in {LANDED, REJECTED}:
            continue
        mapping = folder / MAPPING if (folder / MAPPING).is_file() else None
        inner = list(_folders(folder))
        if mapping and inner:
            for one in inner:
                own = one / MAPPING if (one / MAPPING).is_file() else mapping
                yield InboxDelivery(one, f"{folder.name}/{one.name}", own)
        else:
            yield InboxDelivery(folder, folder.name, mapping)


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return [path for path in sorted(parent.iterdir()) if path.is_dir() and path.name[0] not in "._"]


def content_hash(delivery: InboxDelivery) -> str:
    """SHA-256 over names and contents of a delivery and of its mapping, the ready mark left out.

    Of a link its target counts as text: what it leads to may lie outside, and the import says whether it is taken.
    """
    digest = hashlib.sha256()
    files = [
        (path.relative_to(delivery.folder).as_posix(), path) for path in sorted(delivery.folder.rglob("*"))
    ]
    if delivery.mapping is not None and delivery.mapping.parent != delivery.folder:
        files.append((f"../{MAPPING}", delivery.mapping))
    for name, path in files:
        if path.name == READY_MARK:
            continue
        if path.is_symlink():
            digest.update(f"{name}\0link\0{path.readlink()}\0".encode(errors="surrogateescape"))
        elif path.is_file():
            digest.update(f"{name}\0".encode())
            with path.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def delivery_key(delivery: InboxDelivery, content: str | None = None) -> str:
    """The key of a delivery: its name and its content.

    Args:
        delivery: The delivery.
        content: Its content hash, when it is known already.
    """
    return hashlib.sha256(f"{delivery.name}\0{content or content_hash(delivery)}".encode()).hexdigest()


def set_aside(settings: Settings, delivery: InboxDelivery, place: str) -> Path:
    """Move a delivery to ``inbox/landed`` or ``inbox/rejected``, under a free name.

    Returns:
        Where it lies now.
    """
    wanted = settings.inbox / place / delivery.name
    target, number = wanted, 1
    while target.exists():
        number += 1
        target = wanted.with_name(f"{wanted.name}.{number}")
    target.parent.mkdir(parents=True, exist_ok=True)
    delivery.folder.replace(target)
    return target
