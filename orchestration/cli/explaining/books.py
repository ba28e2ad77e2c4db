"""What the books say of a line: causes of a true-up, entries of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.tree import Tree

from orchestration.cli.explaining.branches import HASH, add_branch, cells, label

if TYPE_CHECKING:
    from serving import Explanation
    from serving.database import TextRow


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
    add_branch(tree, "ledger", [entry_text(entry) for entry in explanation.ledger], all_rows)


def entry_text(entry: TextRow) -> str:
    """An entry of the ledger in one line."""
    about = " ".join(filter(None, (entry["period"], entry["subject"])))
    said = f": {entry['note']}" if entry["note"] else ""
    return (
        f"{entry['event']} {about} by {entry['by']} at {(entry['at'] or '')[:19]}, entry {entry['sequence']}, "
        f"hash {(entry['entry_hash'] or '')[:HASH]}{said}"
    )
