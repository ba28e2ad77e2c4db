"""Writes the reports of a month: one folder per language, a page per employee and team, one for the company.

Figures are read once; a page takes a few milliseconds, so that there is no pool of processes for HTML; PDF files are
printed two at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from serving.catalogue import LANGUAGES
from serving.reports.errors import BrowserMissingError, UnknownSubjectError
from serving.reports.pdf import PrintError, find_browser, print_pdf

if TYPE_CHECKING:
    from serving.reports.assembly import Assembly
    from serving.reports.data.books import LedgerEntry
    from serving.reports.rendering import Renderer, Switches

FORMATS = ("html", "pdf")
_BROWSERS = 2

Progress = Callable[[int, int], None]
Signatures = Callable[[str], "Sequence[LedgerEntry]"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose reports; without employee and team everybody's, with the teams' and the company's."""

    employee: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands on every page.

    Attributes:
        timezone: Of times.
        ledger: Gives the entries of the ledger that sign the pages of a month; None: those of the publication.
    """

    timezone: str = "Asia/Shanghai"
    ledger: Signatures | None = None


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What was written.

    Attributes:
        folder: Of the month.
        first: The page to open first.
        pages: HTML files.
        pdfs: PDF files.
        seconds: How long it took.
        troubles: What could not be written, in sentences.
    """

    period: str
    folder: Path
    first: Path | None
    employees: int
    teams: int
    pages: int
    pdfs: int
    seconds: float
    troubles: Sequence[str] = ()


def write_reports(
    database: Path,
    out: Path,
    period: str | None = None,
    languages: Sequence[str] = LANGUAGES,
    formats: Sequence[str] = ("html",),
    *,
    scope: Scope | None = None,
    imprint: Imprint | None = None,
    progress: Progress = lambda _done, _all: None,
) -> RenderResult:
    """Write the reports of a month; pages of the same name are replaced one by one.

    Args:
        database: Warehouse or published snapshot; opened read-only.
        out: Folder; the pages go to `out/<period>/<language>/`.
        period: The month; None for the last one with payouts.
        languages: `zh`, `en` or both.
        formats: `html`, and `pdf` when there is a Chromium; without one the HTML is written and the report says so.
        scope: Whose; None for everybody's.
        imprint: Time zone and signatures; None: Asia/Shanghai, and the entries of the publication.
        progress: Told how many files of how many are written.

    Raises:
        DatabaseMissingError: the database does not exist.
        NotComputedError: it lacks payouts.
        UnknownPeriodError, UnknownSubjectError: there is no such month, employee or team.
    """
    from serving.reports.assembly import Assembly
    from serving.reports.reading import read_facts
    from serving.reports.rendering import Renderer

    began = monotonic()
    imprint = imprint or Imprint()
    timezone = imprint.timezone
    facts = read_facts(database, period, timezone)
    if imprint.ledger is not None:
        facts = replace(facts, frame=replace(facts.frame, entries=imprint.ledger(facts.frame.period)))
    assembly = Assembly(facts)
    subjects = list(_subjects(assembly, scope or Scope()))
    folder = out / facts.frame.period
    total = len(languages) * len(subjects) * (1 + ("pdf" in formats))
    files: list[Path] = []
    shelf = _Shelf(out, facts.frame.period, tuple(languages), frozenset(name for name, _ in subjects))
    for language in languages:
        renderer = Renderer(assembly, language, timezone, is_linked=len(subjects) > 1)
        for name, subject in subjects:
            page = _render(renderer, subject, shelf.switches(language, name))
            files.append(_write(folder / language / name, page))
            progress(len(files), total)
    pdfs, troubles = (
        _print(files, lambda done: progress(len(files) + done, total)) if "pdf" in formats else (0, [])
    )
    kinds = [kind for _, (kind, _) in subjects]
    return RenderResult(
        period=facts.frame.period,
        folder=folder,
        first=files[0] if files else None,
        employees=kinds.count("employee"),
        teams=kinds.count("team"),
        pages=len(files),
        pdfs=pdfs,
        seconds=round(monotonic() - began, 2),
        troubles=troubles,
    )


def _subjects(assembly: "Assembly", scope: Scope) -> Iterator[tuple[str, tuple[str, str]]]:
    """File name, and kind and id, of each page; the one to open first goes first."""
    from serving.reports.rendering import Pages

    pages, people = Pages(), assembly.facts.people
    if scope.employee is not None:
        if scope.employee not in people:
            raise UnknownSubjectError("employee", scope.employee, assembly.facts.frame.period, sorted(people))
        yield pages.employee(scope.employee), ("employee", scope.employee)
        return
    if scope.team is not None and scope.team not in assembly.teams:
        raise UnknownSubjectError("team", scope.team, assembly.facts.frame.period, assembly.teams)
    if scope.team is None:
        yield pages.company, ("company", "")
    for team in assembly.teams:
        if scope.team in (None, team):
            yield pages.team(team), ("team", team)
    for one, person in people.items():
        if scope.team in (None, person.team_id):
            yield pages.employee(one), ("employee", one)


@dataclass(frozen=True)
class _Shelf:
    """The pages there are: those of this run, and those that earlier runs wrote."""

    out: Path
    period: str
    languages: Sequence[str]
    names: frozenset[str]

    def switches(self, language: str, name: str) -> "Switches":
        """Links to the page of this name in other languages and of other months."""
        from serving.reports.rendering import Switches

        months = sorted(
            {period for (period, one), names in self._pages.items() if one == language and name in names}
        )
        return Switches(
            [
                (one, None if one == language else f"../{one}/{name}")
                for one in LANGUAGES
                if name in self._pages.get((self.period, one), ())
            ],
            [(one, None if one == self.period else f"../../{one}/{language}/{name}") for one in months],
        )

    @cached_property
    def _pages(self) -> dict[tuple[str, str], frozenset[str]]:
        """File names by month and language; each folder is listed once."""
        found = {
            (folder.parent.name, folder.name): frozenset(path.name for path in folder.iterdir())
            for folder in self.out.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]/*")
            if folder.name in LANGUAGES
        }
        for language in self.languages:
            key = (self.period, language)
            found[key] = found.get(key, frozenset()) | self.names
        return found


def _render(renderer: "Renderer", subject: tuple[str, str], switches: "Switches") -> str:
    kind, name = subject
    if kind == "employee":
        return renderer.employee(name, switches)
    return renderer.team(name, switches) if kind == "team" else renderer.company(switches)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    path.unlink(
        missing_ok=True
    )  # a rename over an old file makes some file systems write through: 20 ms a page
    beside.rename(path)
    return path


def _print(pages: Sequence[Path], progress: Callable[[int], None]) -> tuple[int, list[str]]:
    """Print pages; how many were, and what went wrong."""
    browser = find_browser()
    if browser is None:
        return 0, [str(BrowserMissingError())]

    def one(page: Path) -> str | None:
        try:
            print_pdf(page, page.with_suffix(".pdf"), browser)
        except (PrintError, OSError) as error:
            return str(error)
        return None

    troubles = []
    with ThreadPoolExecutor(_BROWSERS) as pool:
        for done, trouble in enumerate(pool.map(one, pages), start=1):
            troubles += [trouble] if trouble else []
            progress(done)
    return len(pages) - len(troubles), troubles
