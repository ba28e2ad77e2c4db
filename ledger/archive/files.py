"""Files of archives, named by the SHA-256 of their content, and the manifest that says what each one is.

    books/objects/ab/abcd….parquet     inputs, lines, provenance, plan files; equal content is kept once
    books/archives/<id>.json           the manifest; its name is the SHA-256 of its content

Belongs here: writing, reading and checking them. Does not belong here: what goes into an archive (``capture``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.entries.entry import Entry, canonical
from ledger.errors import ArchiveError

_RESTORE = "restore the folder books of the home from a backup; nothing is computed over a damaged archive"


@dataclass(frozen=True)
class Archive:
    """One archived calculation.

    Args:
        archive_id: SHA-256 of the manifest.
        folder: The folder ``books``.
        content: The manifest.
    """

    archive_id: str
    folder: Path
    content: Mapping[str, Any]

    @property
    def period(self) -> str:
        """The month it was made for."""
        return str(self.content["period"])

    @property
    def periods(self) -> Mapping[str, str]:
        """Hash of the payout lines of each month that a lock of it closes."""
        found: Mapping[str, str] = self.content["periods"]
        return found

    @property
    def calculation(self) -> Mapping[str, str]:
        """run_id, as_of, timezone and code_version."""
        found: Mapping[str, str] = self.content["calculation"]
        return found

    @property
    def input_hash(self) -> str:
        """SHA-256 over inputs and plan files."""
        return sha256_of_text(canonical({name: self.content[name] for name in ("inputs", "plans")}))

    def file(self, name: str) -> Path:
        """A file of the books part, with its content checked: lines, provenance, causes.

        Raises:
            ArchiveError: It is missing or damaged.
        """
        return checked_object(self.folder, self.content["books"][name], f"{name} of {self.period}")

    def inputs(self) -> Iterator[tuple[str, Path]]:
        """Table and file of each input, with its content checked.

        Raises:
            ArchiveError: One is missing or damaged.
        """
        for table, about in self.content["inputs"].items():
            yield table, checked_object(self.folder, about["file"], f"{table} of {self.period}")

    def plan_files(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of each plan file.

        Raises:
            ArchiveError: One is missing or damaged.
        """
        for name, file in self.content["plans"].items():
            yield name, checked_object(self.folder, file, f"plan {name} of {self.period}").read_bytes()


def sha256_of_text(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def object_path(folder: Path, name: str) -> Path:
    """Where a file of an archive lies.

    Args:
        folder: The folder ``books``.
        name: Its SHA-256 and its ending.
    """
    return folder / "objects" / name[:2] / name


def keep_file(folder: Path, unfinished: Path) -> str:
    """Move a finished file to its place among the objects; equal content is there already.

    Returns:
        Its name: the SHA-256 of its content and its ending.
    """
    name = f"{sha256_of_file(unfinished)}{unfinished.suffix}"
    target = object_path(folder, name)
    if target.exists() and sha256_of_file(target) == name.split(".", maxsplit=1)[0]:
        unfinished.unlink()
        return name
    _sync(unfinished)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(target)
    _sync(target.parent)
    return name


def keep_manifest(folder: Path, content: Mapping[str, Any]) -> Archive:
    """Write the manifest of an archive whose files are all there."""
    text = canonical(content)
    archive_id = sha256_of_text(text)
    target = folder / "archives" / f"{archive_id}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(f".{os.getpid()}.tmp")
    unfinished.write_text(text, encoding="utf-8")
    _sync(unfinished)
    unfinished.replace(target)
    _sync(target.parent)
    return Archive(archive_id, folder, json.loads(text))


def open_archive(folder: Path, archive_id: str | None, entry: Entry) -> Archive:
    """The archive that an entry names, with its manifest checked against the entry.

    Raises:
        ArchiveError: It is missing, or not what the entry says.
    """
    where = str(folder / "archives" / f"{archive_id}.json")
    try:
        text = Path(where).read_text(encoding="utf-8")
    except OSError:
        raise ArchiveError(f"the archive of {entry.period} is missing", where=where, hint=_RESTORE) from None
    if sha256_of_text(text) != archive_id:
        raise ArchiveError(
            f"the manifest of the archive of {entry.period} was changed", where=where, hint=_RESTORE
        )
    archive = Archive(archive_id, folder, json.loads(text))
    if archive.periods.get(entry.period) != entry.lines_hash or archive.input_hash != entry.input_hash:
        raise ArchiveError(
            f"the archive of {entry.period} is not the one that entry {entry.sequence} of the ledger names",
            where=where,
            hint=_RESTORE,
        )
    return archive


def checked_object(folder: Path, name: str, what: str) -> Path:
    """The path of a file of an archive whose content is what its name says.

    Raises:
        ArchiveError: It is missing or damaged.
    """
    path = object_path(folder, name)
    if not path.is_file():
        raise ArchiveError(f"a file of an archive is missing ({what})", where=str(path), hint=_RESTORE)
    if sha256_of_file(path) != name.split(".", maxsplit=1)[0]:
        raise ArchiveError(f"a file of an archive was changed ({what})", where=str(path), hint=_RESTORE)
    return path


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
