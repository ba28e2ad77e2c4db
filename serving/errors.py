"""Errors of this package; each says what, where and what to do."""

from collections.abc import Sequence
from pathlib import Path

from connectors.common.errors import UserError, nearest


class ServingError(UserError):
    """Base of all errors of this package; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.message = message

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}"


class DatabaseMissingError(ServingError):
    """There is no database file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no database at {path}", "Run the pipeline first: incentives run.")


class NotComputedError(ServingError):
    """The database has no such mart."""

    def __init__(self, path: Path, table: str) -> None:
        super().__init__(f"{path} has no table {table}", "Run the pipeline first: incentives run.")


class UnknownPeriodError(ServingError):
    """Nothing is computed for the month."""

    def __init__(self, period: str | None, periods: Sequence[str]) -> None:
        known = (
            f"There is {periods[0]} to {periods[-1]}" if periods else "Run the pipeline first: incentives run"
        )
        super().__init__(f"there is no period {period}" if period else "there are no payouts", f"{known}.")


class NothingPublishedError(ServingError):
    """There is no publication."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"nothing is published in {folder}", "Run the pipeline first: incentives run.")


class UnknownMartError(ServingError):
    """No mart has the name."""

    def __init__(self, mart: str, marts: Sequence[str]) -> None:
        super().__init__(f"no mart {mart!r}", f"{_meant(mart, marts)}There are: {', '.join(marts)}.")


class UnknownColumnError(ServingError):
    """The mart has no such column."""

    def __init__(self, mart: str, column: str, columns: Sequence[str]) -> None:
        hint = f"{_meant(column, columns)}There are: {', '.join(columns)}."
        super().__init__(f"marts.{mart} has no column {column!r}", hint)


class UnknownLineError(ServingError):
    """No payout line has the id, or begins with it."""

    def __init__(self, line_id: str, lines: int) -> None:
        super().__init__(
            f"no payout line begins with {line_id!r} (there are {lines} lines)",
            "Take the line_id from marts.fct_payout_lines of the published snapshot (published/incentives.duckdb); its "
            "first characters are enough.",
        )


class UnknownPayoutError(ServingError):
    """Nobody of this id has a payout in this month."""

    def __init__(self, employee_id: str, period: str) -> None:
        super().__init__(
            f"{employee_id!r} has no payout in {period}",
            "Take employee_id and period from payroll.csv, or from marts.fct_payouts of the published snapshot.",
        )


class AmbiguousLineError(ServingError):
    """Several payout lines begin with the given characters."""

    def __init__(self, prefix: str, candidates: Sequence[str]) -> None:
        super().__init__(
            f"several payout lines begin with {prefix!r}, for example {', '.join(candidates)}",
            "Give more characters.",
        )


class AccessPolicyError(ServingError):
    """The access policy cannot be used as it is."""

    def __init__(self, what: str, where: str, hint: str) -> None:
        super().__init__(f"{where}: {what}", hint or "See docs/serving.md.")


class ServerError(ServingError):
    """The serving database cannot be reached, or refuses what a publication needs."""

    exit_code = 1


class PublicationError(ServingError):
    """The marts cannot be published as they are."""

    exit_code = 1


def _meant(word: str, names: Sequence[str]) -> str:
    near = nearest(word, names)
    return f"Did you mean {near!r}? " if near else ""
