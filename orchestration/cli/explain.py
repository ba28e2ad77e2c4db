"""``incentives explain``: from a payout line back to the source rows.

Belongs here: its options and output. Does not belong here: the walk (``serving``).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, echo, echo_json

if TYPE_CHECKING:
    from orchestration.settings import Settings


def explain(
    line_id: Annotated[str, typer.Argument(help="The line_id of a payout line.")],
    as_json: Json = False,
) -> None:
    """Walk from a payout line to the source rows it came from: file, line, content hash."""
    from orchestration.settings import load_settings
    from serving import explain_line

    explanation = explain_line(readable_database(load_settings()), line_id)
    if as_json:
        echo_json(explanation.as_dict())
    else:
        echo(str(explanation))


def readable_database(settings: Settings) -> Path:
    """The warehouse, which holds the source rows; while somebody writes it, the published snapshot, which does not."""
    from orchestration.runtime.writer_lock import is_busy

    snapshot = settings.published / "current" / "incentives.duckdb"
    if settings.warehouse.exists() and (not snapshot.exists() or not is_busy(settings.lock_file)):
        return settings.warehouse
    return snapshot
