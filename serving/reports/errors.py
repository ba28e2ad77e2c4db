"""Errors of a request for reports: unknown employee or team, no browser."""

from collections.abc import Sequence

from serving.errors import ServingError

_SHOWN = 12


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
