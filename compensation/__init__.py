"""Plans as code: YAML files in, effective-dated tables in schema ``raw_plans`` out.

Data flow::

    plans/*.yml ──source.located_yaml──▶ values with lines ──model──▶ Plan ──checks──▶ PlanSet
    plans/kpis.yml ──model.kpi_catalogue──▶ KpiCatalogue ──────────────┘ (loader.load_plans)
    PlanSet ──tables──▶ Arrow tables ──tables.landing──▶ raw_plans.*  (one transaction)
    PlanSet ──source.canonical──▶ plan hash ──▶ every payout line; text kept in raw_plans.plan_files
    Plan model ──source.json_schema──▶ plans/schema.json (generated, for editors)

Belongs here: reading, checking, hashing and landing plans. Does not belong here: computing
anything with them (dbt) and the command line. The names below are imported when they are
first used; ``pyarrow`` and ``duckdb`` only when tables are made.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compensation.loader import PlanSet, load_plans
    from compensation.model.plan import Plan
    from compensation.source.canonical import canonical_json, plan_from_canonical, plan_hash
    from compensation.source.errors import PlanErrors, PlanProblem
    from compensation.source.json_schema import write_schema
    from compensation.tables.build import plan_tables
    from compensation.tables.landing import land_plans

_HOMES = {
    "Plan": "model.plan",
    "PlanErrors": "source.errors",
    "PlanProblem": "source.errors",
    "PlanSet": "loader",
    "canonical_json": "source.canonical",
    "land_plans": "tables.landing",
    "load_plans": "loader",
    "plan_from_canonical": "source.canonical",
    "plan_hash": "source.canonical",
    "plan_tables": "tables.build",
    "write_schema": "source.json_schema",
}

__all__ = [
    "Plan",
    "PlanErrors",
    "PlanProblem",
    "PlanSet",
    "canonical_json",
    "land_plans",
    "load_plans",
    "plan_from_canonical",
    "plan_hash",
    "plan_tables",
    "write_schema",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command line starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"compensation.{_HOMES[name]}"), name)
