"""Comparison of a mart's rows as SQL and reference made them.

Belongs here: keys and columns of the compared marts, the readable difference. Does not belong here:
computing either side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]
Key = tuple[str, ...]

#: grain of each compared mart, upstream first
KEYS: dict[str, tuple[str, ...]] = {
    "int_assignments": ("employee_id", "valid_from"),
    "int_customers_resolved": ("source", "record_id"),
    "int_ownership": ("customer_key", "valid_from", "change_id"),
    "fct_lead_validity": ("lead_id",),
    "fct_deal_sources": ("deal_id",),
    "fct_attribution_weights": ("model", "period", "customer_type", "channel"),
    "fct_attribution": ("deal_id", "model", "employee_id"),
    "fct_transfers": ("change_id", "deal_id"),
    "fct_credits": ("deal_id", "transaction_id", "pool", "employee_id"),
    "fct_measures": ("employee_id", "period", "measure"),
    "fct_result_sources": ("employee_id", "period", "source"),
    "fct_task_results": ("employee_id", "period", "measure"),
    "fct_points": ("lead_id",),
    "fct_process_bonus": ("employee_id", "period"),
    "fct_growth": ("scope", "scope_id", "period", "measure"),
    "fct_payout_lines": (
        *("employee_id", "period", "component", "plan_id", "component_id", "deal_id", "transaction_id"),
        *("kpi_id", "origin_period", "status"),
    ),
    "fct_payouts": ("employee_id", "period", "currency"),
    "fct_tiers": ("employee_id", "period", "plan_id", "component_id", "interval_id"),
    "fct_counterfactuals": ("employee_id", "period", "kind", "plan_id", "component_id"),
}
#: the same of the marts of KPIs, scorecards and reports
SCORED_KEYS: dict[str, tuple[str, ...]] = {
    "fct_kpi_values": ("employee_id", "period", "kpi_id"),
    "fct_scorecard_items": ("employee_id", "period", "plan_id", "component_id", "kpi_id"),
    "fct_scorecards": ("employee_id", "period", "plan_id", "component_id"),
    "fct_journey_alerts": ("kind", "customer_key", "deal_id", "stage", "alert_id"),
    "rpt_leaderboard": ("board", "period", "team_id", "employee_id"),
    "rpt_suggestions": ("employee_id", "period", "kind", "kpi_id", "plan_id", "component_id"),
    "rpt_talent_signals": ("employee_id", "period", "signal"),
    "fct_roi": ("plan_id", "item"),
}
GRAINS = KEYS | SCORED_KEYS
SHOWN = 3


def difference(mart: str, sql: Iterable[Row], reference: Iterable[Row]) -> str:
    """What differs between two versions of a mart; empty when nothing does.

    All columns the reference has are compared; decimals by value. Rows are matched by the mart's grain;
    rows of equal grain (there should be none) by their content.

    Args:
        mart: name of the mart.
        sql: rows of the pipeline.
        reference: rows of the reference.
    """
    expected = _by_key(mart, reference)
    actual = _by_key(mart, sql)
    if mart == "int_customers_resolved":  # each side adds nodes of its own for ids without a record
        shared = expected.keys() & actual.keys()
        expected = {key: expected[key] for key in shared}
        actual = {key: actual[key] for key in shared}
    columns = sorted({column for rows in expected.values() for row in rows for column in row})
    found = []
    for key in sorted(expected.keys() | actual.keys()):
        mine = [{column: row.get(column) for column in columns} for row in actual.get(key, [])]
        theirs = expected.get(key, [])
        if not columns:
            mine = actual[key]
        if _content(mine) != _content(theirs):
            found.append(_shown(mart, key, mine, theirs))
    if not found:
        return ""
    more = f"\n… and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{mart}: {len(found)} keys differ\n" + "\n".join(found[:SHOWN]) + more


def differences(
    sql: Mapping[str, Iterable[Row]], reference: Mapping[str, Iterable[Row]], marts: Iterable[str]
) -> dict[str, str]:
    """The marts that differ, upstream first, with what differs."""
    found = {mart: difference(mart, sql[mart], reference[mart]) for mart in GRAINS if mart in set(marts)}
    return {mart: text for mart, text in found.items() if text}


def _by_key(mart: str, rows: Iterable[Row]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(_text(row.get(column)) for column in GRAINS[mart])].append(row)
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _content(rows: list[Row]) -> list[list[tuple[str, str]]]:
    return sorted(sorted((column, _normal(value)) for column, value in row.items()) for row in rows)


def _normal(value: Any) -> str:
    """A value as text; equal numbers have equal texts."""
    if value is None:
        return "NULL"
    if isinstance(value, bool) or not hasattr(value, "as_integer_ratio"):
        return repr(value)
    top, bottom = value.as_integer_ratio()
    return f"{top}/{bottom}"


def _shown(mart: str, key: Key, sql: list[Row], reference: list[Row]) -> str:
    grain = ", ".join(f"{column}={value}" for column, value in zip(GRAINS[mart], key, strict=True) if value)
    lines = [f"  {grain}"]
    if len(sql) == 1 and len(reference) == 1:
        mine, theirs = sql[0], reference[0]
        lines.extend(
            f"    {column}: sql {mine[column]!r}, reference {theirs[column]!r}"
            for column in theirs
            if _normal(mine[column]) != _normal(theirs[column])
        )
    else:
        lines += [f"    only in sql: {row}" for row in sql] if not reference else []
        lines += [f"    only in reference: {row}" for row in reference] if not sql else []
        if sql and reference:
            lines += [f"    sql: {row}" for row in sql] + [f"    reference: {row}" for row in reference]
    return "\n".join(lines)
