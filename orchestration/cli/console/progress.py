"""What a run looks like while it works: one line a stage, moving on a terminal, plain lines elsewhere.

Belongs here: showing events. Does not belong here: emitting them (``runtime.progress_events``), the summary at the end
(``cli.summary``).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.runtime.progress_events import ProgressEvent, subscribed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

TITLES = {
    "prepare": "Prepare",
    "extract": "Extract",
    "land": "Land files",
    "books": "Read the ledger",
    "plans": "Load plans",
    "gates": "Gates",
    "dbt": "Compute and test",
    "publish": "Publish",
    "report": "Write reports",
    "alert": "Send alerts",
}
_SIGNS = {"begin": "…", "end": "✓", "fail": "✗"}
_PLAIN_EVERY_SECONDS = 5.0


@dataclass
class Line:
    """One stage on the screen."""

    title: str
    started: float
    state: str = "begin"
    text: str = ""
    ended: float | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def seconds(self, now: float) -> float:
        """How long the stage has taken so far, or took."""
        return (self.ended or now) - self.started

    def said(self) -> str:
        """Counts first, then the last thing heard."""
        words = {"note": "built", "pass": "passed", "warn": "warned", "fail": "failed"}
        counted = ", ".join(
            f"{self.counts[kind]} {word}" for kind, word in words.items() if self.counts[kind]
        )
        return " · ".join(part for part in (counted, self.text) if part)


class RunView:
    """Collects event into lines. Pure but for the clock it is given."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def handle(self, event: ProgressEvent, now: float) -> None:
        """Take in one piece of event.

        Args:
            event: What happened.
            now: Seconds of a monotonic clock.
        """
        if event.event == "begin":
            self.lines.append(Line(TITLES.get(event.stage, event.stage), now, text=event.text))
            return
        if not self.lines:
            return
        line = self.lines[-1]
        if event.event == "end":
            line.state, line.ended = "end", now
            line.text = "" if line.counts else line.text  # the last of hundreds says nothing any more
            return
        if event.stage in {"dbt", "gates"} and not event.detail.get("remark"):
            line.counts[event.event] += 1
        line.text = event.text

    def close(self, now: float) -> None:
        """Mark what is still open as failed: a stage that went through has said so."""
        for line in self.lines:
            if line.ended is None:
                line.state, line.ended = "fail", now

    def table(self, now: float) -> Table:
        """All lines as a table."""
        from rich.table import Table

        table = Table(box=None, show_header=False, pad_edge=False)
        for ratio in (None, None, 1, None):
            table.add_column(ratio=ratio, no_wrap=True, overflow="ellipsis")
        for line in self.lines:
            table.add_row(_SIGNS[line.state], line.title, line.said(), f"{line.seconds(now):5.1f} s")
        return table


@contextmanager
def shown_progress(console: Console) -> Iterator[RunView]:
    """Show the event of this process while the block runs.

    Args:
        console: Where; a terminal is redrawn in place, anything else gets a line now and then.
    """
    view = RunView()
    show = _live(console, view) if console.is_terminal else _plain(console, view)
    with show:
        yield view


@contextmanager
def _live(console: Console, view: RunView) -> Iterator[None]:
    from rich.live import Live

    live = Live(get_renderable=lambda: view.table(time.monotonic()), console=console, refresh_per_second=8)
    with live, subscribed(lambda event: view.handle(event, time.monotonic())):
        try:
            yield
        finally:
            view.close(time.monotonic())
            live.refresh()


@contextmanager
def _plain(console: Console, view: RunView) -> Iterator[None]:
    last = [0.0]

    def handle(event: ProgressEvent) -> None:
        now = time.monotonic()
        view.handle(event, now)
        if not view.lines:
            return
        due = event.event in {"begin", "end", "fail"} or now - last[0] >= _PLAIN_EVERY_SECONDS
        if due:
            last[0] = now
            line = view.lines[-1]
            said = f": {line.said()}" if line.said() else ""
            console.print(f"{_SIGNS.get(event.event, '…')} {line.title}{said} ({line.seconds(now):.1f} s)")

    with subscribed(handle):
        try:
            yield
        finally:
            view.close(time.monotonic())
