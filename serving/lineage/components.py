"""What pays a payout line: the component of the plan version it names, and the rules of credit at the signing.

Belongs here: reading the canonical text of plans. Does not belong here: figures and rows.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from serving.database import TextRow, columns_of, literal, tables_of, text_rows
from serving.lineage.explanation import Component, PlanText

if TYPE_CHECKING:
    import duckdb

_HEAD = ("plan_id", "title", "valid_from", "valid_to", "currency", "timezone", "holds", "prorate_targets")
_CREDITING = ("basis", "attribution", "collaboration", "deal_source", "transfers")


def plan_of(connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]) -> PlanText | None:
    """The plan version of a line as it was written; None, with a note, when the database has none."""
    plan_hash = line["plan_hash"]
    if not plan_hash:
        notes.append("the line names no plan")
        return None
    if "dim_plan_version" not in tables_of(connection, "marts"):
        notes.append("plan texts are not in this database; ask the warehouse")
        return None
    query = (
        "select plan_id, plan_hash, file, content from marts.dim_plan_version "
        f"where plan_hash = {literal(plan_hash)} order by plan_id limit 1"
    )
    rows = text_rows(connection, query)
    if not rows:
        notes.append(f"no loaded plan has the hash {plan_hash}")
        return None
    return PlanText(**{name: value or "" for name, value in rows[0].items()})


def component_of(
    connection: "duckdb.DuckDBPyConnection", line: TextRow, deal: TextRow | None
) -> Component | None:
    """The component that pays a line, with all its parameters; None when the text of its plan is missing."""
    component_id = line.get("component_id") or ""
    if not line["plan_hash"]:
        return Component(component_id, line["component"] or "") if line["component"] == "adjustment" else None
    plan = _canonical(connection, f"plan_hash = {literal(line['plan_hash'])}")
    for written in plan.get("components", ()):
        if written["id"] == component_id:
            return Component(
                id=component_id,
                type=written["type"],
                definition=written,
                plan={name: plan[name] for name in _HEAD if name in plan},
                crediting=_crediting(connection, deal),
            )
    return None


def _crediting(connection: "duckdb.DuckDBPyConnection", deal: TextRow | None) -> dict[str, Any]:
    """Rules of credit at the signing; empty without a deal or when no plan has any (the defaults hold then)."""
    policy_id = (deal or {}).get("policy_id")
    if not policy_id:
        return {}
    in_force = f"plan_hash in (select plan_hash from marts.dim_plan where plan_id = {literal(policy_id)})"
    rules = _canonical(connection, in_force).get("crediting") or {}
    return {name: rules[name] for name in _CREDITING if name in rules}


def _canonical(connection: "duckdb.DuckDBPyConnection", condition: str) -> Mapping[str, Any]:
    if "canonical_json" not in columns_of(connection, "marts", "dim_plan_version"):
        return {}
    rows = text_rows(
        connection,
        f"select canonical_json from marts.dim_plan_version where {condition} order by plan_hash limit 1",
    )
    read: Mapping[str, Any] = json.loads(rows[0]["canonical_json"] or "{}") if rows else {}
    return read
