"""Whether a hand-over is as it was written: its manifest, and every file by its checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from pathlib import Path

from serving.payroll.handover import MANIFEST


def handover_faults(folder: Path, manifests: Collection[str]) -> Iterator[str]:
    """What is wrong with a hand-over, in sentences that name the file; nothing when it is as it was written.

    Args:
        folder: Where it lies.
        manifests: SHA-256 of every manifest that was written, as the ledger has them.
    """
    path = folder / MANIFEST
    if not path.is_file():
        yield f"{path} is missing: the hand-over was not finished, or the file was removed"
        return
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() not in manifests:
        yield f"{path} is the manifest of no export in the ledger: it was changed"
        return
    for name, about in sorted(json.loads(content)["files"].items()):
        file = folder / name
        if not file.is_file():
            yield f"{file} is missing"
        elif hashlib.sha256(file.read_bytes()).hexdigest() != about["sha256"]:
            yield f"{file} was changed: its content does not give the checksum of {MANIFEST}"
