"""Ctrl-C that stops a command wherever it is pressed.

Python raises an interrupt in whatever runs at that moment. Where that is an import made by a library in C, the library
drops it, or tells of it as an error of the import. So the command line remembers that Ctrl-C was pressed, and stops at
the next begin or end of a stage, or takes an error that follows as what it is.

Belongs here: remembering Ctrl-C and stopping for it. Does not belong here: what is told then (``cli.app``), interrupts
within a run of Dagster, which has handlers of its own.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_pressed = threading.Event()


@contextmanager
def listening() -> Iterator[None]:
    """Remember Ctrl-C while the block runs; nothing where interrupts are ignored or handled by somebody else."""
    _pressed.clear()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, _remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _remember(number: int, frame: FrameType | None) -> None:
    _pressed.set()
    signal.default_int_handler(number, frame)


def was_pressed() -> bool:
    """Whether Ctrl-C was pressed since the command began."""
    return _pressed.is_set()


def stop_if_pressed() -> None:
    """Stop for a Ctrl-C that was dropped on its way.

    Raises:
        KeyboardInterrupt: It was pressed since the command began.
    """
    if was_pressed():
        raise KeyboardInterrupt
