"""What the plan step does: the plan files in force into the plan tables.

Belongs here: the calls of ``compensation``. Does not belong here: what a plan may say (``compensation``), assets
(``defs.assets``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from orchestration.plans_in_force import plans_in_force
from orchestration.settings import Settings

if TYPE_CHECKING:
    from compensation import PlanSet


def plan_table_names() -> list[str]:
    """Every table the plans are loaded into."""
    from compensation.tables.schema import TABLES

    return list(TABLES)


def land_plan_files(settings: Settings) -> PlanSet:
    """Load and check the plans in force, then replace the plan tables by them.

    The courses of the plans have to be among those delivered, once any course was.

    Raises:
        compensation.PlanErrors: A plan cannot be taken; carries every error with file, line and key.
    """
    from compensation import land_plans, load_plans
    from connectors.common.warehouse import ensure_warehouse

    plan_set = load_plans(list(plans_in_force(settings)))
    if courses := delivered_courses(settings.warehouse):
        plan_set.require_courses(courses)
    ensure_warehouse(settings.warehouse)
    land_plans(plan_set, settings.warehouse)
    return plan_set


def delivered_courses(warehouse: Path) -> set[str]:
    """Ids of all courses of completed deliveries; none without a warehouse."""
    import duckdb

    if not warehouse.exists():
        return set()
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            rows = connection.execute(
                "select distinct course_id from raw_files.courses"
                " where _load_id in (select load_id from raw_files.loads)"
            ).fetchall()
        except duckdb.CatalogException:
            return set()
    return {str(course_id) for (course_id,) in rows}
