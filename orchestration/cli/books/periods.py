"""``incentives period …`` and ``incentives verify``: closing the books.

Belongs here: options and output. Does not belong here: what a command does (``orchestration.books``).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.books import decisions
from orchestration.cli.console.output import Json, console, echo, echo_json, show_table, shown
from orchestration.errors import DONE, GATE_FAILED

if TYPE_CHECKING:
    from ledger import Entry
    from orchestration.books.calculation import Step
    from orchestration.books.periods import PeriodStatus
    from orchestration.settings import Settings

app = typer.Typer(
    name="period",
    help="Close a month: open → calculated → approved → locked → paid.",
    no_args_is_help=True,
)
for command in (decisions.adjust, decisions.resolve, decisions.dispute, decisions.decide, decisions.cases):
    app.command(command.__name__)(command)
Month = Annotated[str, typer.Argument(help="The month, such as 2026-10.", metavar="PERIOD")]
As = Annotated[
    str | None,
    typer.Option(
        "--as", help="Who you are; where a server keeps the ledger, the login counts.", metavar="NAME"
    ),
]


@app.command("status")
def status(
    period: Annotated[
        str | None, typer.Argument(help="The month; none: all published months.", metavar="PERIOD")
    ] = None,
    as_json: Json = False,
) -> None:
    """Where a month stands, what hinders its approval, and what to do next."""
    from orchestration.books.overview import all_periods
    from orchestration.books.periods import month_of
    from orchestration.books.periods import status as status_of
    from orchestration.settings import load_settings

    settings = load_settings()
    if period is not None:
        _show_status(status_of(settings, month_of(period)), as_json)
        return
    rows = all_periods(settings)
    if as_json:
        echo_json({"status": "done", "periods": rows})
    else:
        show_table(
            "Months",
            ("month", "state", "locked with", "exports", "paid out"),
            [tuple(row.values()) for row in rows],
        )


def _show_status(found: PeriodStatus, as_json: bool) -> None:
    if as_json:
        echo_json({"status": "done", **_as_dict(found), "entries": [one.as_dict() for one in found.entries]})
        return
    with_other = f" (with {found.locked_with})" if found.locked_with not in {None, found.period} else ""
    echo(f"{found.period}: {found.state}{with_other}")
    for currency, sums in found.totals.items():
        echo("  " + ", ".join(f"{name} {value} {currency}" for name, value in sums.items()))
    for one in found.hindrances:
        echo(f"  hinders the approval: {one}")
    if found.entries:
        columns = ("no.", "event", "at", "by", "lines", "subject", "note")
        show_table("Entries", columns, [_entry_cells(one) for one in found.entries])
    if found.next_step:
        echo(f"Next: {found.next_step}")


def _entry_cells(one: Entry) -> tuple[Any, ...]:
    lines = (one.lines_hash or "")[:12]
    return one.sequence, one.event.value, one.at[:19], one.by, lines, one.subject, one.note


@app.command("calculate")
def calculate(
    period: Month,
    name: As = None,
    delivery: Annotated[
        Path | None, typer.Option(help="Folder to land first; none: what is complete in HOME/inbox.")
    ] = None,
    plans: Annotated[
        list[Path] | None, typer.Option(help="Plan files or folders to record for this home.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="ISO time up to which facts are known; none: the latest in the data.")
    ] = None,
    accept: Annotated[
        list[str] | None, typer.Option(help="Change since the last publication that is right; repeatable.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Run the pipeline and note the calculation of a month in the ledger; its inputs, plans and lines are archived."""
    from connectors.files import DeliverySpec
    from orchestration.books.calculation import calculate as calculate_month
    from orchestration.books.periods import month_of
    from orchestration.cli.console.progress import shown_progress
    from orchestration.runs.run import RunRequest
    from orchestration.runtime.access import protected_settings

    settings, month = protected_settings(), month_of(period)
    request = RunRequest(
        DeliverySpec(delivery) if delivery else None, tuple(plans or ()), as_of, tuple(accept or ())
    )
    with shown_progress(console(to_stderr=True)):
        step = calculate_month(settings, month, name, request)
    if step.outcome is not None and step.outcome.exit_code:
        if as_json:
            echo_json({"status": "failed", "period": month, "failures": step.outcome.failures})
        else:
            for failure in (
                *step.outcome.failures,
                *(one.about for one in step.outcome.not_passed if one.blocking),
            ):
                echo(failure)
            echo(f"{month} is not calculated: the run did not pass (log: {step.outcome.log})")
        raise typer.Exit(step.outcome.exit_code)
    _show(step, month, as_json)


@app.command("approve")
def approve(period: Month, name: As = None, as_json: Json = False) -> None:
    """Approve exactly the last calculation; somebody else than who calculated it."""
    from orchestration.books import periods
    from orchestration.runtime.access import protected_settings

    settings, month = protected_settings(), periods.month_of(period)
    _show(periods.approve(settings, month, name), month, as_json)


@app.command("lock")
def lock(period: Month, name: As = None, as_json: Json = False) -> None:
    """Lock the approved lines: they never change; later facts become true-ups in the open month."""
    from orchestration.books import periods
    from orchestration.runtime.access import protected_settings

    settings, month = protected_settings(), periods.month_of(period)
    step = periods.lock(settings, month, name)
    _show(replace(step, notes=(*step.notes, *_reported(settings, month))), month, as_json)


@app.command("pay")
def pay(period: Month, name: As = None, as_json: Json = False) -> None:
    """Note that a locked month was paid."""
    from orchestration.books import periods
    from orchestration.runtime.access import protected_settings

    settings, month = protected_settings(), periods.month_of(period)
    step = periods.pay(settings, month, name)
    _show(replace(step, notes=(*step.notes, *_reported(settings, month))), month, as_json)


@app.command("export")
def export(
    period: Month,
    out: Annotated[Path, typer.Option(help="Folder to write to; made when missing.")],
    columns: Annotated[
        str | None, typer.Option(help="Columns of payroll.csv: generic, monthly_bonus_zh, or a YAML file.")
    ] = None,
    name: As = None,
    as_json: Json = False,
) -> None:
    """Hand a locked month over to payroll: payroll.csv, payroll.xlsx, lines.csv, manifest.json."""
    from orchestration.books.export import export as export_month
    from orchestration.books.periods import month_of
    from orchestration.runtime.access import protected_settings

    settings, month = protected_settings(), month_of(period)
    made = export_month(settings, month, out, columns, name)
    notes = _reported(settings, month)
    if as_json:
        entry = made.entry.as_dict() if made.entry else None
        document = {"status": "done", "period": month, **_as_dict(made.handover)}
        echo_json({**document, "entry": entry, "notes": notes})
        return
    for note in notes:
        echo(note)
    for file, about in made.handover.files.items():
        echo(f"{shown(out / file)}: {about['rows']:,} rows, sha256 {about['sha256'][:12]}…")
    for currency, sums in made.handover.totals.items():
        echo(
            f"{currency}: payable {sums['payable']}, true-ups {sums['true_ups']}, carried out {sums['carried_out']}"
        )


@app.command("reopen")
def reopen(period: Month, name: As = None, as_json: Json = False) -> None:  # noqa: ARG001  (the same options)
    """Refused: a locked month never changes. Says what to do instead."""
    from orchestration.books import periods

    periods.reopen(periods.month_of(period))


def verify(
    period: Annotated[
        str | None,
        typer.Argument(help="A locked month to calculate again from its archive.", metavar="PERIOD"),
    ] = None,
    shuffle: Annotated[
        int | None, typer.Option(help="Calculate with the input rows in another order, drawn with this seed.")
    ] = None,
    handover: Annotated[
        Path | None, typer.Option(help="Folder of a hand-over to payroll to check against the ledger.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the chain of the ledger and every archive; calculate a locked month again and compare byte for byte."""
    from orchestration.books.periods import month_of
    from orchestration.books.verification import verify as verify_books
    from orchestration.cli.console.progress import shown_progress
    from orchestration.runtime.access import protected_settings

    settings = protected_settings()
    with shown_progress(console(to_stderr=True)):
        found = verify_books(settings, month_of(period) if period else None, shuffle, handover)
    if as_json:
        echo_json({"status": "done" if found.is_whole else "failed", **_as_dict(found)})
    else:
        echo(f"{found.entries} entries, {len(found.archives)} archives of locked months")
        for fault in found.faults:
            echo(f"FAULT: {fault}")
        for one in found.reproduced:
            code = f" (locked by code {one.other_code})" if one.other_code else ""
            said = f"differs: {one.difference}" if one.difference else "the same, byte for byte"
            echo(f"{one.period}: {one.lines:,} lines calculated again: {said}{code}")
        echo("The books are whole." if found.is_whole else "The books are NOT whole.")
    raise typer.Exit(DONE if found.is_whole else GATE_FAILED)


def _reported(settings: Settings, month: str) -> tuple[str, ...]:
    """Have Dagster show the month; why it does not, if so."""
    from orchestration.books.overview import all_periods
    from orchestration.books.partitions import report_month

    said = report_month(settings, month, [row["period"] for row in all_periods(settings)])
    return (said,) if said else ()


def _show(step: Step, period: str, as_json: bool) -> None:
    entry: Entry | None = step.entry
    if as_json:
        echo_json(
            {
                "status": "done",
                "period": period,
                "state": step.state,
                "entry": entry.as_dict() if entry else None,
                "hindrances": step.hindrances,
                "notes": step.notes,
            }
        )
        return
    if entry is None:
        echo(f"{period} is {step.state}: the ledger says the same already")
    else:
        lines = f", lines {entry.lines_hash[:12]}…" if entry.lines_hash else ""
        echo(
            f"{period} is {step.state}: entry {entry.sequence} by {entry.by}{lines}, hash {entry.entry_hash[:12]}…"
        )
    for note in step.notes:
        echo(f"  {note}")
    for one in step.hindrances:
        echo(f"  hinders the approval: {one}")


def _as_dict(value: Any) -> dict[str, Any]:
    from dataclasses import asdict

    found = asdict(value)
    found.pop("entries", None) if not isinstance(found.get("entries"), int) else None
    return found
