"""``incentives statement``: how somebody's pay of a month came about.

Belongs here: its options and how it looks. Does not belong here: finding it out (``serving.statements.statement``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.console.output import Json, console, echo_json, show_table

if TYPE_CHECKING:
    from rich.console import Console

    from serving.statements.statement import ExplainedComponent, ExplainedLine, PayExplanation

SHOWN = 12
_MONEY = {
    *(
        "amount",
        "basis_amount",
        "credited_amount",
        "earning_amount",
        "total_amount",
        "counted_total",
        "tier_to",
    ),
    *("bonus", "origination_held", "money_gain", "point_value"),
    *("locked_amount", "posted_amount", "calculated_amount"),
    *("gross", "held", "adjustments", "true_ups", "carried_in", "net", "payable", "carried_out"),
}
#: Domain of the catalogue for the values of a column; other columns have their values as they are, or yes and no.
_DOMAINS = {
    "component": "component",
    "corrected_component": "component",
    "department": "department",
    "group": "group",
    "kind": "counterfactual",
    "measure": "measure",
    "position": "position",
    "profile": "profile",
    "scope": "scope",
    "source": "source",
    "status": "status",
    "unit": "unit",
}
_TRUE_UP = (
    "origin_period",
    "corrected_component",
    "locked_amount",
    "posted_amount",
    "calculated_amount",
    "amount",
)
_ENTRY = ("sequence", "event", "at", "by", "entry_hash")
_RATES = {"rate", "min_conversion", "conversion", "growth", "share", "attainment"}
_LINE = ("deal_id", "transaction_id", "origin_period", "basis_amount", "rate", "amount", "currency", "status")


class Language(StrEnum):
    """Languages of the texts."""

    ZH = "zh"
    EN = "en"


def statement(
    employee: Annotated[str, typer.Argument(help="Id of the employee, or UNRESOLVED.")],
    period: Annotated[str, typer.Argument(help="The month, such as 2026-03.")],
    lang: Annotated[Language, typer.Option(help="Language of the texts.")] = Language.ZH,
    everything: Annotated[
        bool, typer.Option("--all", help=f"Show every row, not only the first {SHOWN} of a table.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Explain the pay of one employee and month: plans, inputs, lines, what is held and why, what was missing."""
    from orchestration.books.overview import entries_about
    from orchestration.errors import InputError
    from orchestration.runtime.periods import parse_periods
    from orchestration.settings import load_settings
    from serving.statements.statement import explain_pay

    months = parse_periods(period, "PERIOD")
    if len(months) != 1:
        raise InputError(f"{period!r} is more than one month. Write one, such as 2026-03.")
    settings = load_settings()
    found = explain_pay(settings.readers_database, employee, months[0], "zh" if lang is Language.ZH else "en")
    explanation = replace(found, ledger=entries_about(settings, months) or found.ledger)
    if as_json:
        echo_json(explanation.as_dict())
    else:
        _Page(explanation, console(), None if everything else SHOWN).show()


class _Page:
    """An explanation on a terminal."""

    def __init__(self, explanation: PayExplanation, to: Console, limit: int | None) -> None:
        self.found = explanation
        self.to = to
        self.limit = limit

    def name(self, domain: str, key: str) -> str:
        """A name of the catalogue in the language of the page."""
        from serving.catalogue import name

        return name(domain, key, self.found.language)

    def show(self) -> None:
        """Print everything, the sums last."""
        found = self.found
        self.to.print(f"{found.employee_id} {found.name or ''} · {found.period}", style="bold")
        self.to.print("")
        self.block("roles", found.roles)
        self.block("plans", [self.plan(row) for row in found.plans])
        for component in found.components:
            self.component(component)
        self.block("counterfactuals", found.counterfactuals)
        self.block("true_ups", [self.true_up(row) for row in found.true_ups])
        self.block("payouts", found.payouts)
        self.block("ledger", [{name: row[name] for name in _ENTRY} for row in found.ledger])
        for note in found.notes:
            self.to.print(f"{self.name('block', 'notes')}: {note}")

    def block(self, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """A table of the whole month with an empty line below."""
        if rows:
            self.table(title, rows)
            self.to.print("")

    def plan(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A plan with its title in the language of the page and a short hash."""
        shown = {"plan_id": row["plan_id"], "title": row.get(f"title_{self.found.language}")}
        rest = {key: row.get(key) for key in ("valid_from", "valid_to", "currency")}
        return {**shown, **rest, "plan_hash": (row["plan_hash"] or "")[:12]}

    def true_up(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What a true-up corrects, by how much, and which record it comes from."""
        record = " ".join(filter(None, (row["change"], row["source_table"], row["record_id"])))
        return {name: row[name] for name in _TRUE_UP} | {
            "cause": record,
            "changed_values": row["changed_values"],
        }

    def component(self, component: ExplainedComponent) -> None:
        """What it pays, its inputs, its lines; without any of the two one sentence."""
        plan = f" ({component.plan_id}, {component.component_id})" if component.plan_id else ""
        self.to.print(f"■ {component.name}{plan}", style="bold")
        if component.about:
            self.to.print(f"  {component.about}")
        for name, rows in component.inputs.items():
            self.table(name, rows)
        self.table("lines", [self.line(one) for one in component.lines])
        self.holds(component.lines)
        if not component.lines and not component.inputs:
            self.to.print("  —")
        self.to.print("")

    def line(self, one: ExplainedLine) -> dict[str, Any]:
        """The cells of a payout line."""
        cells = {key: one.line[key] for key in _LINE}
        said = one.remark or one.line["reason"]
        return {**cells, "reason": f"{said} → {one.settled}" if one.settled else said}

    def holds(self, lines: Iterable[ExplainedLine]) -> None:
        """Why lines are held and what would release them; lines with the same words together."""
        groups: dict[tuple[str, str, str, str], list[ExplainedLine]] = {}
        for one in lines:
            for hold in one.holds:
                status = "released" if one.settled else one.line["status"] or ""
                groups.setdefault((status, hold.reason, hold.meaning, hold.release), []).append(one)
        for (status, reason, meaning, release), members in groups.items():
            if status == "released":
                continue
            amount = sum((Decimal(one.line["amount"] or 0) for one in members), Decimal(0))
            self.to.print(
                f"  {self.name('status', status)} {amount:,} ({len(members)} ×) · {reason}: {meaning}"
            )
            if release and status == "held":
                self.to.print(f"    → {release}")

    def table(self, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """A table without the columns that are empty in all rows."""
        from serving.catalogue import heading

        if not rows:
            return
        columns = [name for name in rows[0] if any(row[name] not in {None, ""} for row in rows)]
        shown = rows[: self.limit]
        cells = [[self.cell(name, row[name]) for name in columns] for row in shown]
        headings = [self.name("column", name) for name in columns]
        show_table(heading(self.name("block", title)), headings, cells, to=self.to)
        if len(rows) > len(shown):
            self.to.print(f"… + {len(rows) - len(shown)} (--all)")

    def cell(self, column: str, value: str | None) -> Any:
        """A cell: money with two places, rates in percent, names in the language of the page."""
        from serving.statements.descriptions import percent

        if value is None:
            return None
        try:
            figure = Decimal(value)
        except InvalidOperation:
            return self.name(_DOMAINS.get(column, "flag"), value)
        if not figure.is_finite() or column.endswith("_id"):
            return value
        if column in _RATES:
            return percent(figure)
        if column in _MONEY:
            return figure.quantize(Decimal("0.01"))
        return figure.normalize() + 0 if figure == figure.to_integral_value() else figure.normalize()
