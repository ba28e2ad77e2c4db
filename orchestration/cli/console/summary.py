"""What ``incentives run`` says at the end.

Belongs here: the summary as text and as JSON. Does not belong here: its figures (``serving.run_summary``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.cli.console.output import plain, show_table, shown
from orchestration.plans_in_force import plans_in_force
from orchestration.steps.publishing import largest_line, read_calculation

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.runs.outcome import Outcome
    from orchestration.settings import Settings
    from serving import RunSummary

_FIGURES = ("signed", "credited", "earned", "held", "net")


def run_document(outcome: Outcome, settings: Settings) -> dict[str, Any]:
    """The outcome of a run for machines."""
    document = {"status": "done" if outcome.success else "failed", **plain(outcome), **places(settings)}
    if outcome.success:
        from serving import run_summary

        document["computed"] = outcome.unchanged_since is None
        document["plans"] = plain(plans_in_force(settings))
        document["calculation"] = read_calculation(settings.warehouse)
        document["summary"] = plain(run_summary(settings.warehouse))
    return document


def places(settings: Settings) -> dict[str, str]:
    """Where the results lie."""
    return {
        "snapshot": shown(settings.published / "incentives.duckdb"),
        "published": shown(settings.published / "current"),
        "data_docs": shown(settings.data_docs / "index.html"),
    }


def show_run(outcome: Outcome, settings: Settings, to: Console) -> None:
    """Print the outcome of a run for people."""
    to.print("")
    if not outcome.success:
        _show_failure(outcome, settings, to)
        return
    from serving import run_summary

    calculation = read_calculation(settings.warehouse)
    to.print(
        f"Run {calculation['run_id']}, as of {calculation['as_of']} UTC, code {calculation['code_version']}"
    )
    to.print(f"Plans in force: {', '.join(shown(path) for path in plans_in_force(settings))}", markup=False)
    if outcome.unchanged_since:
        to.print(
            "Nothing has changed since the last good run: nothing was computed, and the publication stands "
            "(incentives run --anew computes all the same).",
            style="bold",
        )
    _show_deliveries(outcome, to)
    to.print("")
    summary = run_summary(settings.warehouse)
    _show_months(summary, to)
    _show_held(summary, to)
    _show_quarantine(summary, to)
    _show_checks(outcome, to)
    _show_next(outcome, settings, to)


def _show_deliveries(outcome: Outcome, to: Console) -> None:
    for kind in ("rejected", "skipped"):
        for name, why in outcome.deliveries.get(kind, ()):
            to.print(f"  {kind}: {name}: {why}", markup=False)


def _show_months(summary: RunSummary, to: Console) -> None:
    currencies = sorted({currency for figure in _FIGURES for currency in summary.total(figure)})
    totals = {figure: summary.total(figure) for figure in _FIGURES}
    rows: list[list[Any]] = []
    for month in summary.months:
        counts = (month.period, month.employees_paid, month.deals, month.credits)
        rows += money_rows(counts, {figure: getattr(month, figure) for figure in _FIGURES}, currencies)
    counts_of_all = [sum(getattr(month, name) for month in summary.months) for name in ("deals", "credits")]
    rows += money_rows(("all", summary.employees_paid, *counts_of_all), totals, currencies)
    headings = (
        "month",
        "people paid",
        "deals",
        "credits",
        "",
        "signed",
        "credited",
        "earned",
        "held",
        "paid out",
    )
    show_table("By month", headings, rows, to=to)
    to.print(f"{summary.employees_paid} of {summary.employees} people paid, {summary.lines:,} payout lines.")


def money_rows(
    counts: tuple[Any, ...], figures: Mapping[str, Mapping[str, Decimal]], currencies: Sequence[str]
) -> list[list[Any]]:
    """One row for each currency a month has, the largest first; counts stand in the first row only."""
    size = {
        currency: max(abs(by.get(currency, Decimal(0))) for by in figures.values()) for currency in currencies
    }
    present = [one for one in sorted(size, key=lambda one: (-size[one], one)) if size[one]] or list(
        currencies
    )[:1]
    nothing = [None] * len(counts)
    return [
        [*(nothing if index else counts), currency, *(by.get(currency) for by in figures.values())]
        for index, currency in enumerate(present)
    ]


def _show_held(summary: RunSummary, to: Console) -> None:
    """Why money is not paid, and what would release it."""
    if not summary.held:
        return
    from serving import holds

    to.print("")
    rows = []
    for one in summary.held:
        why = holds(one.reason, "en", line_id="LINE_ID", deal_id="the deal", change_id="CHANGE_ID")
        words = ("; ".join(hold.meaning for hold in why), "; ".join(hold.release for hold in why))
        rows.append((one.lines, one.currency, one.amount, *words))
    show_table("Held", ("lines", "", "amount", "because", "what releases it"), rows, to=to)


def _show_quarantine(summary: RunSummary, to: Console) -> None:
    to.print("")
    if not summary.quarantined:
        to.print("No row is in quarantine.")
        return
    rows = [(count.source_table, count.reason, count.rows) for count in summary.quarantined]
    show_table(f"Quarantine: {summary.rows_quarantined:,} rows", ("template", "reason", "rows"), rows, to=to)


def _show_checks(outcome: Outcome, to: Console) -> None:
    counts = outcome.checks
    to.print("")
    to.print(
        f"Checks: {counts.passed:,} passed, {counts.warned:,} warned, {counts.failed:,} failed "
        f"({counts.tests:,} dbt tests, {counts.expectations:,} expectations in {counts.suites} suites)."
    )
    for one in outcome.not_passed:
        word = "failed" if one.blocking else "warned"
        to.print(f"  {word}: {one.asset} {one.check}: {one.about}", markup=False)


def _show_next(outcome: Outcome, settings: Settings, to: Console) -> None:
    at = places(settings)
    to.print("")
    to.print("Results")
    to.print(f"  {at['snapshot']}  all marts for SQL: open it read-only")
    to.print(f"  {at['published']}/  the same as Parquet, one folder a mart, and manifest.json")
    to.print(f"  {at['data_docs']}  what the gates checked, in a browser")
    if outcome.reports.get("first"):
        made = outcome.reports
        to.print(
            f"  {shown(Path(made['first']))}  {made['pages']} report pages of {made['period']}, in a browser"
        )
    to.print("Next")
    line = largest_line(settings.warehouse)
    if line:
        to.print(f"  incentives explain {line}  where the largest line comes from")
    to.print("  incentives report --format xlsx  the last month as a workbook")
    to.print("  make dev  the same in the Dagster UI")


def _show_failure(outcome: Outcome, settings: Settings, to: Console) -> None:
    to.print(
        "The run stopped; nothing new was published, readers still see the publication before.", style="bold"
    )
    for text in outcome.failures:
        to.print(text, markup=False)
    if outcome.not_passed:
        _show_checks(outcome, to)
    to.print("")
    if outcome.log:
        to.print(
            f"The log lies in {shown(outcome.log)}; run {outcome.dagster_run_id} in the Dagster UI (make dev)."
        )
    if outcome.not_passed:
        to.print(f"Failing rows are shown in {places(settings)['data_docs']}.")
