"""What all commands share on the way out: text, JSON, tables, and the common options.

Belongs here: the console. Does not belong here: anything about one command.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connectors.common.visible import visible, visible_value

if TYPE_CHECKING:
    from rich.console import Console

WIDTH_OF_FILES = 160
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def echo(text: str) -> None:
    """Print a line."""
    typer.echo(visible(text))


def plain(value: Any) -> Any:
    """A value as JSON knows it: dataclasses to objects; paths, decimals and times to text."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def echo_json(value: Any) -> None:
    """Print one JSON document; text in any script stays readable."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def console(*, to_stderr: bool = False) -> Console:
    """A console on the present stdout or stderr."""
    from rich.console import Console

    stream = sys.stderr if to_stderr else sys.stdout  # bound now: while a run works, these names mean its log

    class VisibleConsole(Console):
        """A console on which delivered text cannot move the cursor or reverse what follows."""

        def print(self, *objects: Any, **options: Any) -> None:
            super().print(*(visible_value(one) for one in objects), **options)

    plain_output = VisibleConsole(file=stream, highlight=False)
    if not plain_output.is_terminal:
        plain_output.width = WIDTH_OF_FILES
    return plain_output


def show_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, to: Console | None = None
) -> None:
    """Print a table; figures are right-aligned.

    Args:
        title: Above the table.
        columns: Headings.
        rows: Cells; numbers are written with separators, None as nothing.
        to: Another console than stdout.
    """
    from decimal import Decimal

    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    cells = [list(row) for row in rows]
    for index, name in enumerate(columns):
        numeric = any(isinstance(row[index], (int, Decimal)) for row in cells)
        table.add_column(name, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
    for row in cells:
        table.add_row(*(cell_text(cell) for cell in row))
    (to or console()).print(table)


def cell_text(value: Any) -> str:
    """A cell: figures with thousands separators, nothing for None."""
    from decimal import Decimal

    if value is None:
        return ""
    return (
        f"{value:,}"
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        else visible(str(value))
    )


def shown(path: Path) -> str:
    """A path as short as the working directory allows."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
