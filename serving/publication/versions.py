"""Versions of a publication side by side, and the one link that says which is current.

Belongs here: atomic replacement, cleaning up after a killed publication, and pruning. Does not belong here:
what a version holds (`exports.py`, `manifest.py`).

    published/
      versions/<publication_id>/…     complete and never changed
      current -> versions/<id>        replaced in one step (rename of a new link over the old one)
      incentives.duckdb, manifest.json -> current/…   fixed links for readers

A reader who opens several files resolves `current` once (`current_publication`), so as not to mix versions.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.publication.manifest import MANIFEST, is_intact
from serving.publication.snapshot import SNAPSHOT

KEPT = 3
_UNFINISHED = ".unfinished-"
_LINKS = (SNAPSHOT, MANIFEST)
_FORMER_LINKS = ("periods", "tables")
_LOCK_SECONDS = 600


def current_publication(target: Path) -> Path | None:
    """The folder of the current version, resolved; None when nothing was published yet."""
    current = target / "current"
    return current.resolve() if current.exists() else None


@contextmanager
def one_publisher(target: Path) -> Iterator[None]:
    """Let one publication at a time work in the folder; removes what a killed one left behind."""
    from filelock import FileLock

    (target / "versions").mkdir(parents=True, exist_ok=True)
    with FileLock(target / ".lock", timeout=_LOCK_SECONDS):
        _remove_leftovers(target)
        yield


def new_version(target: Path) -> Path:
    """An empty folder for an unfinished version, on the same file system."""
    folder = target / "versions" / f"{_UNFINISHED}{os.getpid()}"
    folder.mkdir()
    return folder


def complete(target: Path, unfinished: Path, publication_id: str) -> tuple[Path, bool]:
    """Make an unfinished version a version: everything on disk first, then its name.

    Returns:
        The folder of the version, and whether it is new (an intact version of the same id is kept instead).
    """
    version = target / "versions" / publication_id
    if version.exists() and is_intact(version):
        shutil.rmtree(unfinished)
        return version, False
    _to_disk(unfinished)
    if version.exists():
        version.replace(target / "versions" / f"{_UNFINISHED}damaged-{publication_id}")
    unfinished.replace(version)
    _sync(target / "versions")
    return version, True


def make_current(target: Path, version: Path) -> bool:
    """Point `current` to the version in one step.

    Returns:
        False when it pointed there already.
    """
    os.utime(version)  # the order of publication, for pruning
    changed = current_publication(target) != version.resolve()
    if changed:
        _link(target, "current", Path("versions") / version.name)
    for name in _LINKS:
        if not (target / name).is_symlink():
            _link(target, name, Path("current") / name)
    for name in _FORMER_LINKS:
        (target / name).unlink(missing_ok=True)
    _sync(target)
    return changed


def prune(target: Path, keep: int = KEPT) -> tuple[str, ...]:
    """Remove all but the latest versions; the current one always stays.

    Returns:
        The ids of the removed versions.
    """
    current = current_publication(target)
    versions = [path for path in (target / "versions").iterdir() if not path.name.startswith(_UNFINISHED)]
    versions.sort(key=lambda path: (path.resolve() != current, -path.stat().st_mtime_ns))
    for version in versions[keep:]:
        shutil.rmtree(version)
    return tuple(version.name for version in versions[keep:])


def _remove_leftovers(target: Path) -> None:
    for path in (target / "versions").glob(f"{_UNFINISHED}*"):
        shutil.rmtree(path)
    for path in target.glob(f"{_UNFINISHED}*"):
        path.unlink()


def _link(target: Path, name: str, to: Path) -> None:
    new = target / f"{_UNFINISHED}{name}"
    new.symlink_to(to)
    new.replace(target / name)


def _to_disk(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent) / name
            _sync(path)
            path.chmod(path.stat().st_mode & 0o444)
        _sync(Path(parent))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
