"""``incentives import``, ``template`` and ``demo``: data in, empty templates and a made-up company out.

Belongs here: options and output of these commands. Does not belong here: reading and checking rows (``connectors``),
making a company up (``demo``).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli_output import Json, console, echo, echo_json, show_table, shown

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
    as_json: Json = False,
) -> None:
    """Land one delivery in the warehouse and print its validation report."""
    from orchestration.cli_progress import shown_progress
    from orchestration.landing import Order, land_order, prepare_raw_layer
    from orchestration.progress import stage
    from orchestration.settings import load_settings
    from orchestration.writer_lock import writer_lock

    settings = load_settings()
    with (
        shown_progress(console(to_stderr=True)),
        writer_lock(settings.lock_file, "incentives import"),
        stage("land", directory.name),
    ):
        prepare_raw_layer(settings)
        report = land_order(settings, Order(directory, mapping, snapshot, allow_shrink))
    if as_json:
        echo_json({"status": "done", **report.to_dict()})
    else:
        show_report(report)


def show_report(report: ImportReport) -> None:
    """Print the validation report of a delivery."""
    show_table(
        f"Delivery {report.load_id}",
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
            ("template", "reason", "rows", "file:line", "field", "value"),
            [
                (
                    group.entity,
                    group.reason,
                    group.rows if first else None,
                    f"{one.file}:{one.line}",
                    one.field,
                    one.value,
                )
                for group in report.quarantine
                for first, one in zip([True, *[False] * len(group.samples)], group.samples, strict=False)
            ],
        )
    total = f"{report.rows_in:,} rows in = {report.accepted:,} accepted + {report.quarantined:,} quarantined"
    for line in ("", total, *report.notes):
        echo(line)


def template(
    directory: Annotated[Path, typer.Argument(help="Folder to write to; made when missing.")],
    file_format: Annotated[Format, typer.Option("--format", help="File format.")] = Format.CSV,
) -> None:
    """Write the empty import templates, with Chinese headers in a second row."""
    from connectors.files import write_templates

    files = write_templates(directory, file_format.value)
    echo(f"{len(files)} templates written to {shown(directory)}")


def demo(
    directory: Annotated[Path, typer.Argument(help="Folder to write to; made when missing.")],
    seed: Annotated[int, typer.Option(help="Chooses the company; the same seed gives the same bytes.")] = 7,
    as_json: Json = False,
) -> None:
    """Write a made-up company as one delivery, with facts seeded in it that are known."""
    from demo.company import write_company

    facts = write_company(directory, seed)
    if as_json:
        echo_json({"status": "done", "directory": directory, "seed": seed, "seeded": facts})
        return
    echo(f"A company of seed {seed} is written to {shown(directory)}.")
    echo(f"Next: incentives run --delivery {shown(directory)} --plans plans --plans demo/plans")
