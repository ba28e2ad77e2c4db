"""Data Docs: one static site with a page for each suite and its latest result.

The pages are our own, made from the results: they load nothing from a network. They show samples of rows with personal
columns masked, and amounts of pay: serve the site only to those who may see them.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.common.visible import visible_value
from expectations.model import SuiteResult

TEMPLATES = Path(__file__).parent / "templates"
_LOCK_SECONDS = 120
_CHECKPOINTS = {"raw": "Before the computation", "marts": "Before publication"}
_PAGES = "suites"

Summary = Mapping[str, Any]
"""The result of a suite (`SuiteResult.as_dict`) with its meaning and the time of its validation."""


class DocsSite:
    """The site in one folder; made by `locked_site`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = folder / ".store"

    def write(self, results: Sequence[SuiteResult]) -> Path:
        """Store results and write the pages of their suites and the front page.

        Returns:
            The path of `index.html`.
        """
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        self._store.mkdir(parents=True, exist_ok=True)
        for result in results:
            summary = {**result.as_dict(), "meaning": result.meaning, "checked_at": now}
            text = json.dumps(summary, ensure_ascii=False)
            (self._store / f"{result.suite}.json").write_text(text, encoding="utf-8")
        summaries = [json.loads(path.read_text("utf-8")) for path in sorted(self._store.glob("*.json"))]
        shutil.rmtree(self.folder / _PAGES, ignore_errors=True)
        (self.folder / _PAGES).mkdir()
        render = _renderer()
        for summary in summaries:
            page = render("suite.html.j2", suite=summary)
            (self.folder / page_of(summary)).write_text(page, encoding="utf-8")
        index = self.folder / "index.html"
        checkpoints = [
            (title, [one for one in summaries if one["checkpoint"] == checkpoint])
            for checkpoint, title in _CHECKPOINTS.items()
        ]
        index.write_text(render("index.html.j2", checkpoints=checkpoints), encoding="utf-8")
        return index


def page_of(summary: Summary) -> str:
    """The page of a suite, relative to the folder of the site."""
    return f"{_PAGES}/{summary['suite']}.html"


def result_of(summary: Summary) -> str:
    """The result of a suite in a word."""
    failed = [check for check in summary["checks"] if not check["success"]]
    if any(check["severity"] == "critical" for check in failed):
        return "blocked"
    return "warned" if failed else "passed"


def finding_of(check: Mapping[str, Any]) -> str:
    """The finding of a failed check: its error, or the number of rows that break it."""
    return str(check["error"] or f"{check['unexpected_count']} unexpected")


def _renderer() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible_value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"page_of": page_of, "result_of": result_of, "finding_of": finding_of}
    return lambda template, **values: environment.get_template(template).render(**values)


@contextmanager
def locked_site(folder: Path | None) -> Iterator[DocsSite | None]:
    """The site of a folder, made if need be, for one writer at a time; None for no folder."""
    if folder is None:
        yield None
        return
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock", timeout=_LOCK_SECONDS):
        yield DocsSite(folder)
