"""``incentives explain``: from a payout line back to the source rows.

Belongs here: its options and output. Does not belong here: the walk (``serving``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, echo_json

if TYPE_CHECKING:
    from orchestration.settings import Settings


def explain(
    line_id: Annotated[str, typer.Argument(help="The line_id of a payout line, or its first characters.")],
    as_json: Json = False,
    all_rows: Annotated[
        bool, typer.Option("--rows", help="List every row with its values where the tree would only count.")
    ] = False,
) -> None:
    """Walk from a payout line to what it was computed from, down to the source rows: file, line, content hash."""
    from orchestration.settings import load_settings
    from serving import explain_line

    explanation = explain_line(readable_database(load_settings()), line_id)
    if as_json:
        echo_json(explanation.as_dict())
        return
    from orchestration.cli.explain_tree import show_explanation

    show_explanation(explanation, all_rows=all_rows)


def readable_database(settings: Settings) -> Path:
    """The warehouse, which holds the source rows; while somebody writes it, the published snapshot, which does not."""
    from orchestration.runtime.writer_lock import is_busy

    if settings.warehouse.exists() and (not settings.snapshot.exists() or not is_busy(settings.lock_file)):
        return settings.warehouse
    return settings.snapshot
