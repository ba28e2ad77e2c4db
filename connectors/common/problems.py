"""The errors of connectors.

Belongs here: the error types that every connector raises. Does not belong here: anything that knows one source.
"""

from __future__ import annotations

from connectors.common.errors import UserError, closest

__all__ = ["DeliveryRejected", "ImportProblem", "MappingProblem", "closest"]


class ImportProblem(UserError):
    """Bad usage or an input that cannot be understood; nothing was landed."""


class DeliveryRejected(ImportProblem):
    """A gate refused the delivery as a whole (missing column, wrong file type, truncated); exit status 1."""

    exit_code = 1


class MappingProblem(ImportProblem):
    """A mapping file is wrong in itself, or does not fit the files it is used on; exit status 2."""
