"""Which plans are in force in a home: recorded there, the same for whoever starts a run.

Belongs here: the record, and the refusal of a setting that contradicts it.
Does not belong here: what a plan may say (``compensation``), landing plans (``steps.landing.plan_files``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from orchestration.errors import InputError
from orchestration.runtime.json_state import write_state
from orchestration.settings import Settings


def record_file(settings: Settings) -> Path:
    """Where the plans of a home are recorded."""
    return settings.home / "plans_in_force.json"


def record_plans(settings: Settings, plans: Sequence[Path]) -> None:
    """Record the plan files and folders that every later run of this home uses."""
    write_state(record_file(settings), {"plans": [str(path.absolute()) for path in plans]})


def recorded_plans(settings: Settings) -> tuple[Path, ...] | None:
    """The recorded plan files and folders; None when the home has no record.

    Raises:
        InputError: The record is damaged; no run guesses which plans are meant.
    """
    import json

    file = record_file(settings)
    if not file.exists():
        return None
    try:
        plans = json.loads(file.read_text(encoding="utf-8"))["plans"]
        return tuple(Path(os.fspath(path)) for path in plans)
    except (OSError, ValueError, TypeError, KeyError):
        raise InputError(
            "the record of the plans in force is damaged",
            where=str(file),
            hint="record them again: incentives run --plans PATH (once for each file or folder)",
        ) from None


def plans_in_force(settings: Settings) -> tuple[Path, ...]:
    """The plans of the home's record; without a record those of the settings.

    Raises:
        InputError: The settings name other plans than the record, or the record is damaged.
    """
    recorded = recorded_plans(settings)
    if recorded is None:
        return settings.plans
    named = [path.absolute() for path in settings.plans]
    if "plans" in settings.model_fields_set and named != list(recorded):
        raise InputError(
            f"INCENTIVES_PLANS names other plans ({_joined(named)}) than this home has recorded ({_joined(recorded)})",
            where=str(record_file(settings)),
            hint="remove INCENTIVES_PLANS, or record its plans: incentives run --plans PATH",
        )
    return recorded


def _joined(paths: Sequence[Path]) -> str:
    return os.pathsep.join(map(str, paths))
