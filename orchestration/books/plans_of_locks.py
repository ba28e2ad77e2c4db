"""Plan files of a calculation, and whether two sets of them mean the same for a month.

Belongs here: which files are archived, reading archived ones, the comparison. Does not belong here: what a plan may say
(``compensation``).
"""

from __future__ import annotations

import calendar
import json
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.archive.files import Archive

if TYPE_CHECKING:
    from compensation import PlanSet

_ENDINGS = (".yml", ".yaml")


def plan_texts(paths: Sequence[Path]) -> dict[str, str]:
    """Content of the plan files in force by name; each path is a folder of its own in an archive, as names may repeat.

    Args:
        paths: Plan files and folders, in their order.
    """
    from compensation.model.kpi_catalogue import CATALOGUE_NAME, DEFAULT_CATALOGUE

    files = [
        (f"{number}/{file.name}", file)
        for number, path in enumerate(paths)
        for file in ([path] if path.is_file() else sorted(path.iterdir()))
        if file.suffix in _ENDINGS
    ]
    if all(file.name != CATALOGUE_NAME for _, file in files):
        files.append((f"{len(paths)}/{CATALOGUE_NAME}", DEFAULT_CATALOGUE))
    return {name: file.read_text(encoding="utf-8-sig") for name, file in files}


def archived_plans(archive: Archive) -> PlanSet:
    """The plans of an archive.

    Raises:
        ArchiveError: A file is missing or damaged.
        compensation.PlanErrors: This version of the program cannot take them.
    """
    with tempfile.TemporaryDirectory() as folder:
        return write_and_load(archive, Path(folder))


def write_and_load(archive: Archive, folder: Path) -> PlanSet:
    """Write the plan files of an archive into a folder and load them."""
    for name, content in archive.plan_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return load_folder(folder)


def load_folder(folder: Path) -> PlanSet:
    """Load plan files as ``plan_texts`` has named them."""
    from compensation import load_plans

    numbered = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: int(path.name))
    return load_plans([file for path in numbered for file in sorted(path.iterdir())])


def meaning_for(plan_set: PlanSet, period: str) -> str:
    """All that plans can mean for a month and those before it: two sets with the same text calculate it alike.

    A plan that begins later cannot, and it does not matter when one ends later.
    """
    from compensation.source.canonical import canonical_json

    year, month = int(period[:4]), int(period[5:])
    after = date(year, month, calendar.monthrange(year, month)[1]) + timedelta(days=1)
    plans = [
        canonical_json(
            plan.model_copy(update={"valid_to": None}) if plan.valid_to and plan.valid_to >= after else plan
        )
        for plan in plan_set.plans.values()
        if plan.valid_from < after
    ]
    catalogue = sorted(entry.model_dump_json() for entry in plan_set.catalogue.values())
    return json.dumps([plan_set.timezone, sorted(plans), catalogue])
