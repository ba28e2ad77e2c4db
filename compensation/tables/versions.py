"""What all rows of plan tables have in common: the version they belong to.

Belongs here: version columns. Does not belong here: anything about one table.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from compensation.checks.across_plans import OPEN_END
from compensation.model.plan import AnyComponent, Plan

Row = dict[str, Any]
TableRow = tuple[str, Row]

BEGINNING = date(1900, 1, 1)
"""Where gap-filled tables begin; they end at ``OPEN_END``."""


def version(plan: Plan, plan_hash: str) -> Row:
    """The version columns of a plan."""
    return {
        "plan_id": plan.plan_id,
        "plan_hash": plan_hash,
        "valid_from": plan.valid_from,
        "valid_to": plan.valid_to or OPEN_END,
    }


def component_version(base: Row, component: AnyComponent) -> Row:
    """The version columns of a component."""
    return {**base, "component_id": component.id}
