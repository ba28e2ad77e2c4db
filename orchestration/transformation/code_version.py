"""Which code computed a figure: a hash over the files whose change can change a figure.

Belongs here: the choice of those files and their hash, also used to see that dbt's manifest is stale.
Does not belong here: the identity of a run (``transformation.run_identity``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.settings import ROOT

_COMPUTING = {".sql", ".yml", ".yaml", ".py", ".csv"}
_NOT_SOURCE = {"target", "logs", "dbt_packages", "__pycache__", ".user.yml"}


def source_files(folder: Path) -> Iterator[Path]:
    """The files under a folder that decide what is computed, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix in _COMPUTING and not _NOT_SOURCE.intersection(parts) and path.is_file():
            yield path


def fingerprint(*folders: Path) -> str:
    """SHA-256 over names and contents of the source files in some folders; where the folders lie does not matter.

    Returns:
        64 hex digits.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for path in source_files(folder):
            content = path.read_bytes()
            digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def code_version(dbt_project: Path) -> str:
    """The release and the first 12 hex digits of the computing code, such as ``0.1.0+3f2a…``.

    Args:
        dbt_project: The dbt project that computes; the other packages are always those beside this one.
    """
    try:
        release = version("incentives")
    except PackageNotFoundError:
        release = "0.0.0"
    return f"{release}+{fingerprint(ROOT / 'compensation', ROOT / 'connectors', dbt_project)[:12]}"
