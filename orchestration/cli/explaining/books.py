"""What the books say of a line or a payout: causes of a true-up, entries of the ledger; a payout with all its lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.tree import Tree

from orchestration.cli.console.output import console
from orchestration.cli.explaining.branches import HASH, add_branch, cells, label, words

if TYPE_CHECKING:
    from serving import ExplainedPayout, Explanation
    from serving.database import TextRow

_PAYOUT = ("gross", "held", "adjustments", "true_ups", "carried_in", "net", "payable", "carried_out")


def show_payout(payout: ExplainedPayout, *, all_rows: bool) -> None:
    """Print an explained payout: its figures, a tree for each line, the entries of the ledger once.

    Args:
        payout: What was found out.
        all_rows: List everything, with the delivered values, where the tree would only count.
    """
    from orchestration.cli.explaining.tree import tree_of

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
            tree.add(label(_entry(entry)))
        screen.print(tree)


def add_books(tree: Tree, explanation: Explanation, all_rows: bool) -> None:
    """Add why a true-up was posted, and what the ledger says of the month."""
    if explanation.causes:
        first = explanation.causes[0]
        amounts = ("locked_amount", "posted_amount", "calculated_amount", "amount")
        corrects = f"corrects {first['corrected_component']} of {first['origin_period']}"
        tree.add(label(f"{corrects}: {cells(first, amounts)}"))
    causes = [
        f"{cause['change']}: {cause['source_table'] or 'none of its own records'} {cause['record_id'] or ''} "
        f"{cause['changed_values'] or ''}".rstrip()
        for cause in explanation.causes
    ]
    add_branch(tree, "because", causes, all_rows)
    add_branch(tree, "ledger", [_entry(entry) for entry in explanation.ledger], all_rows)


def _entry(entry: TextRow) -> str:
    about = " ".join(filter(None, (entry["period"], entry["subject"])))
    said = f": {entry['note']}" if entry["note"] else ""
    return (
        f"{entry['event']} {about} by {entry['by']} at {(entry['at'] or '')[:19]}, entry {entry['sequence']}, "
        f"hash {(entry['entry_hash'] or '')[:HASH]}{said}"
    )
