"""What a run tells whoever watches it while it works.

Belongs here: the few kinds of news and the way from a step to the listener of this process.
Does not belong here: how they look (``cli.progress``), what Dagster stores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class News:
    """One thing that happened.

    Args:
        stage: The room it happened in: land, plans, gates, dbt, publish.
        event: ``begin``, ``note``, ``pass``, ``warn``, ``fail`` or ``end``.
        text: What, in a few words; the name of the model, check or file.
        detail: Figures that belong to it.
    """

    stage: str
    event: str
    text: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


Listener = Callable[[News], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send all news of this process to ``listener`` while the block runs."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(stage: str, event: str, text: str = "", **detail: Any) -> None:
    """Send one piece of news to whoever listens; nobody is fine."""
    news = News(stage, event, text, detail)
    for listener in tuple(_listeners):
        listener(news)


@contextmanager
def stage(name: str, text: str = "") -> Iterator[None]:
    """Tell that a stage begins and, when it went through, that it ends."""
    tell(name, "begin", text)
    yield
    tell(name, "end")


def watch_dbt(events: Iterable[Any]) -> Iterator[Any]:
    """Pass Dagster's dbt events on, telling of each model built and each check judged."""
    for event in events:
        told = dbt_news(event)
        if told is not None:
            tell("dbt", *told)
        yield event


def dbt_news(event: Any) -> tuple[str, str] | None:
    """The kind of news and the name that one dbt event carries, or None when it carries none.

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
