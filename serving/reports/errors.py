"""Errors of a request for reports: unknown month, employee or team, no browser."""

from collections.abc import Sequence

from serving.errors import ServingError

_SHOWN = 12


class UnknownPeriodError(ServingError):
    """There are no payouts in the month."""

    exit_code = 2

    def __init__(self, period: str | None, periods: Sequence[str]) -> None:
        known = (
            f"There is {periods[0]} to {periods[-1]}" if periods else "Run the pipeline first: incentives run"
        )
        super().__init__(f"there is no period {period}" if period else "there are no payouts", f"{known}.")


class UnknownSubjectError(ServingError):
    """There is no such employee or team in the month."""

    exit_code = 2

    def __init__(self, what: str, name: str, period: str, known: Sequence[str]) -> None:
        names = ", ".join(known[:_SHOWN]) + (" …" if len(known) > _SHOWN else "")
        super().__init__(f"{period} has no {what} {name!r}", f"Known are: {names or 'none'}.")


class BrowserMissingError(ServingError):
    """There is no Chromium to make PDF files with."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__(
            "PDF files need Chromium, and there is none on the PATH nor in the variable CHROMIUM",
            "The HTML files are written. On Debian or Ubuntu: apt-get install chromium fonts-noto-cjk "
            "(fonts-noto-cjk holds the Chinese characters), or make browser.",
        )
