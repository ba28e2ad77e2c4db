"""All suites, by name, by table and by checkpoint.

Belongs here: the list; adding a suite means adding it to its module's `SUITES`. Does not belong here: suites
themselves.
"""

from expectations.model import Checkpoint, Suite
from expectations.suites import archive, leads, marts, raw


class UnknownSuiteError(ValueError):
    """No suite has the name; the message lists the names there are."""


_ALL: tuple[Suite, ...] = (*raw.SUITES, *leads.SUITES, *archive.SUITES, *marts.SUITES)
_BY_NAME: dict[str, Suite] = {suite.name: suite for suite in _ALL}


def all_suites() -> tuple[Suite, ...]:
    """Every suite, raw checkpoint first."""
    return tuple(sorted(_ALL, key=lambda suite: suite.checkpoint != "raw"))


def suite_named(name: str) -> Suite:
    """The suite of this name.

    Raises:
        UnknownSuiteError: there is none.
    """
    if name not in _BY_NAME:
        raise UnknownSuiteError(f"unknown suite {name!r}; there are: {', '.join(sorted(_BY_NAME))}")
    return _BY_NAME[name]


def suites_at(checkpoint: Checkpoint) -> tuple[Suite, ...]:
    """The suites which stand before the computation (`raw`) or before publication (`marts`)."""
    return tuple(suite for suite in _ALL if suite.checkpoint == checkpoint)


def suites_for_table(table: str) -> tuple[Suite, ...]:
    """The suites of one table, given as `schema.table`; empty when it has none."""
    return tuple(suite for suite in _ALL if suite.table == table)
