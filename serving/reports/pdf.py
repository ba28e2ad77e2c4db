"""PDF files from the HTML pages, through a headless Chromium when there is one.

Each start has a profile of its own that is thrown away. Nothing is fetched: the pages need no host, and what the
browser would fetch by itself is off.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from serving.errors import ServingError
from serving.reports.errors import BrowserMissingError
from serving.reports.pdf_text import name_characters

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_SECONDS = 60.0


class PrintError(ServingError):
    """Chromium made no PDF."""

    exit_code = 1


def find_browser() -> Path | None:
    """The browser: the variable CHROMIUM, else the first known name on the PATH."""
    named = os.environ.get("CHROMIUM")
    found = next((path for name in ((named,) if named else _NAMES) if (path := shutil.which(name))), None)
    return Path(found) if found else None


def print_pdf(page: Path, target: Path, browser: Path | None = None) -> None:
    """Print a page.

    Args:
        page: HTML file.
        target: PDF file; written whole or not at all.
        browser: Chromium; None looks for it.

    Raises:
        BrowserMissingError: there is none.
        PrintError: it made no file, or took longer than a minute.
    """
    browser = browser or find_browser()
    if browser is None:
        raise BrowserMissingError
    with tempfile.TemporaryDirectory(prefix="incentives-pdf-") as folder:
        unfinished = Path(folder) / "page.pdf"
        command = [
            str(browser),
            *_FLAGS,
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={unfinished}",
            page.resolve().as_uri(),
        ]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS, text=True)
        except subprocess.TimeoutExpired as error:
            raise PrintError(f"{browser} did not finish {page.name} within a minute", "Try again.") from error
        if not unfinished.is_file() or not unfinished.read_bytes().startswith(b"%PDF"):
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise PrintError(f"{browser} made no PDF of {page.name}: {last}", "Start it by hand to see why.")
        name_characters(unfinished, page)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.tmp")
        shutil.copyfile(unfinished, beside)
        beside.replace(target)
