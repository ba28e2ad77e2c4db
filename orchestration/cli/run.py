"""``incentives run``: everything, from a delivery to published figures; ``incentives publish``: the last part of it.

Belongs here: their options and the order progress, summary, errors are shown in.
Does not belong here: the run (``runs.run``), the looks of the summary (``cli.summary``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.console.output import Json, console, echo_json


def run(  # noqa: PLR0913, PLR0917  (options of a command)
    delivery: Annotated[
        Path | None, typer.Option(help="Folder to land first; none: what is complete in HOME/inbox.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping file, for a delivery in another shape.")
    ] = None,
    plans: Annotated[
        list[Path] | None,
        typer.Option(
            help="Plan files or folders to record for this home, for every later run; none: those recorded."
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="ISO time up to which facts are known; none: the latest in the data.")
    ] = None,
    snapshot: Annotated[
        bool, typer.Option(help="The delivery is complete: rows it lacks are deleted.")
    ] = False,
    allow_shrink: Annotated[
        bool, typer.Option(help="Accept far fewer rows than the last delivery had.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(
            help="Change since the last publication that is right: plan:ID or month:2026-03; repeatable."
        ),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Compute also when nothing has changed since the last good run.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the CSV files, such as windows-1252; else found out.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Land, compute, check and publish; ends with a summary."""
    from connectors.files import DeliverySpec
    from orchestration.cli.console.progress import shown_progress
    from orchestration.cli.console.summary import run_document, show_run
    from orchestration.runs.run import RunRequest, run_pay
    from orchestration.runtime.access import protected_settings

    settings = protected_settings()
    spec = DeliverySpec(delivery, mapping, snapshot, allow_shrink, encoding=encoding) if delivery else None
    request = RunRequest(spec, tuple(plans or ()), as_of, tuple(accept or ()), anew)
    with shown_progress(console(to_stderr=as_json)):
        outcome = run_pay(settings, request)
    if as_json:
        echo_json(run_document(outcome, settings))
    else:
        show_run(outcome, settings, console())
    raise typer.Exit(outcome.exit_code)


def publish(as_json: Json = False) -> None:
    """Publish the marts of the last calculation, with reports and alerts; they must have passed every gate."""
    from orchestration.cli.console.progress import shown_progress
    from orchestration.cli.console.summary import run_document, show_run
    from orchestration.runs.run import run_publication
    from orchestration.runtime.access import protected_settings

    settings = protected_settings()
    with shown_progress(console(to_stderr=as_json)):
        outcome = run_publication(settings)
    if as_json:
        echo_json(run_document(outcome, settings))
    else:
        show_run(outcome, settings, console())
    raise typer.Exit(outcome.exit_code)
