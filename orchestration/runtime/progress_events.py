"""Progress of a run, for whoever watches it while it works.

Belongs here: the kinds of progress events and the way from a step to the subscribers of this process.
Does not belong here: how they look (``cli.progress``), what Dagster stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from orchestration.runtime.ctrl_c import stop_if_pressed


@dataclass(frozen=True)
class ProgressEvent:
    """One thing that happened.

    Args:
        stage: The step it happened in: land, plans, gates, dbt, publish, report, alert.
        event: ``begin``, ``note``, ``pass``, ``warn``, ``fail`` or ``end``.
        text: What, in a few words; the name of the model, check or file.
        detail: Figures that belong to it.
    """

    stage: str
    event: str
    text: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


Subscriber = Callable[[ProgressEvent], None]
_subscribers: list[Subscriber] = []


@contextmanager
def subscribed(subscriber: Subscriber) -> Iterator[None]:
    """Send all progress events of this process to a subscriber while the block runs."""
    _subscribers.append(subscriber)
    try:
        yield
    finally:
        _subscribers.remove(subscriber)


def emit(stage: str, event: str, text: str = "", **detail: Any) -> None:
    """Send one progress event to all subscribers; there may be none."""
    progress = ProgressEvent(stage, event, text, detail)
    for subscriber in tuple(_subscribers):
        subscriber(progress)


@contextmanager
def stage(name: str, text: str = "") -> Iterator[None]:
    """Emit that a stage begins and, when it succeeded, that it ends.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed and dropped on its way.
    """
    stop_if_pressed()
    emit(name, "begin", text)
    yield
    stop_if_pressed()
    emit(name, "end")


def watch_dbt(events: Iterable[Any]) -> Iterator[Any]:
    """Pass Dagster's dbt events on, with a progress event for each model built and each check evaluated."""
    for event in events:
        progress = progress_of(event)
        if progress is not None:
            emit("dbt", *progress)
        yield event


def progress_of(event: Any) -> tuple[str, str] | None:
    """Kind and name of the progress that one dbt event carries, or None when it carries none.

    Args:
        event: An Output, AssetCheckResult or AssetObservation as ``DbtCliInvocation.stream`` yields them.
    """
    if hasattr(event, "check_name"):
        if event.passed:
            return "pass", event.check_name
        return ("warn" if event.severity.name == "WARN" else "fail"), event.check_name
    if hasattr(event, "output_name"):
        return "note", str(event.output_name).rpartition("__")[2]
    return None
