"""The rows of marts that a payout line is computed from, by its component.

Belongs here: which marts, and which rows of them. Does not belong here: the plan (`components.py`), other lines and
source records (`records.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.database import TextRow, literal, tables_of, text_rows

if TYPE_CHECKING:
    import duckdb

_OF_PLAN = "plan_hash = {plan_hash} and component_id = {component_id}"
_OF_COMPONENT = "employee_id = {employee} and period = {period} and " + _OF_PLAN
_OF_DEAL = "deal_id = {deal} and pool = {component}"
_CREDITS = ("pool_credits", "fct_credits", _OF_DEAL, "business_date, transaction_id, employee_id")
_STEPS = (
    "tier_steps",
    "fct_tier_steps",
    """(employee_id, plan_hash, component_id, interval_id) in (
        select (employee_id, plan_hash, component_id, interval_id) from marts.fct_tier_steps
        where deal_id = {deal} and transaction_id = {transaction} and pool = {component} and employee_id = {employee}
    )""",
    "interval_id, step_no",
)
_SIBLINGS = (
    "sibling_lines",
    "fct_payout_lines",
    """deal_id = {deal} and transaction_id = {transaction} and component = {component}
        and component_id = {component_id} and origin_period = {origin} and line_id <> {line_id}""",
    "period, line_id",
)
_SHARES = ("attribution", "fct_attribution", "deal_id = {deal}", "model, employee_id")
_TRANSFERS = ("transfers", "fct_transfers", "deal_id = {deal}", "change_id")
_PROCESS = (
    "process_bonus",
    "fct_process_bonus",
    "employee_id = {employee} and period = {origin} and plan_id = {plan_id}",
    "period",
)
_DAYS = ("days", "fct_component_days", _OF_COMPONENT, "period")
_GROWTH = (
    "growth",
    "fct_growth",
    """period = {period} and plan_hash = {plan_hash} and component_id = {component_id}
        and (scope, scope_id) in ({subjects})""",
    "scope_id",
)
_CARD = (
    ("scorecards", "fct_scorecards", _OF_COMPONENT, "period"),
    ("scorecard_items", "fct_scorecard_items", _OF_COMPONENT, "kpi_id"),
    (
        "kpi_values",
        "fct_kpi_values",
        """employee_id = {employee} and period = {period} and kpi_id in (
            select kpi_id from marts.fct_scorecard_items where """
        + _OF_COMPONENT
        + ")",
        "kpi_id",
    ),
    _DAYS,
)

#: By component of a line: name, mart, condition, order.
_INPUTS: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "origination": (_CREDITS, _STEPS, _SIBLINGS, _SHARES, _PROCESS),
    "closing": (_CREDITS, _STEPS, _SIBLINGS, _TRANSFERS),
    "collaboration": (_CREDITS,),
    "points": (("points", "fct_points", _OF_COMPONENT, "lead_id"),),
    "process_bonus": (("process_bonus", "fct_process_bonus", _OF_COMPONENT, "period"),),
    "task": (("task_items", "fct_task_results", _OF_COMPONENT, "measure"), _DAYS),
    "growth_bonus": (_GROWTH, _DAYS),
    "team_growth": (_GROWTH,),
    "contribution": (("contribution", "fct_contribution", _OF_COMPONENT, "period"),),
    "bonus_business": _CARD,
    "bonus_management": _CARD,
    "draw": (("days", "fct_component_days", _OF_COMPONENT.replace("period = ", "period <= "), "period"),),
    "cap": (_DAYS,),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom and when a line was computed: a line that settles another was computed as the held line was."""

    line: TextRow
    employee_id: str
    period: str

    def literals(self) -> dict[str, str]:
        """What the conditions name, as SQL writes it."""
        line = self.line
        values = {
            "line_id": line["line_id"],
            "employee": self.employee_id,
            "period": self.period,
            "origin": line.get("origin_period") or self.period,
            "component": line["component"],
            "component_id": line.get("component_id"),
            "plan_id": line.get("plan_id"),
            "plan_hash": line.get("plan_hash"),
            "deal": line["deal_id"],
            "transaction": line["transaction_id"],
        }
        return {name: literal(value or "") for name, value in values.items()}


def subject_of(connection: "duckdb.DuckDBPyConnection", line: TextRow) -> Subject:
    """The employee and month a line was computed for."""
    held_id = line.get("settles_line_id")
    held = text_rows(
        connection,
        f"select employee_id, period from marts.fct_payout_lines where line_id = {literal(held_id or '')}",
    )
    found = held[0] if held else line
    return Subject(line, found["employee_id"] or "", found["period"] or "")


def input_rows(
    connection: "duckdb.DuckDBPyConnection",
    subject: Subject,
    teams: tuple[str, ...],
    notes: list[str],
) -> dict[str, tuple[TextRow, ...]]:
    """Rows of marts the line is computed from, by name; what has none is left out.

    Args:
        connection: The opened database.
        subject: Whose line it is.
        teams: Teams whose growth counts.
        notes: Takes the names of marts that are missing.
    """
    present = tables_of(connection, "marts")
    subjects = [("employee", subject.employee_id), *(("team", team) for team in teams)]
    values = subject.literals() | {
        "subjects": ", ".join(f"({literal(scope)}, {literal(name)})" for scope, name in subjects)
    }
    found: dict[str, tuple[TextRow, ...]] = {}
    for name, mart, condition, order in _INPUTS.get(subject.line["component"] or "", ()):
        if mart not in present:
            notes.append(f"marts.{mart} is not in this database")
            continue
        query = f"select * from marts.{mart} where {condition.format(**values)} order by {order}"
        if rows := text_rows(connection, query):
            found[name] = rows
    return found
