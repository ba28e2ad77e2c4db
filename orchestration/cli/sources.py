"""``incentives sources``: connected systems listed, checked and extracted; the types there are.

Belongs here: options and output. Does not belong here: fetching (``connectors.sources``).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from orchestration.cli.console.output import Json, echo, echo_json, show_table
from orchestration.errors import GATE_FAILED

app = typer.Typer(help="Connected systems (sources.yml).", no_args_is_help=True)
Name = Annotated[str | None, typer.Argument(help="The system's name in sources.yml; none: all of them.")]


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """The systems of sources.yml, with their resources and the last extraction."""
    from orchestration.settings import load_settings
    from orchestration.steps.sources import configured_sources, last_extraction

    settings = load_settings()
    found = configured_sources(settings)
    if as_json:
        described = [
            {
                "name": one.name,
                "type": one.type.name,
                "start_date": one.start_date,
                "resources": [resource.name for resource in one.resources],
                "last": last_extraction(settings, one),
            }
            for one in found
        ]
        echo_json({"file": settings.sources_file, "sources": described})
        return
    if not found:
        echo(f"No system is connected: there is no {settings.sources_file}.")
        return
    rows = []
    for one in found:
        failures = last_extraction(settings, one).get("failures", {})
        state = (
            f"failed: {', '.join(failures)}"
            if failures
            else "good"
            if last_extraction(settings, one)
            else "never"
        )
        rows.append((one.name, one.type.name, ", ".join(resource.name for resource in one.resources), state))
    show_table("Connected systems", ("name", "type", "resources", "last extraction"), rows)


@app.command()
def types(as_json: Json = False) -> None:
    """What each type of system brings, from the code."""
    from connectors.sources.registry import describe_types

    described = describe_types()
    if as_json:
        echo_json(described)
        return
    for name, one in described.items():
        rows = [
            (
                resource,
                told["write_mode"],
                told["cursor"],
                ", ".join(told["key"]),
                told["deletes"],
                told["limits"],
            )
            for resource, told in one["resources"].items()
        ]
        heads = ("resource", "write mode", "cursor", "key", "deletions", "limits")
        show_table(f"{name}: {one['about']}", heads, rows)
        echo("")


@app.command()
def check(name: Name = None, as_json: Json = False) -> None:
    """Try address, credentials and each permission; exit status 1 when something is missing."""
    from orchestration.settings import load_settings
    from orchestration.steps.sources import check_source, chosen_sources

    settings = load_settings()
    found: list[dict[str, Any]] = []
    for instance in chosen_sources(settings, name):
        found += [{"source": instance.name, **asdict(one)} for one in check_source(instance)]
    bad = [one for one in found if not one["passed"]]
    if as_json:
        echo_json({"status": "failed" if bad else "done", "checks": found})
    else:
        for one in found:
            hint = f" ({one['hint']})" if one["hint"] and not one["passed"] else ""
            echo(f"{'ok' if one['passed'] else 'FAILED':6}  {one['source']}: {one['sentence']}{hint}")
    if bad:
        raise typer.Exit(GATE_FAILED)


@app.command()
def extract(
    name: Name = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Accept answers with far fewer records than are known.")
    ] = False,
    days: Annotated[
        str | None,
        typer.Option(
            "--days", help="Read days of ad reports again, and nothing else: 2026-03-01..2026-03-31."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Extract, and land what the records say newly; exit status 1 when a system or a resource failed."""
    from orchestration.cli.console.output import console
    from orchestration.cli.console.progress import shown_progress
    from orchestration.runtime.access import protected_settings
    from orchestration.runtime.writer_lock import writer_lock
    from orchestration.steps.sources import chosen_sources, days_of, extract_and_deliver

    again = None if days is None else days_of(days)
    settings = protected_settings()
    chosen = chosen_sources(settings, name)
    with (
        shown_progress(console(to_stderr=True)),
        writer_lock(settings.lock_file, "incentives sources extract"),
    ):
        extracted, delivered = extract_and_deliver(settings, chosen, days=again, allow_shrink=allow_shrink)
    failures = [text for report in extracted for text in report.failures]
    refused = [f"{one}: {why}" for one, why in (*delivered.rejected, *delivered.held)]
    if as_json:
        echo_json(
            {
                "status": "failed" if failures or refused else "done",
                "extractions": [asdict(report) for report in extracted],
                "deliveries": [report.to_dict() for report in delivered.reports],
                "not_delivered": refused,
            }
        )
    else:
        rows = [
            (report.instance, one.resource, one.rows_read, one.rows_new, one.rows_deleted, one.failure or "")
            for report in extracted
            for one in report.resources
        ]
        heads = ("system", "resource", "read", "new versions", "deleted", "failed")
        show_table("Extracted", heads, rows)
        for delivery in delivered.reports:
            figures = f"{delivery.accepted:,} rows taken on, {delivery.quarantined:,} quarantined"
            echo("nothing new" if delivery.already_imported else f"load {delivery.load_id}: {figures}")
        for line in refused:
            echo(line)
    if failures or refused:
        raise typer.Exit(GATE_FAILED)
