"""Plans written as dicts, in the shape in which the pipeline and the reference each read them.

Belongs here: dict → plan text → loaded plans, and the same dict for the reference. Does not belong
here: making plans up (``plans``).
"""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from compensation.loader import PlanSet, load_plans
from tests.reference.plan_defaults import fill_plan

Row = dict[str, Any]


def load_plan_dicts(plans: Iterable[Row]) -> PlanSet:
    """Plans through the loader, as if each were a file.

    Args:
        plans: dicts in the structure of the plan file; decimals and dates as Python values.

    Raises:
        PlanErrors: when the plans would not load.
    """
    return _load(tuple((str(plan["plan_id"]), plan_text(plan)) for plan in plans))


@functools.lru_cache(maxsize=256)
def _load(texts: tuple[tuple[str, str], ...]) -> PlanSet:
    with tempfile.TemporaryDirectory() as folder:
        for plan_id, text in texts:
            Path(folder, f"{plan_id}.yml").write_text(text, encoding="utf-8")
        return load_plans([Path(folder)])


def reference_plans(plans: Iterable[Row], plan_set: PlanSet) -> list[Row]:
    """The same plans for the reference, under the hashes of the loaded ones."""
    return [fill_plan(plan | {"plan_hash": plan_set.hashes[str(plan["plan_id"])]}) for plan in plans]


def plan_text(plan: Row) -> str:
    """A plan as YAML (its JSON part), numbers written exactly."""
    return _text({"title": {"zh": plan["plan_id"], "en": plan["plan_id"]}} | plan)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {_text(child)}" for key, child in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_text(child) for child in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
