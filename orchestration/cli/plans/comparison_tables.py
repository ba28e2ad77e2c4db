"""How a comparison of plans looks on a terminal.

Belongs here: its tables. Does not belong here: its figures (``serving.comparison.diff``).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from orchestration.cli.console.output import show_table

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.simulation.compare import Comparison
    from serving.comparison.diff import Change, PlanDiff

_MONEY = ("baseline", "candidate", "difference", "held baseline", "held candidate")
_KINDS = {"tier": "tier", "grade": "grade", "growth_rate": "growth rate"}


def show_comparison(comparison: Comparison, to: Console, *, by_person_and_period: bool) -> None:
    """Print totals, people, components, periods and level changes.

    Args:
        comparison: What to show.
        to: Where.
        by_person_and_period: One row a person and period instead of one a person.
    """
    diff = comparison.diff
    _show_plans(comparison, to)
    if diff.is_equal:
        to.print("Nothing changes: payout lines, tiers, grades and growth rates are the same.")
    if by_person_and_period:
        fields = ("period", "employee_id")
        ordered = sorted(diff.person_periods, key=lambda one: (one.of["period"], one.of["employee_id"]))
        _show_people(diff, ordered, fields, to)
    else:
        _show_people(diff, diff.persons, ("employee_id",), to)
    _show_sums("By component", diff.components, "component", to)
    _show_sums("By period", diff.periods, "period", to)
    _show_level_changes(diff, to)
    _show_total(diff, to)


def _show_plans(comparison: Comparison, to: Console) -> None:
    spans = comparison.periods
    said = f"{spans[0]} to {spans[-1]}, {len(spans)} months" if len(spans) > 1 else spans[0]
    to.print(f"Closed periods compared: {said}")
    rows = [
        (name, _short(comparison.baseline_hashes.get(name)), _short(comparison.candidate_hashes.get(name)))
        for name in comparison.changed_plans
    ]
    if rows:
        show_table("Plans that differ", ("plan", "baseline hash", "candidate hash"), rows, to=to)
    else:
        to.print("The plans are the same on both sides.")
    if comparison.left_out:
        to.print(
            f"Left out on both sides, although the warehouse was computed with it: {', '.join(comparison.left_out)}. "
            "Name its folder with --plans."
        )
    for warning in comparison.warnings:
        to.print(f"warning: {warning}", markup=False)
    to.print("")


def _short(plan_hash: str | None) -> str:
    return plan_hash[:12] if plan_hash else "not in force"


def _show_people(diff: PlanDiff, changes: Iterable[Change], fields: tuple[str, ...], to: Console) -> None:
    """People for whom something changes; how many there are for whom nothing does."""
    everything = list(changes)
    changed = [one for one in everything if one.is_changed]
    rows = [
        [
            *(one.of[name] for name in fields),
            diff.names.get(one.of["employee_id"]),
            one.currency,
            *_money(one),
        ]
        for one in changed
    ]
    headings = (*(name.replace("employee_id", "employee") for name in fields), "name", "currency", *_MONEY)
    if rows:
        show_table("Money per person" + (" and period" if len(fields) > 1 else ""), headings, rows, to=to)
        to.print("")
    same = len(everything) - len(changed)
    if same:
        what = "rows of people and periods" if len(fields) > 1 else "people"
        to.print(f"Nothing changes for {same} {what}.")
        to.print("")


def _show_sums(title: str, changes: Iterable[Change], name: str, to: Console) -> None:
    rows = [(one.of[name], one.currency, *_money(one)) for one in changes]
    show_table(title, (name, "currency", *_MONEY), rows, to=to)
    to.print("")


def _show_level_changes(diff: PlanDiff, to: Console) -> None:
    if not diff.level_changes:
        return
    rows = [
        (
            one.subject,
            diff.names.get(one.subject),
            one.period,
            _KINDS.get(one.kind, one.kind),
            one.component_id,
            one.baseline or "none",
            one.candidate or "none",
        )
        for one in diff.level_changes
    ]
    headings = ("who", "name", "period", "what", "component", "baseline", "candidate")
    show_table(f"Tiers, grades and growth rates that change: {len(rows)}", headings, rows, to=to)
    to.print("")


def _show_total(diff: PlanDiff, to: Console) -> None:
    for one in diff.totals:
        to.print(
            f"Budget effect in {one.currency}: {one.difference:+,} payable ({one.baseline:,} → {one.candidate:,}), "
            f"{one.held_difference:+,} held ({one.baseline_held:,} → {one.candidate_held:,})",
            style="bold",
        )
    to.print(f"{diff.winners} people gain, {diff.losers} lose.")
    for people, said in (
        (diff.gained, "Paid only under the candidate"),
        (diff.lost, "Paid only under the baseline"),
    ):
        if people:
            to.print(f"{said}: {', '.join(people)}")


def _money(change: Change) -> list[Any]:
    """Amounts of a change; what is nil on both sides of held stays empty."""
    held: list[Decimal | None] = [change.baseline_held, change.candidate_held]
    if not change.baseline_held and not change.candidate_held:
        held = [None, None]
    return [change.baseline, change.candidate, change.difference, *held]
