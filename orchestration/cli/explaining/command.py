"""``incentives explain``: from a payout line, or from what somebody is paid, back to source rows and approvals.

Belongs here: its options and output. Does not belong here: the walk (``serving``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, echo_json

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from serving import Explanation, SourceRecord

#: of a line: what an entry of the ledger may be about
_NAMES = ("line_id", "settles_line_id", "corrects_line_id", "calculated_line_id")
_DECISIONS = ("adjustments", "resolutions", "disputes")


def explain(
    what: Annotated[
        str,
        typer.Argument(
            help="A line_id, or its first characters; with a month, an employee_id.", metavar="WHAT"
        ),
    ],
    period: Annotated[
        str | None,
        typer.Argument(help="The month of the employee's payout, such as 2026-10.", metavar="PERIOD"),
    ] = None,
    as_json: Json = False,
    all_rows: Annotated[
        bool, typer.Option("--rows", help="List every row with its values where the tree would only count.")
    ] = False,
) -> None:
    """Walk from a payout line, or from the payout of an employee and month, down to source rows and approvals."""
    from orchestration.settings import load_settings

    settings = load_settings()
    if period is None:
        _explain_line(settings, what, as_json=as_json, all_rows=all_rows)
    else:
        _explain_payout(settings, what, period, as_json=as_json, all_rows=all_rows)


def _explain_line(settings: Settings, line_id: str, *, as_json: bool, all_rows: bool) -> None:
    from serving import explain_line

    explanation = with_addresses(explain_line(readable_database(settings), line_id), settings)
    explanation = replace(explanation, ledger=_entries(settings, [explanation]) or explanation.ledger)
    if as_json:
        echo_json(explanation.as_dict())
        return
    from orchestration.cli.explaining.tree import show_explanation

    show_explanation(explanation, all_rows=all_rows)


def _explain_payout(settings: Settings, employee: str, period: str, *, as_json: bool, all_rows: bool) -> None:
    from orchestration.books.periods import month_of
    from serving import explain_payout

    payout = explain_payout(readable_database(settings), employee, month_of(period))
    lines = tuple(with_addresses(line, settings) for line in payout.lines)
    payout = replace(payout, lines=lines, ledger=_entries(settings, lines, month_of(period)))
    if as_json:
        echo_json(payout.as_dict())
        return
    from orchestration.cli.explaining.payout import show_payout

    show_payout(payout, all_rows=all_rows)


def _entries(
    settings: Settings, lines: Iterable[Explanation], *periods: str
) -> tuple[dict[str, str | None], ...]:
    """Entries of the ledger about the months of lines, and about the decisions and corrections that they rest on."""
    from orchestration.books.overview import entries_about

    lines = tuple(lines)
    months = {one.line[name] or "" for one in lines for name in ("period", "origin_period")}
    named = {one.line[name] or "" for one in lines for name in _NAMES if name in one.line}
    decisions = {row.record_id for one in lines for row in one.sources if row.source_table in _DECISIONS}
    return entries_about(settings, {*months, *periods}, named | decisions)


def with_addresses(explanation: Explanation, settings: Settings) -> Explanation:
    """The explanation, with the web addresses of records of connected systems that have one."""
    from orchestration.steps.sources import configured_sources

    if all(one.source == "files" for one in explanation.sources):
        return explanation
    systems = {one.name: one for one in configured_sources(settings)}

    def address(record: SourceRecord) -> str | None:
        system, own_id = systems.get(record.source), (record.values or {}).get("_lines")
        if system is None or record.file is None or own_id is None:
            return None
        return system.type.record_address(system.connection, record.file, own_id)

    sources = tuple(replace(one, address=address(one)) for one in explanation.sources)
    return replace(explanation, sources=sources)


def readable_database(settings: Settings) -> Path:
    """The warehouse as it was published, which no run writes.

    A home whose publication is older than such copies is answered from the warehouse, and while somebody writes
    that, from the published snapshot.
    """
    from orchestration.runtime.writer_lock import is_busy
    from serving import kept_warehouse

    kept = kept_warehouse(settings.published, settings.explained)
    if kept is not None:
        return kept
    if settings.warehouse.exists() and (not settings.snapshot.exists() or not is_busy(settings.lock_file)):
        return settings.warehouse
    return settings.snapshot
