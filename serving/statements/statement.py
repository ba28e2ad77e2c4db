"""The statement of an employee and month: plans that apply, inputs, lines, what is held and why."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.catalogue import Language, name, text
from serving.database import TextRow, open_readonly, require
from serving.errors import ServingError, UnknownPeriodError
from serving.lineage.books import causes_of, entries_of
from serving.statements import rows
from serving.statements.descriptions import describe
from serving.statements.hold_reasons import Hold, holds, remark
from serving.statements.inputs import Component, input_rows

if TYPE_CHECKING:
    import duckdb

ADJUSTMENT = "adjustment"


class UnknownEmployeeError(ServingError):
    """Nobody has the id."""

    exit_code = 2

    def __init__(self, employee_id: str, known: Sequence[str]) -> None:
        near = f" Known ids are for example {', '.join(known)}." if known else ""
        super().__init__(
            f"there is no employee {employee_id!r}", f"Take the id from marts.dim_employee.{near}"
        )


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A payout line and its reasons in words.

    Attributes:
        line: The row of the mart.
        holds: Why it is held, released or forfeited.
        remark: What is to say otherwise.
        settled: Month and status in which a held line was released or forfeited later; None: it is still held.
    """

    line: TextRow
    holds: tuple[Hold, ...] = ()
    remark: str | None = None
    settled: str | None = None


@dataclass(frozen=True, slots=True)
class ExplainedComponent:
    """A component of a plan in the month.

    Attributes:
        name: What it is called.
        about: What it pays, in a sentence; empty when the plan's text is not at hand.
        inputs: What it rests on: tables of rows by name (credits, tiers, growth, tasks, …).
        lines: What came out.
    """

    plan_id: str | None
    component_id: str
    component_type: str
    name: str
    about: str
    inputs: Mapping[str, tuple[TextRow, ...]]
    lines: tuple[ExplainedLine, ...]


@dataclass(frozen=True, slots=True)
class PayExplanation:
    """All of it."""

    employee_id: str
    name: str | None
    period: str
    language: Language
    roles: tuple[TextRow, ...]
    plans: tuple[TextRow, ...]
    components: tuple[ExplainedComponent, ...]
    payouts: tuple[TextRow, ...]
    counterfactuals: tuple[TextRow, ...]
    notes: tuple[str, ...]
    true_ups: tuple[TextRow, ...] = ()
    ledger: tuple[TextRow, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output."""
        return asdict(self)


def explain_pay(database: Path, employee_id: str, period: str, language: Language = "zh") -> PayExplanation:
    """Explain the pay of one employee and month.

    Args:
        database: The warehouse; a published snapshot works too, without the plans' texts (a note says so).
        employee_id: The employee, or UNRESOLVED.
        period: A month, 2026-10.
        language: Of the texts.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it has no payout lines.
        UnknownEmployeeError: nobody has the id.
        UnknownPeriodError: the month is not computed.
    """
    with open_readonly(database) as connection:
        require(connection, database, "fct_payout_lines", "fct_payouts", "dim_employee", "fct_credits")
        found = rows.employee_rows(connection, employee_id)
        if not found and not rows.has_lines(connection, employee_id):
            raise UnknownEmployeeError(employee_id, rows.some_employees(connection))
        first, last = rows.computed_span(connection)
        if not first <= period <= last:
            raise UnknownPeriodError(period, (first, last))
        return _assemble(connection, employee_id, period, language, found[0]["name"] if found else None)


def _assemble(
    connection: "duckdb.DuckDBPyConnection",
    employee_id: str,
    period: str,
    language: Language,
    name: str | None,
) -> PayExplanation:
    subject = rows.EmployeePeriod(employee_id, period)
    roles = rows.role_rows(connection, subject)
    texts = rows.plan_texts(connection)
    lines = rows.line_rows(connection, subject)
    plans = rows.plan_rows(connection, subject, lines)
    notes = [] if texts else [text("statement.no_texts", language)]
    if not roles:
        notes.append(text("statement.no_role", language))
    if not lines:
        notes.append(text("statement.no_lines", language))
    return PayExplanation(
        employee_id=employee_id,
        name=name,
        period=period,
        language=language,
        roles=roles,
        plans=plans,
        components=_components(connection, subject, lines, texts, language),
        payouts=rows.payout_rows(connection, subject),
        counterfactuals=rows.counterfactual_rows(connection, subject),
        notes=tuple(notes),
        true_ups=causes_of(connection, employee_id=employee_id, period=period),
        ledger=entries_of(connection, {"period": period}),
    )


def _components(
    connection: "duckdb.DuckDBPyConnection",
    subject: rows.EmployeePeriod,
    lines: Sequence[TextRow],
    texts: Mapping[str, str],
    language: Language,
) -> tuple[ExplainedComponent, ...]:
    """Components that apply or have lines, in the order of their plans; what has no plan comes last."""
    settings = {
        (plan["plan_id"], component["id"]): component
        for plan in (json.loads(text) for text in texts.values())
        for component in plan["components"]
    }
    explained = {line["line_id"]: _explain_line(connection, line, language) for line in lines}
    keys = dict.fromkeys(rows.component_keys(connection, subject))
    keys |= dict.fromkeys(rows.key_of(line) for line in lines)
    found = []
    for plan_id, component_id, kind in _ordered(keys):
        own = [line for line in lines if rows.key_of(line)[:2] == (plan_id, component_id)]
        setting = settings.get((plan_id, component_id), {})
        component_type = str(setting.get("type") or kind)
        part = Component(plan_id, component_id, component_type, setting.get("pool") or kind)
        found.append(
            ExplainedComponent(
                plan_id=plan_id,
                component_id=component_id,
                component_type=component_type,
                name=name(
                    "component", part.pool if component_type == "commission" else component_type, language
                ),
                about=describe(setting, language),
                inputs=input_rows(connection, subject.employee_id, subject.period, part),
                lines=tuple(explained[line["line_id"]] for line in own),
            )
        )
    return tuple(found)


def _ordered(keys: Mapping[rows.Key, None]) -> list[rows.Key]:
    """Each component once (a cap line names the component it limits), those without a plan last."""
    once: dict[tuple[str | None, str], rows.Key] = {}
    for key in keys:
        kept = once.setdefault(key[:2], key)
        if kept[2] == "cap":
            once[key[:2]] = key
    return sorted(once.values(), key=lambda key: key[0] is None)


def _explain_line(
    connection: "duckdb.DuckDBPyConnection", line: TextRow, language: Language
) -> ExplainedLine:
    reason = line["reason"]
    if not reason:
        return ExplainedLine(line)
    if line["status"] in {"earned", "paid"}:
        return ExplainedLine(line, remark=remark(reason, language) or reason)
    deal_id = line["deal_id"] or ""
    change_id = rows.transfer_of(connection, deal_id) if "transfer" in reason.split(";") else ""
    said = holds(reason, language, line_id=line["line_id"] or "", deal_id=deal_id, change_id=change_id)
    settled = rows.settled_later(connection, line) if line["status"] == "held" else None
    return ExplainedLine(line, holds=said, settled=settled)
