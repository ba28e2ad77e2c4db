"""The first difference between archived payout lines and the same lines calculated again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.archive.lines import COLUMNS

_LINE_ID = COLUMNS.index("line_id")


@dataclass(frozen=True)
class Difference:
    """One value that differs.

    Args:
        line_id: The payout line.
        column: The column; ``line_id`` where the whole line is on one side only.
        archived: As archived.
        calculated: As calculated again.
    """

    line_id: str
    column: str
    archived: str | None
    calculated: str | None

    def __str__(self) -> str:
        if self.column == "line_id":
            side = (
                "was not locked and is calculated now" if self.archived is None else "is not calculated again"
            )
            return f"line {self.line_id} {side}"
        return f"line {self.line_id}, {self.column}: {self.archived!r} was locked, {self.calculated!r} is calculated"


def first_difference(
    archived: Sequence[Sequence[Any]], calculated: Sequence[Sequence[Any]]
) -> Difference | None:
    """The first difference in the order of the lines; None when both are the same, byte for byte.

    Args:
        archived: Lines as ``lines.read_lines`` gives them, ordered by line_id.
        calculated: The same of the other side.
    """
    here, there = ({str(row[_LINE_ID]): row for row in rows} for rows in (archived, calculated))
    for line_id in sorted({*here, *there}):
        if line_id not in there or line_id not in here:
            return Difference(
                line_id,
                "line_id",
                line_id if line_id in here else None,
                line_id if line_id in there else None,
            )
        for column, one, other in zip(COLUMNS, here[line_id], there[line_id], strict=True):
            if one != other:
                return Difference(line_id, column, one, other)
    return None
