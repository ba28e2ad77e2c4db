"""``incentives report``: pages for employees, managers and HR, and the workbook of a month.

Belongs here: options, the progress bar, the outcome. Does not belong here: pages (``serving.reports``), the workbook
(``serving.workbook``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, console, echo_json, shown
from orchestration.errors import InputError

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from serving.reports import RenderResult


class Language(StrEnum):
    """Languages of reports."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


class Format(StrEnum):
    """Kinds of files."""

    HTML = "html"
    PDF = "pdf"
    BOTH = "both"
    XLSX = "xlsx"


def report(
    period: Annotated[
        str | None, typer.Option(help="Month such as 2026-10; none: the last with payouts.")
    ] = None,
    employee: Annotated[str | None, typer.Option(help="Only this employee_id.")] = None,
    team: Annotated[str | None, typer.Option(help="Only this team_id and its members.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody, each team, and the company.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of the pages.")] = Language.BOTH,
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            help="pdf is printed from the HTML by Chromium; both: HTML and PDF; xlsx: no pages but a workbook of "
            "the month with scorecards, payouts and payout lines.",
        ),
    ] = Format.HTML,
    out: Annotated[Path | None, typer.Option(help="Folder; none: HOME/reports.")] = None,
    as_json: Json = False,
) -> None:
    """Write reports: scores, money, where it came from, what would bring more; or the month as a workbook."""
    if sum((employee is not None, team is not None, everybody)) > 1:
        raise InputError(
            "give one of --employee, --team and --all; without any everybody's reports are written"
        )
    from orchestration.books.overview import signatures
    from orchestration.runtime.access import protected_settings
    from serving.reports import Imprint, Scope, write_reports

    settings = protected_settings()
    languages = ("zh", "en") if lang is Language.BOTH else (lang.value,)
    if format_ is Format.XLSX:
        if employee is not None or team is not None:
            raise InputError("a workbook holds everybody; leave out --employee and --team")
        _write_workbooks(settings, out, period, languages, as_json=as_json)
        return
    with _progress(to_stderr=as_json) as progress:
        done = write_reports(
            settings.readers_database,
            out or settings.reports,
            period,
            languages,
            ("html",) if format_ is Format.HTML else ("html", "pdf"),
            scope=Scope(employee, team),
            imprint=Imprint(settings.timezone, signatures(settings)),
            progress=progress,
        )
    if as_json:
        echo_json(done)
    else:
        _show(done)
    raise typer.Exit(1 if done.troubles else 0)


def _write_workbooks(
    settings: Settings, out: Path | None, period: str | None, languages: Sequence[str], *, as_json: bool
) -> None:
    from serving.workbook import write_workbooks

    done = write_workbooks(settings.published, out or settings.reports, period, languages)
    if as_json:
        echo_json(done)
        return
    screen = console()
    screen.print(
        f"{done.period}: " + ", ".join(f"{rows:,} {sheet}" for sheet, rows in done.rows.items()) + "."
    )
    for file in done.files:
        screen.print(f"Open {shown(file)}", markup=False, soft_wrap=True)


@contextmanager
def _progress(*, to_stderr: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar while files are written; nothing where there is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Reports"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    screen = console(to_stderr=to_stderr)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("Reports", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _show(done: RenderResult) -> None:
    screen = console()
    files = f"{done.pages} pages" + (f" and {done.pdfs} PDF files" if done.pdfs else "")
    screen.print(
        f"{done.period}: {files} for {done.employees} employees and {done.teams} teams in {done.seconds:.1f} s."
    )
    if done.first:
        screen.print(f"Open {shown(done.first)}", markup=False, soft_wrap=True)
    for trouble in done.troubles[:5]:
        screen.print(trouble, markup=False, soft_wrap=True)
    if len(done.troubles) > 5:
        screen.print(f"and {len(done.troubles) - 5} more")
