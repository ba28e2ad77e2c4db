"""An explained payout on the screen: its figures, a tree for each line, the entries of the ledger once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.tree import Tree

from orchestration.cli.console.output import console
from orchestration.cli.explaining.books import entry_text
from orchestration.cli.explaining.branches import label, words
from orchestration.cli.explaining.tree import tree_of

if TYPE_CHECKING:
    from serving import ExplainedPayout

_PAYOUT = ("gross", "held", "adjustments", "true_ups", "carried_in", "net", "payable", "carried_out")


def show_payout(payout: ExplainedPayout, *, all_rows: bool) -> None:
    """Print an explained payout: its figures, a tree for each line, the entries of the ledger once.

    Args:
        payout: What was found out.
        all_rows: List everything, with the delivered values, where the tree would only count.
    """
    screen = console()
    for row in payout.payouts:
        screen.print(label(f"payout of {row['employee_id']}, {row['period']}", style="bold"))
        figures = ", ".join(f"{words(name)} {row[name]}" for name in _PAYOUT)
        screen.print(label(f"  {figures} {row['currency']}"))
    for line in payout.lines:
        screen.print(tree_of(replace(line, ledger=()), all_rows=all_rows))
    if payout.ledger:
        tree = Tree(label("ledger", style="bold"))
        for entry in payout.ledger:
            tree.add(label(entry_text(entry)))
        screen.print(tree)
