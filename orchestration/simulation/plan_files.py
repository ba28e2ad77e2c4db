"""Which plan files a comparison computes with: the configured ones, with some of them replaced.

Belongs here: laying plan files over the configured ones. Does not belong here: what a plan may say
(``compensation``), changing single settings (``simulation.overrides``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orchestration.errors import InputError

_ENDINGS = (".yml", ".yaml")
_CATALOGUE = "kpis"


def plan_files(path: Path) -> dict[str, Path]:
    """Plan files by plan id (the file's stem) of a file or a folder; a KPI catalogue is among them.

    Raises:
        InputError: There is no such file or folder, or no plan in it.
    """
    if path.is_file():
        return {path.stem: path}
    if not path.is_dir():
        raise InputError(f"{path}: there is no such plan file or folder.")
    found = {file.stem: file for file in sorted(path.iterdir()) if file.suffix in _ENDINGS}
    if not found:
        raise InputError(f"{path}: there is no plan file (*.yml) in it.")
    return found


def configured_files(folders: Sequence[Path]) -> dict[str, Path]:
    """Plan files of the settings by plan id; a later folder wins."""
    found: dict[str, Path] = {}
    for folder in folders:
        found |= plan_files(folder)
    return found


def sides(baseline: Path, candidate: Path, folders: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files of both sides of a comparison.

    Each side is laid over the configured plans by plan id. Of two single files with different plan ids the one
    stands for the other: each side lacks the other's plan.

    Args:
        baseline: Plan file or folder.
        candidate: Plan file or folder.
        folders: The configured plan folders and files.
    """
    base = configured_files(folders)
    baseline_files, candidate_files = plan_files(baseline), plan_files(candidate)
    if baseline.is_file() and candidate.is_file():
        base = {name: path for name, path in base.items() if name not in {baseline.stem, candidate.stem}}
    return list((base | baseline_files).values()), list((base | candidate_files).values())


def find_plan(plan: str, folders: Sequence[Path]) -> Path:
    """The file of a plan that is named by its path or by the id of a configured plan.

    Raises:
        InputError: There is neither; names the configured plans.
    """
    path = Path(plan)
    if path.is_file():
        return path
    configured = configured_files(folders)
    if plan in configured and plan != _CATALOGUE:
        return configured[plan]
    known = ", ".join(name for name in configured if name != _CATALOGUE)
    raise InputError(f"{plan}: there is no such plan file, and no configured plan has this id ({known}).")
