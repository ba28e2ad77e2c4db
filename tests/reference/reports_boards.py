"""Leaderboards and talent signals (rulebook 13).

Belongs here: rows of `rpt_leaderboard` and `rpt_talent_signals`. Does not belong here: suggestions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.reference.kpis_base import UNRESOLVED, Facts, Period, Row
from tests.reference.scorecard_cards import Card, ranked

COMMISSION = ("origination", "closing", "collaboration")
PAID = ("earned", "released", "paid")


@dataclass(frozen=True)
class Talent:
    """Rule: "new-customer attainment is ≥ 120 % for 3 months in a row"."""

    measure: str = "new_customers"
    attainment: Decimal = Decimal("1.2")
    months: int = 3


def score_values(found: Iterable[Card]) -> dict[tuple[str, str], Decimal]:
    """Total score by (period, employee); of two cards the one with more days."""
    best: dict[tuple[str, str], Card] = {}
    for card in sorted(found, key=lambda card: (-card.days, card.plan.plan_id, card.plan.component_id)):
        best.setdefault((card.period.name, card.employee_id), card)
    return {key: card.scores.total for key, card in best.items() if card.scores.total is not None}


def commission_values(facts: Facts) -> dict[tuple[str, str], Decimal]:
    """Commission earned or released by (period, employee)."""
    sums: dict[tuple[str, str], Decimal] = {}
    for line in facts.rows("fct_payout_lines"):
        if line["component"] in COMMISSION and line["status"] in PAID:
            key = (line["period"], line["employee_id"])
            sums[key] = sums.get(key, Decimal(0)) + line["amount"]
    return sums


def growth_values(facts: Facts) -> dict[tuple[str, str], Decimal]:
    """Growth of the counted sales amount by (period, employee); of two plans the greater one."""
    found: dict[tuple[str, str], Decimal] = {}
    for row in facts.rows("fct_growth"):
        is_own = row["scope"] == "employee" and row["measure"] == "counted_sales_amount"
        if is_own and row["growth"] is not None:
            key = (row["period"], row["scope_id"])
            found[key] = max(row["growth"], found.get(key, row["growth"]))
    return found


def _team(facts: Facts, period: str, employee_id: str) -> str | None:
    assignment = facts.last_assignment(employee_id, Period.parse(period))
    return None if assignment is None else assignment["team_id"] or None


def _rows(
    board: str, values: Mapping[tuple[str, str], Decimal], teams: Mapping[tuple[str, str], str | None]
) -> list[dict[str, Any]]:
    """Ranks inside (period, team); "ties share a rank"."""
    pools: dict[tuple[str, str | None], list[Decimal]] = {}
    for key, value in values.items():
        pools.setdefault((key[0], teams.get(key)), []).append(value)
    return [
        {
            "board": board,
            "period": period,
            "team_id": teams.get((period, employee)),
            "employee_id": employee,
            "value": value,
            "rank": ranked(pools[period, teams.get((period, employee))], value),
        }
        for (period, employee), value in sorted(values.items())
    ]


def leaderboard(facts: Facts, found: Iterable[Card]) -> list[dict[str, Any]]:
    """Rows of `rpt_leaderboard`: "score, commission, growth, per team"."""
    boards = {
        "score": score_values(found),
        "commission": commission_values(facts),
        "growth": growth_values(facts),
    }
    rows: list[dict[str, Any]] = []
    for board, all_values in boards.items():
        values = {key: value for key, value in all_values.items() if key[1] != UNRESOLVED}
        rows += _rows(board, values, {})
        teams = {key: _team(facts, *key) for key in values}
        rows += _rows(f"team_{board}", {key: v for key, v in values.items() if teams[key]}, teams)
        if board == "commission":
            rows += _rows("teams", _by_team(values, teams), {})
    return rows


def _by_team(
    values: Mapping[tuple[str, str], Decimal], teams: Mapping[tuple[str, str], str | None]
) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for key, value in values.items():
        if teams[key]:
            team = (key[0], f"team:{teams[key]}")
            sums[team] = sums.get(team, Decimal(0)) + value
    return sums


def talent_signals(facts: Facts, rules: Mapping[str, Talent] | None = None) -> list[dict[str, Any]]:
    """Rows of `rpt_talent_signals`: "candidate for a sales role".

    Args:
        facts: holds fct_task_results.
        rules: the signal by plan_id, where a plan differs from the default.
    """
    results = facts.rows("fct_task_results")
    found: set[tuple[str, str]] = set()
    for row in results:
        rule = (rules or {}).get(row.get("plan_id") or "", Talent())
        period = Period.parse(row["period"])
        months = {period.plus(-back).name for back in range(rule.months)}
        if months <= reached_months(results, row["employee_id"], rule):
            found.add((row["employee_id"], row["period"]))
    return [
        {"employee_id": employee, "period": period, "signal": "sales_candidate"}
        for employee, period in sorted(found)
    ]


def reached_months(results: Iterable[Row], employee_id: str, rule: Talent) -> set[str]:
    """Months in which the measure reached the wanted share of its target, cross-multiplied."""
    return {
        row["period"]
        for row in results
        if row["employee_id"] == employee_id
        and row["measure"] == rule.measure
        and row["actual"] is not None
        and (row["target"] or 0) > 0
        and row["actual"] >= Fraction(rule.attainment) * Fraction(row["target"])
    }
