"""Data Docs: one static site with a page for each suite and its latest result.

Belongs here: storing results below the site, writing the pages and making them self-contained. Does not
belong here: running suites, the front page (`docs_index.py`). The site shows samples of pay data: serve it
only to those who may see them.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.docs_index import STYLE, render_index
from expectations.model import SuiteResult

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.data_context.data_context.abstract_data_context import AbstractDataContext

    Run = tuple[SuiteResult, ExpectationSuiteValidationResult | None]

_LOCK_SECONDS = 120
# The product's pages load scripts, fonts and pictures from public networks and link a newsletter (fact of
# 2026-11, version 1.24). Pages with pay data must not, and they have to be readable without a network.
_FOREIGN = re.compile(
    r"<script.*?</script>"
    r"|<link[^>]*>"
    r"|<img[^>]*>"
    r"|@import\s+url\([^)]*\);?"
    r"|url\(['\"]?https?:[^)]*\)"
    r"|<footer.*?</footer>",
    re.DOTALL,
)


class DocsSite:
    """The site in one folder; made by `locked_site`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store_folder = folder / ".store"

    def write(self, context: "AbstractDataContext", runs: Sequence["Run"]) -> Path:
        """Store the results of runs and rebuild the site from the latest result of each suite.

        Returns:
            The path of `index.html`.
        """
        now = datetime.now(UTC)
        self._forget(result.suite for result, _ in runs)
        for result, validated in runs:
            self._store_summary(result, now)
            if validated is not None:
                self._store(context, result, validated, now)
        shutil.rmtree(self.folder / "validations", ignore_errors=True)
        context.build_data_docs()
        shutil.rmtree(self.folder / "static", ignore_errors=True)
        for page in self.folder.rglob("*.html"):
            page.write_text(self_contained(page.read_text(encoding="utf-8")), encoding="utf-8")
        index = self.folder / "index.html"
        index.write_text(render_index(self._summaries()), encoding="utf-8")
        return index

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            shutil.rmtree(self._store_folder / "results" / name, ignore_errors=True)

    def _store_summary(self, result: SuiteResult, now: datetime) -> None:
        target = self._store_folder / "summaries" / f"{result.suite}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        summary = {**result.as_dict(), "checked_at": f"{now:%Y-%m-%d %H:%M:%S} UTC"}
        target.write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")

    def _summaries(self) -> list[dict[str, Any]]:
        found = []
        for path in sorted((self._store_folder / "summaries").glob("*.json")):
            summary = json.loads(path.read_text(encoding="utf-8"))
            pages = sorted((self.folder / "validations" / summary["suite"]).rglob("*.html"))
            summary["page"] = pages[-1].relative_to(self.folder).as_posix() if pages else None
            found.append(summary)
        return found

    def _store(
        self,
        context: "AbstractDataContext",
        result: SuiteResult,
        validated: "ExpectationSuiteValidationResult",
        now: datetime,
    ) -> None:
        from great_expectations.core import RunIdentifier
        from great_expectations.data_context.types.resource_identifiers import (
            ExpectationSuiteIdentifier,
            ValidationResultIdentifier,
        )

        run = RunIdentifier(run_name=f"{now:%Y-%m-%dT%H-%M-%SZ}", run_time=now)
        validated.meta["run_id"] = run
        validated.meta["validation_time"] = now.isoformat()
        _add_samples(result, validated)
        suite = ExpectationSuiteIdentifier(result.suite)
        identifier = ValidationResultIdentifier(
            expectation_suite_identifier=suite, run_id=run, batch_identifier=result.suite
        )
        context.validation_results_store.store_validation_results(
            suite_validation_result=validated,
            suite_validation_result_identifier=identifier,
            expectation_suite_identifier=suite,
        )


def self_contained(html: str) -> str:
    """The page without anything loaded from a network, with a small style of its own."""
    return _FOREIGN.sub("", html).replace("</head>", f"<style>{STYLE}</style></head>", 1)


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


def _add_samples(result: SuiteResult, validated: "ExpectationSuiteValidationResult") -> None:
    from expectations.gx import results_by_key

    found = results_by_key(validated)
    for check in result.results:
        config = found[check.key].expectation_config
        if config is None or not check.sample:
            continue
        rows = "; ".join(_row_text(row) for row in check.sample)
        config.description = f"{config.description} — {escape(f'rows, for example: {rows}')}"


def _row_text(row: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name} = {'NULL' if value is None else value}" for name, value in row.items())
