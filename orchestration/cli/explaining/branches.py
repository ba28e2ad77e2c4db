"""Branches of the tree of an explanation: texts of cells, and how many rows are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text
from rich.tree import Tree

from connectors.common.visible import visible

#: Rows of one branch; the rest is a count.
SHOWN = 8
#: Signs of a hash that are shown.
HASH = 12


def add_branch(tree: Tree, title: str, rows: Sequence[str], all_rows: bool) -> None:
    """Add a branch with its rows, the first ones only unless all are asked for; nothing without rows."""
    if not rows:
        return
    branch = tree.add(label(f"{title} ({len(rows)})" if len(rows) > 1 else title))
    shown = rows if all_rows else rows[:SHOWN]
    for row in shown:
        branch.add(label(row))
    if len(shown) < len(rows):
        branch.add(label(f"… {len(rows) - len(shown)} more (--rows)"))


def cells(row: Mapping[str, str | None], columns: Sequence[str]) -> str:
    """The cells of a row that are not empty, each with its name."""
    present = [(name, row.get(name)) for name in columns]
    return ", ".join(f"{words(name)} {plain(value)}" for name, value in present if value not in (None, ""))


def words(name: str) -> str:
    """The name of a column as words."""
    return "by" if name == "component_id" else name.removesuffix("_id").replace("_", " ")


def plain(value: str | None) -> str:
    """A figure without needless zeros beyond two places."""
    whole, point, places = (value or "").partition(".")
    if not point or not places.isdigit():
        return value or ""
    return f"{whole}.{places[:2]}{places[2:].rstrip('0')}"


def label(text: str, style: str = "") -> Text:
    """A text without signs that move the cursor."""
    return Text(visible(text), style=style)
