"""The manifest of a publication: its files with checksums, and the run they are from.

Nothing in it depends on the clock or the machine: the same data of the same run give the same publication id.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from serving.publication.parquet import ExportedFile
from serving.publication.snapshot import SNAPSHOT

MANIFEST = "manifest.json"
_FORMAT = 1
_ID_LENGTH = 16


def build_manifest(
    folder: Path,
    files: Sequence[ExportedFile],
    *,
    marts: Mapping[str, int],
    publication: Mapping[str, Any],
    plans: Mapping[str, str],
) -> dict[str, Any]:
    """Describe the exported files of a folder.

    Args:
        folder: Where the files lie.
        files: The Parquet files.
        marts: Rows by mart.
        publication: What identifies the run (run id, code version, …): plain data without wall-clock times.
        plans: Plan id to plan hash.

    Returns:
        The manifest; `publication_id` is the hash of everything but the snapshot, whose bytes may differ.
    """
    content: dict[str, Any] = {
        "format": _FORMAT,
        "publication": dict(publication),
        "plans": dict(plans),
        "marts": dict(marts),
        "files": _files(folder, files),
    }
    publication_id = hashlib.sha256(_canonical(content).encode()).hexdigest()[:_ID_LENGTH]
    snapshot = folder / SNAPSHOT
    return {
        "publication_id": publication_id,
        **content,
        "snapshot": {"path": SNAPSHOT, "bytes": snapshot.stat().st_size, "sha256": sha256_of(snapshot)},
    }


def _files(folder: Path, files: Sequence[ExportedFile]) -> dict[str, dict[str, Any]]:
    return {
        file.path: {
            "mart": file.mart,
            "period": file.period,
            "rows": file.rows,
            "bytes": (folder / file.path).stat().st_size,
            "sha256": sha256_of(folder / file.path),
        }
        for file in sorted(files, key=lambda file: file.path)
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write `manifest.json`."""
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False, default=str)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read `manifest.json` of a publication."""
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def is_intact(folder: Path) -> bool:
    """Whether every file of a publication is there with its checksum; a damaged manifest is not."""
    try:
        manifest = read_manifest(folder)
        wanted = {path: entry["sha256"] for path, entry in manifest["files"].items()}
        wanted[manifest["snapshot"]["path"]] = manifest["snapshot"]["sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return all((folder / path).is_file() and sha256_of(folder / path) == sha for path, sha in wanted.items())


def sha256_of(path: Path) -> str:
    """Checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
