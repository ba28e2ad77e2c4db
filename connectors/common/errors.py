"""The base of every error that an operator can act on: what is wrong, where, and what to do about it.

Belongs here: that base and the nearest-name helper; every package may import this module.
Does not belong here: errors of one package, printing, ending the process.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """An error with a message for people; no traceback is needed to understand it.

    Attributes:
        what: The problem in one sentence.
        where: File, line, key or table; empty when the whole call is meant.
        hint: What to do about it.
        exit_code: Exit status of a command that ends with it: 2 bad input or usage, 1 a gate or check failed.
    """

    exit_code: int = 2

    def __init__(self, what: str, *, where: str = "", hint: str = "", exit_code: int | None = None) -> None:
        self.what = what
        self.where = where
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code
        super().__init__(what)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n  What to do: {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"

    def to_dict(self) -> dict[str, str]:
        """The error as plain text fields, for machine-readable output."""
        return {"error": type(self).__name__, "what": self.what, "where": self.where, "hint": self.hint}


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name nearest to a word, upper and lower case aside; None when no name is near.

    Args:
        word: What was written.
        names: What would have been allowed.
    """
    by_folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def closest(word: str, names: Iterable[str]) -> str:
    """The phrase ``did you mean 'deals'? `` for the nearest name, or an empty string."""
    near = nearest(word, names)
    return f"did you mean {near!r}? " if near else ""
