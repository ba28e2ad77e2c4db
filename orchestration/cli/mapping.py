"""``incentives mapping suggest``: a first mapping for a folder of foreign files.

Belongs here: options and output. Does not belong here: looking at files (``connectors.files.mapping.suggest``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, echo, echo_json, shown

if TYPE_CHECKING:
    from connectors.files.mapping.suggest import Suggestion

app = typer.Typer(help="Mappings of foreign files.", no_args_is_help=True)


@app.callback()
def _mapping() -> None:
    """Mappings of foreign files; the language is described in connectors/files/README.md."""


@app.command()
def suggest(
    directory: Annotated[
        Path, typer.Argument(help="Folder with the exported files; nothing in it is changed.")
    ],
    out: Annotated[Path | None, typer.Option(help="File to write the mapping to; none: print it.")] = None,
    as_json: Json = False,
) -> None:
    """Look at a folder of foreign files, and write a first mapping with its guesses marked.

    Exit status 1 when something has to be filled in before the mapping can be used.
    """
    from connectors.files.mapping.suggest import suggest_mapping
    from orchestration.settings import load_settings

    if out is not None and out.exists():
        raise typer.BadParameter(f"{shown(out)} exists already; give another name", param_hint="--out")
    suggestion = suggest_mapping(directory, load_settings().timezone)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(suggestion.text, encoding="utf-8")
    if as_json:
        status = "incomplete" if suggestion.open else "done"
        echo_json({"status": status, "file": out, **suggestion.to_dict()})
    else:
        if out is None:
            echo(suggestion.text)
        for line in _summary(suggestion, directory, out):
            typer.echo(line, err=True)
    if suggestion.open:
        raise typer.Exit(1)


def _summary(suggestion: Suggestion, directory: Path, out: Path | None) -> list[str]:
    """What the mapping makes of the files, and what to do next."""
    lines = [
        f"{one['template']} from {one['file']}: {one['rows_in']:,} rows in, {one['accepted']:,} accepted, "
        f"{one['quarantined']:,} quarantined, {one['left_out']:,} left out"
        + "".join(f"\n  set aside: {reason}" for reason in one["reasons"])
        for one in suggestion.tried
    ]
    file = shown(out) if out is not None else "mapping.yml"
    if suggestion.open:
        return [*lines, f"To fill in by hand, marked `to do`: {', '.join(suggestion.open)}"]
    marks = f"{len(suggestion.guesses)} guesses are marked in the file: look at each of them."
    return [*lines, marks, f"Next: incentives import {shown(directory)} --mapping {file} --check"]
