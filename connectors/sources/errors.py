"""The errors of connected systems.

Belongs here: their kinds. Does not belong here: finding the words for one.
"""

from __future__ import annotations

from connectors.common.problems import ImportProblem


class SourceProblem(ImportProblem):
    """What sources.yml says, or a secret it names, cannot be used; exit status 2."""


class SourceFailed(ImportProblem):
    """A system did not give what was asked for; what it gave before is kept; exit status 1."""

    exit_code = 1


class RecordsMissing(SourceFailed):
    """Records are missing before the last one that came: what came is kept, and the cursor stays where it was."""


class SourceRefused(SourceFailed):
    """The system refused a request the first time it saw it: it did nothing."""
