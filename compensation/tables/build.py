"""Turns a plan set into the effective-dated tables of schema ``raw_plans``.

Belongs here: plans, departments, components, the KPI catalogue, and putting all rows into Arrow
tables. Does not belong here: the rows of single component types (``tables_*.py``) and the columns
(``schema``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from compensation.checks.across_plans import OPEN_END
from compensation.loader import PlanSet
from compensation.model.commission import Collaboration, Commission
from compensation.model.plan import Plan
from compensation.tables.crediting import crediting_rows
from compensation.tables.pay import pay_rows
from compensation.tables.schema import TABLES, arrow_schema
from compensation.tables.scorecard import number_or_none, scorecard_rows
from compensation.tables.versions import BEGINNING, Row, TableRow, component_version, version

if TYPE_CHECKING:
    import pyarrow as pa


def plan_tables(plan_set: PlanSet) -> dict[str, pa.Table]:
    """Every table of ``raw_plans`` with its exact types, empty ones included.

    Args:
        plan_set: checked plans.

    Returns:
        Arrow tables by name; money decimal(18,2), rates decimal(18,12), other numbers
        decimal(18,6), dates half-open with 9999-12-31 for an open end.
    """
    import pyarrow as pa

    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for table, row in all_rows(plan_set):
        if row.keys() != TABLES[table].keys():
            wrong = sorted(row.keys() ^ TABLES[table].keys())
            raise AssertionError(f"columns of {table} differ from the schema: {wrong}")
        rows[table].append(row)
    return {name: pa.Table.from_pylist(rows[name], schema=arrow_schema(name)) for name in TABLES}


def all_rows(plan_set: PlanSet) -> Iterator[TableRow]:
    """Rows of all tables, in a fixed order."""
    for plan_id, plan in plan_set.plans.items():
        base = version(plan, plan_set.hashes[plan_id])
        yield from _head_rows(plan, plan_set, base)
        yield from _component_rows(plan, base)
    yield from crediting_rows(plan_set)
    yield from _catalogue_rows(plan_set)


def _head_rows(plan: Plan, plan_set: PlanSet, base: Row) -> Iterator[TableRow]:
    """The plan, its file, its departments."""
    file = plan_set.files[plan.plan_id]
    yield (
        "plans",
        {
            **base,
            "title_zh": plan.title.zh,
            "title_en": plan.title.en,
            "timezone": plan.timezone,
            "currency": plan.currency,
            "terminated_policy": plan.holds.terminated,
            "prorate_targets": plan.prorate_targets,
            "file": file,
        },
    )
    yield (
        "plan_files",
        {
            "plan_hash": base["plan_hash"],
            "plan_id": plan.plan_id,
            "file": file,
            "content": plan_set.content[file],
            "canonical_json": plan_set.canonical(plan.plan_id),
        },
    )
    for department in plan.applies_to.departments:
        for position in plan.applies_to.positions or [""]:
            yield "plan_departments", {**base, "department": department, "position": position}


def _component_rows(plan: Plan, base: Row) -> Iterator[TableRow]:
    """Each component, its departments, and the rows of its type."""
    for ordinal, component in enumerate(plan.components, start=1):
        key = component_version(base, component)
        pool: str | None = None
        if isinstance(component, Commission):
            pool = component.pool
        elif isinstance(component, Collaboration):
            pool = "collaboration"
        kind = {"component_type": component.type, "pool": pool, "currency": plan.currency}
        yield "components", {**key, **kind, "ordinal": ordinal}
        for department in plan.departments_of(component):
            yield "component_departments", {**key, "department": department}
        yield from pay_rows(component, key)
        yield from scorecard_rows(component, key)


def _catalogue_rows(plan_set: PlanSet) -> Iterator[TableRow]:
    """The KPI catalogue; its option defaults hold for every date and have no plan."""
    always: Row = {"plan_id": "", "plan_hash": "", "valid_from": BEGINNING, "valid_to": OPEN_END}
    for entry in plan_set.catalogue.values():
        yield (
            "kpi_catalogue",
            {
                "kpi_id": entry.id,
                "group_name": entry.group,
                "direction": entry.direction,
                "frequency": entry.frequency,
                "unit": entry.unit,
                "name_zh": entry.name.zh,
                "name_en": entry.name.en,
                "is_observed": entry.observed,
            },
        )
        for name, value in entry.option_defaults.items():
            option = {"option_name": name, "value_text": value, "value_number": number_or_none(value)}
            yield "kpi_options", {**always, "component_id": "", "kpi_id": entry.id, **option}
