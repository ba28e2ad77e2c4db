"""Errors of this package; each says what, where and what to do."""

from __future__ import annotations

from connectors.common.errors import UserError


class LedgerError(UserError):
    """The books cannot be read or written, or a request is wrong."""

    exit_code = 2


class NotAllowedError(UserError):
    """A step that the state of the month or a rule of the books does not allow."""

    exit_code = 1


class ArchiveError(UserError):
    """An archive is not what the ledger says."""

    exit_code = 1
