"""An explained payout line as a tree: plan, deal, inputs, other lines, figures, source rows.

Belongs here: what stands on a line of the tree, and how much is left out. Does not belong here: finding it out
(``serving.lineage``); the JSON output leaves nothing out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.tree import Tree

from orchestration.cli.console.output import console
from orchestration.cli.explaining.books import add_books
from orchestration.cli.explaining.branches import HASH, SHOWN, add_branch, cells, label, plain, words

if TYPE_CHECKING:
    from serving import Explanation, Figure, SourceRecord
    from serving.database import TextRow

_NOT_PARAMETERS = ("id", "type", "departments", "kpis", "grades", "templates", "archive_fields")
#: Columns of a branch of inputs, in the order in which they are read; an input that is not named is not shown.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "tier_steps": (
        "step_no",
        "deal_id",
        "transaction_id",
        "credited_amount",
        "amount_after",
        "tier_no",
        "earning_amount",
    ),
    "transfers": (
        "change_id",
        "from_employee_id",
        "to_employee_id",
        "counted_share",
        "is_abnormal",
        "has_reason",
    ),
    "points": ("lead_id", "points", "point_value", "amount"),
    "process_bonus": (
        "period",
        "valid_visits",
        "target",
        "conversion",
        "min_conversion",
        "is_reached",
        "release_period",
    ),
    "task_items": (
        "measure",
        "profile",
        "wanted_target",
        "capability",
        "target",
        "actual",
        "attainment",
        "weight",
        "task_score",
    ),
    "growth": ("scope_id", "measure", "value", "baseline", "growth", "rate"),
    "contribution": ("follow_ups", "minutes", "score", "is_reached"),
    "scorecards": ("business_score", "management_score", "violations", "total_score", "grade"),
    "scorecard_items": (
        "kpi_id",
        "group",
        "weight",
        "value",
        "target",
        "attainment",
        "score",
        "status",
        "reason",
    ),
    "days": ("period", "days_in_role", "days_in_period", "bonus_base_days"),
}


def show_explanation(explanation: Explanation, *, all_rows: bool) -> None:
    """Print an explained line as a tree.

    Args:
        explanation: What was found out.
        all_rows: List everything, with the delivered values, where the tree would only count.
    """
    console().print(tree_of(explanation, all_rows=all_rows))


def tree_of(explanation: Explanation, *, all_rows: bool = False) -> Tree:
    """The tree of an explained line."""
    line = explanation.line
    tree = Tree(label(f"payout line {explanation.line_id}", style="bold"))
    head = f"{line['employee_id']}, {line['period']}, {line['component']}: "
    head += f"{line['amount']} {line['currency']}, {line['status']}"
    tree.add(label(head + (f" ({line['reason']})" if line.get("reason") else "")))
    if line.get("rate"):
        tree.add(label(f"basis {line.get('basis_amount')} at {plain(line['rate'])}"))
    _add_plan(tree, explanation)
    _add_deal(tree, explanation)
    for name, columns in _COLUMNS.items():
        rows = [_own(row, line) + cells(row, columns) for row in _inputs(explanation, name)]
        add_branch(tree, words(name), rows, all_rows)
    _add_lines(tree, explanation, all_rows)
    _add_figures(tree, explanation.figures, all_rows)
    _add_sources(tree, explanation.sources, all_rows)
    add_books(tree, explanation, all_rows)
    for note in explanation.notes:
        tree.add(label(f"note: {note}"))
    return tree


def _inputs(explanation: Explanation, name: str) -> Sequence[TextRow]:
    """Rows of an input; of a scorecard the items of the line's group, scored ones first."""
    rows = explanation.inputs.get(name, ())
    if name != "scorecard_items":
        return rows
    group = (explanation.line["component"] or "").removeprefix("bonus_")
    return sorted((row for row in rows if row["group"] == group), key=lambda row: row["status"] != "scored")


def _own(row: TextRow, line: TextRow) -> str:
    """Marks the step of the line's own deal among the deals of the interval."""
    if "step_no" not in row:
        return ""
    is_own = all((row[name] or "") == (line.get(name) or "") for name in ("deal_id", "transaction_id"))
    return "this line: " if is_own else ""


def _add_plan(tree: Tree, explanation: Explanation) -> None:
    plan, component = explanation.plan, explanation.component
    if plan is not None:
        tree.add(label(f"plan {plan.plan_id} ({plan.file}), version {plan.plan_hash[:HASH]}"))
    if component is None or not component.definition:
        return
    branch = tree.add(label(f"component {component.id} ({component.type})"))
    for name, value in component.definition.items():
        if value not in (None, [], {}) and name not in _NOT_PARAMETERS:
            _add_parameter(branch, name, value)


def _add_parameter(branch: Tree, name: str, value: Any) -> None:
    """A parameter of the plan; of a rate table each tier."""
    tiers = value.get("tiers") if isinstance(value, dict) else None
    if not tiers:
        branch.add(label(f"{name}: {_parameter(value)}"))
        return
    inner = branch.add(
        label(f"{name}: {_parameter({key: one for key, one in value.items() if key != 'tiers'})}")
    )
    for number, tier in enumerate(tiers, start=1):
        inner.add(label(f"tier {number}: {_parameter(tier)}"))


def _parameter(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_parameter(one)}" for key, one in value.items() if one is not None)
    if isinstance(value, list):
        return "; ".join(_parameter(one) for one in value)
    return str(value)


def _add_deal(tree: Tree, explanation: Explanation) -> None:
    deal = explanation.deal
    if deal is None:
        return
    said = f"deal {deal['deal_id']}: {deal['amount']} {deal['currency']}, {deal['source']}"
    if deal.get("signed_date"):
        said += f", signed {deal['signed_date']}"
    if deal.get("base_currency") not in (None, deal["currency"]):
        said += f", {deal['base_amount']} {deal['base_currency']} at {plain(deal['fx_rate'])}"
    branch = tree.add(label(said))
    columns = ("employee_id", "pool", "share", "credited_amount", "rate", "pool_amount", "earning_amount")
    for credit in explanation.credits:
        branch.add(label("credit: " + cells(credit, columns)))


def _add_lines(tree: Tree, explanation: Explanation, all_rows: bool) -> None:
    columns = ("line_id", "period", "component", "component_id", "amount", "status")
    rows = [cells({**row, "line_id": (row["line_id"] or "")[:HASH]}, columns) for row in explanation.lines]
    add_branch(tree, "computed from other lines", rows, all_rows)


def _add_figures(tree: Tree, figures: Iterable[Figure], all_rows: bool) -> None:
    """Figures by name, the months of a name below it, the last one first; a KPI that counted nothing is left out."""
    for (kind, subject, name), group in groupby(
        sorted(figures, key=lambda one: (one.kind, one.subject_id, one.name)),
        key=lambda one: (one.kind, one.subject_id, one.name),
    ):
        months = sorted(group, key=lambda one: one.period, reverse=True)
        rows = [_figure(one, all_rows) for one in months if one.records or one.kind == "measure" or all_rows]
        if len(rows) == 1:
            tree.add(label(f"{kind} {name} of {subject}, {rows[0]}"))
        else:
            add_branch(tree, f"{kind} {name} of {subject}", rows, all_rows)


def _figure(figure: Figure, all_rows: bool) -> str:
    said = figure.period
    if values := cells(figure.figures, ("value", "numerator", "denominator", "reason")):
        said += f": {values}"
    said += f"; {_counted(record.partition(' ')[0] for record in figure.records)}"
    return said + (f": {', '.join(figure.records)}" if all_rows and figure.records else "")


def _add_sources(tree: Tree, sources: Sequence[SourceRecord], all_rows: bool) -> None:
    if not sources:
        return
    branch = tree.add(label(f"source rows: {_counted(one.source_table for one in sources)}"))
    if len(sources) > SHOWN and not all_rows:
        branch.add(label("--rows lists them, --json gives everything"))
        return
    for one in sources:
        place = one.location or f"load {one.load_id}"
        place = place if one.source == "files" else f"{one.source} {place}"
        place += f" ({one.address})" if one.address else ""
        leaf = branch.add(label(f"{one.key}: {place}, load {one.load_id}, hash {one.content_hash[:HASH]}"))
        if all_rows and one.values:
            leaf.add(label(cells(one.values, tuple(one.values))))


def _counted(tables: Iterable[str]) -> str:
    """How many rows of which tables."""
    counts = Counter(tables)
    total = sum(counts.values())
    if not total:
        return "no rows"
    named = ", ".join(f"{table} {count:,}" for table, count in sorted(counts.items()))
    return f"{total:,} row{'s' if total > 1 else ''} ({named})"
