"""Plans as code: YAML files in, effective-dated tables in schema ``raw_plans`` out.

Data flow::

    plans/*.yml ──yaml_source──▶ values with lines ──model*──▶ Plan ──checks*──▶ PlanSet
    plans/kpis.yml ──kpi_registry──▶ KpiCatalogue ─────────────┘ (loader.load_plans)
    PlanSet ──tables*──▶ Arrow tables ──landing.land_plans──▶ raw_plans.*  (one transaction)
    PlanSet ──canonical──▶ plan hash ──▶ every payout line; text kept in raw_plans.plan_files
    Plan model ──json_schema.write_schema──▶ plans/schema.json (generated, for editors)

Belongs here: reading, checking, hashing and landing plans. Does not belong here: computing
anything with them (dbt) and the command line. The names below are imported when they are
first used; ``pyarrow`` and ``duckdb`` only when tables are made.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connectors.plans.canonical import canonical_json, plan_from_canonical, plan_hash
    from connectors.plans.errors import PlanErrors, PlanProblem
    from connectors.plans.json_schema import write_schema
    from connectors.plans.landing import land_plans
    from connectors.plans.loader import PlanSet, load_plans
    from connectors.plans.model import Plan
    from connectors.plans.tables import plan_tables

_HOMES = {
    "Plan": "model",
    "PlanErrors": "errors",
    "PlanProblem": "errors",
    "PlanSet": "loader",
    "canonical_json": "canonical",
    "land_plans": "landing",
    "load_plans": "loader",
    "plan_from_canonical": "canonical",
    "plan_hash": "canonical",
    "plan_tables": "tables",
    "write_schema": "json_schema",
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
    return getattr(import_module(f"connectors.plans.{_HOMES[name]}"), name)
