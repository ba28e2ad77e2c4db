"""What lies in a delivery folder: which files count, which template each one is for, and their fingerprints.

Belongs here: listing, naming rules, hashes. Does not belong here: opening a file's content.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from connectors.common.problems import DeliveryRejected, ImportProblem, closest
from connectors.files.templates import TEMPLATES

SUFFIXES = (".csv", ".xlsx", ".parquet")
# Files that people and tools leave beside the data; never part of a delivery.
_NOISE = {
    "manifest",
    "manifest.json",
    "mapping.yml",
    "_ready",
    "_snapshot",
    "_success",
    "thumbs.db",
    "desktop.ini",
}
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


@dataclass(frozen=True)
class DeliveredFile:
    """One data file of a delivery."""

    path: Path

    @property
    def name(self) -> str:
        """The file's name inside the delivery folder."""
        return self.path.name

    @property
    def suffix(self) -> str:
        """The file type, in lower case, dot included."""
        return self.path.suffix.casefold()

    @cached_property
    def sha256(self) -> str:
        """Hash of the file's bytes."""
        with self.path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()


def list_files(directory: Path) -> list[DeliveredFile]:
    """The data files of a delivery folder, by name.

    Hidden files, notes (`*.md`), the ready marker, manifests and office lock files are left out.

    Raises:
        ImportProblem: The folder does not exist, holds no data file, or something that is no readable file of it.
    """
    if not directory.is_dir():
        what = "this is a file, no folder" if directory.exists() else "there is no such folder"
        raise ImportProblem(what, where=shown_path(directory), hint="give the folder that holds the delivery")
    found: list[DeliveredFile] = []
    for path in sorted(directory.iterdir(), key=lambda entry: entry.name):
        if _is_noise(path.name):
            continue
        _refuse_what_is_no_file(path, directory)
        found.append(DeliveredFile(path))
        _check_readable(found[-1])
    if not found:
        raise ImportProblem(
            "the folder holds no data file",
            where=str(directory),
            hint=f"name the files after templates, such as deals.csv; templates: {', '.join(TEMPLATES)}",
        )
    return found


def _refuse_what_is_no_file(path: Path, directory: Path) -> None:
    """Refuse, before anything is opened, what is no regular file of this folder.

    Opening a pipe waits for ever, reading a device never ends, and a link may point at any file there is.
    """
    if path.is_dir() and not path.is_symlink():
        raise ImportProblem(
            "a delivery is one flat folder; folders inside it are not read",
            where=shown_path(path),
            hint="move the files up, or move the folder away",
        )
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError) as error:
        raise ImportProblem(
            "this is a link that leads nowhere, or nothing that may be looked at",
            where=shown_path(path),
            hint=f"put the file itself into the folder; the system says: {error}",
        ) from error
    if not stat.S_ISREG(mode):
        raise ImportProblem(
            f"this is no file but {_KINDS.get(stat.S_IFMT(mode), 'something else')}",
            where=shown_path(path),
            hint="a delivery holds regular files only; remove it",
        )
    if not target.is_relative_to(directory.resolve()):
        raise ImportProblem(
            f"this is a link that leads out of the delivery, to {shown_path(target)}",
            where=shown_path(path),
            hint="put the file itself into the folder",
        )


def shown_path(path: Path) -> str:
    """A path for messages, with control characters escaped."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in str(path))


def _check_readable(file: DeliveredFile) -> None:
    try:
        with file.path.open("rb"):
            pass
    except OSError as error:
        raise ImportProblem(
            "the file cannot be read",
            where=shown_path(file.path),
            hint=f"give the user of this program the right to read it; the system says: {error.strerror}",
        ) from error


def _is_noise(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith((".", "~$")) or folded.endswith(".md") or folded in _NOISE


def match_templates(files: Iterable[DeliveredFile]) -> dict[str, DeliveredFile]:
    """Which file is for which entity, in the order of the contract.

    Raises:
        ImportProblem: A file is named after no template, or two files are for the same one.
        DeliveryRejected: A file is named after a template but is of a type that is not read.
    """
    by_entity: dict[str, DeliveredFile] = {}
    for file in files:
        entity = _entity_of(file)
        if entity in by_entity:
            raise ImportProblem(
                f"both {by_entity[entity].name} and {file.name} are for {entity}",
                where=str(file.path.parent),
                hint="keep the one that is meant",
            )
        by_entity[entity] = file
    return {entity: by_entity[entity] for entity in TEMPLATES if entity in by_entity}


def _entity_of(file: DeliveredFile) -> str:
    stem = file.path.stem.casefold()
    if stem not in TEMPLATES:
        raise ImportProblem(
            f"unknown file {file.name!r}: no template has this name",
            where=str(file.path),
            hint=f"{closest(stem, TEMPLATES)}Allowed names: {', '.join(TEMPLATES)} "
            f"(as {', '.join(SUFFIXES)}); foreign files need a mapping",
        )
    check_suffix(file)
    return stem


def check_suffix(file: DeliveredFile) -> None:
    """Refuse file types that are not read.

    Raises:
        DeliveryRejected: The suffix is none of `SUFFIXES`.
    """
    if file.suffix not in SUFFIXES:
        raise DeliveryRejected(
            f"wrong file type {file.suffix or '(none)'!r}",
            where=str(file.path),
            hint=f"save it as one of {', '.join(SUFFIXES)}",
        )


def delivery_hash(files: Iterable[DeliveredFile], settings: Mapping[str, object]) -> str:
    """One fingerprint of everything that decides what an import writes.

    Args:
        files: The data files; their names and bytes count.
        settings: How they are read (mapping, time zone, snapshot, contract); values must be JSON-able.

    Returns:
        A sha256 in hexadecimal.
    """
    content = {"files": {file.name: file.sha256 for file in files}, "settings": dict(settings)}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def contract_hash() -> str:
    """Fingerprint of the templates: when the contract grows, an old delivery may be imported anew."""
    return hashlib.sha256(repr(list(TEMPLATES.values())).encode()).hexdigest()
