"""Errors of plan files: what is wrong, where, and what would be right.

Belongs here: the error items and how they are written out. Does not belong here: finding them
(``checks``, ``pydantic_errors``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.common.errors import UserError, nearest

_SHOWN_VALUES = 60


@dataclass(frozen=True)
class PlanProblem:
    """One thing that is wrong in a plan file.

    Attributes:
        file: the file as it was given, without the path of the machine where possible.
        line: line in the file, the first is 1.
        key: path of the key, e.g. ``components[2].kpis[0].weight``; empty for the file itself.
        message: what is wrong.
        allowed: allowed values or keys, empty when there is no list.
        closest: the allowed value nearest to what was written, None when nothing is near.
    """

    file: str
    line: int
    key: str
    message: str
    allowed: tuple[str, ...] = ()
    closest: str | None = None

    def __str__(self) -> str:
        """``file:line: key: message (allowed: …) did you mean …?``."""
        text = f"{self.file}:{self.line}: {self.key + ': ' if self.key else ''}{self.message}"
        if self.allowed:
            more = ", …" if len(self.allowed) > _SHOWN_VALUES else ""
            text += f" (allowed: {', '.join(self.allowed[:_SHOWN_VALUES])}{more})"
        return f"{text}; did you mean {self.closest!r}?" if self.closest else text


class PlanErrors(UserError):
    """All problems of all plan files together; with any of them nothing is loaded."""

    def __init__(self, items: Iterable[PlanProblem]) -> None:
        """Keep the problems in the order of file and line."""
        self.items = sorted(items, key=lambda item: (item.file, item.line, item.key, item.message))
        super().__init__(f"{len(self.items)} problems in the plan files")

    def __str__(self) -> str:
        """A line for each problem under a line with their number."""
        number = len(self.items)
        head = f"{number} problem{'s' if number != 1 else ''} in the plan files; nothing was loaded"
        return "\n".join([head, *(f"  {item}" for item in self.items)])


def closest(value: object, allowed: Sequence[str]) -> str | None:
    """The allowed value nearest to what was written, or None."""
    return nearest(str(value), allowed)


def key_text(path: Sequence[str | int]) -> str:
    """Write a key path: ``("components", 2, "rate")`` becomes ``components[2].rate``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
