"""``incentives import``, ``template`` and ``demo``: data in, empty templates and a made-up company out.

Belongs here: options and output of these commands. Does not belong here: reading and checking rows (``connectors``),
making a company up (``demo``).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, console, echo, echo_json, show_table, shown
from orchestration.errors import GATE_FAILED, InputError

if TYPE_CHECKING:
    from connectors.files import ImportReport


class Format(StrEnum):
    """File formats of empty templates."""

    CSV = "csv"
    XLSX = "xlsx"


def import_delivery(
    directory: Annotated[
        Path, typer.Argument(help="The delivery: one folder, any of the template files in it.")
    ],
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file, for an export in another shape.")
    ] = None,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="The delivery is complete: rows it lacks are deleted.")
    ] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Accept far fewer rows than the last delivery had.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the CSV files, such as windows-1252; else found out.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only check the delivery; nothing is landed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Land one delivery in the warehouse and print its validation report.

    Exit status 1 when of some file not one row could be accepted.
    """
    from connectors.files import DeliverySpec
    from orchestration.cli.console.progress import shown_progress
    from orchestration.runtime.access import protected_settings
    from orchestration.runtime.progress_events import stage
    from orchestration.runtime.writer_lock import writer_lock
    from orchestration.steps.landing.one_delivery import check_delivery, land_delivery, prepare_raw_layer
    from orchestration.steps.zones import reading_zone

    settings = protected_settings()
    spec = DeliverySpec(directory, mapping, snapshot, allow_shrink, reading_zone(settings), encoding)
    with (
        shown_progress(console(to_stderr=True)),
        writer_lock(settings.lock_file, "incentives import"),
        stage("land", directory.name),
    ):
        if check:
            report = check_delivery(settings, spec)
        else:
            prepare_raw_layer(settings)
            report = land_delivery(settings, spec)
    lost = [file.file for file in report.lost_files]
    if as_json:
        echo_json({"status": "failed" if lost else "done", **report.to_dict()})
    else:
        show_report(report)
        for name in lost:
            echo(f"{name}: not one row was accepted; the reasons are listed above")
    if lost:
        raise typer.Exit(GATE_FAILED)


def show_report(report: ImportReport) -> None:
    """Print the validation report of a delivery."""
    show_table(
        f"Delivery {report.load_id or '(only checked)'}",
        ("template", "file", "rows in", "accepted", "exact repeats", "quarantined", "left out", "deleted"),
        [
            (f.entity, f.file, f.rows_in, f.accepted, f.duplicates, f.quarantined, f.filtered, f.deleted)
            for f in report.files
        ],
    )
    if report.quarantine:
        echo("")
        show_table(
            "Quarantined rows by reason, with the first of them",
            ("template", "reason", "rows", "file:line", "field", "found", "expected"),
            [
                (
                    group.entity,
                    group.reason,
                    group.rows if first else None,
                    f"{one.file}:{one.line}",
                    one.field,
                    one.value,
                    one.expected,
                )
                for group in report.quarantine
                for first, one in zip([True, *[False] * len(group.samples)], group.samples, strict=False)
            ],
        )
        echo("")
        for reason, what_to_do in {group.reason: group.advice for group in report.quarantine}.items():
            echo(f"{reason}: {what_to_do}")
    total = f"{report.rows_in:,} rows in = {report.accepted:,} accepted + {report.quarantined:,} quarantined"
    for line in ("", total, *report.notes):
        echo(line)


def template(
    directory: Annotated[Path, typer.Argument(help="Folder to write to; made when missing.")],
    file_format: Annotated[Format, typer.Option("--format", help="File format.")] = Format.CSV,
    as_json: Json = False,
) -> None:
    """Write the empty import templates, with Chinese headers in a second row."""
    from connectors.files import write_templates

    files = write_templates(directory, file_format.value)
    if as_json:
        echo_json({"status": "done", "directory": directory, "files": files})
    else:
        echo(f"{len(files)} templates written to {shown(directory)}")


def demo(
    directory: Annotated[Path, typer.Argument(help="Folder to write to; made when missing.")],
    command: Annotated[
        list[str] | None, typer.Argument(help="With --systems, after `--`: what to run while they stand.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Chooses the company; the same seed gives the same bytes.")] = 7,
    systems: Annotated[
        bool,
        typer.Option(
            "--systems", help="Its CRM, ERP, training and ad platforms on loopback; the rest as files."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Write a made-up company as one delivery, with facts seeded in it that are known.

    With --systems most of it stays in simulated systems that speak their vendors' protocols on loopback, until the
    command after `--` has ended (its exit status is returned), or without one until this is interrupted.
    """
    if command and not systems:
        raise InputError(
            "a command runs beside systems only", hint="incentives demo DIR --systems -- COMMAND"
        )
    if systems:
        raise typer.Exit(_beside_systems(directory, seed, command or [], as_json=as_json))
    from demo.company import write_company

    facts = write_company(directory, seed)
    if as_json:
        echo_json({"status": "done", "directory": directory, "seed": seed, "seeded": facts})
        return
    echo(f"A company of seed {seed} is written to {shown(directory)}.")
    echo(f"Next: incentives run --delivery {shown(directory)} --plans plans --plans demo/plans")


def _beside_systems(directory: Path, seed: int, command: list[str], *, as_json: bool) -> int:
    from demo.systems.standing import SOURCES_VARIABLE, CompanySystems, run_beside

    with CompanySystems(directory, seed) as company:
        sources = company.sources.absolute()
        if as_json and not command:
            echo_json(
                {"status": "standing", "files": company.files, "sources": sources, "seeded": company.facts}
            )
        elif not as_json:
            echo(
                f"A company of seed {seed}: files in {shown(company.files)}, systems in {shown(company.sources)}."
            )
        if not command and not as_json:
            echo("The systems stand until this is interrupted. In another shell:")
            echo(f"export {SOURCES_VARIABLE}={sources}")
        return run_beside(company, command)
