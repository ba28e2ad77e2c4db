"""Errors an operator can act on: each says what is wrong, where, and what to do about it.

Belongs here: the error types every connector raises and the "did you mean" helper.
Does not belong here: exit codes being returned, printing, or anything that knows one source.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


class ImportProblem(Exception):
    """Bad usage or an input that cannot be understood; nothing was landed.

    Attributes:
        what: The problem in one sentence.
        where: File, line, key or table; empty when the whole call is meant.
        hint: What to do about it.
        exit_code: Exit status a command line should end with (2 = bad input or usage).
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(what, where, hint)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  What to do: {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"

    def to_dict(self) -> dict[str, str]:
        """The problem as plain text fields, for machine-readable output."""
        return {"error": type(self).__name__, "what": self.what, "where": self.where, "hint": self.hint}


class DeliveryRejected(ImportProblem):
    """A gate refused the delivery as a whole (missing column, wrong file type, truncated); exit status 1."""

    exit_code: ClassVar[int] = 1


class MappingProblem(ImportProblem):
    """A mapping file is wrong in itself, or does not fit the files it is used on; exit status 2."""


def closest(word: str, names: Iterable[str]) -> str:
    """A "did you mean" phrase for the nearest of `names`, or an empty string when none is near.

    Args:
        word: What was found.
        names: What would have been allowed.

    Returns:
        A phrase ending in a blank, such as `did you mean 'deals'? `, or "".
    """
    by_folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.6)
    return f"did you mean {by_folded[found[0]]!r}? " if found else ""
