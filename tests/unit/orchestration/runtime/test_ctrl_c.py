"""Ctrl-C stops a command also where something drops it on its way."""

import os
import signal
from collections.abc import Iterator

import pytest

from orchestration.runtime.ctrl_c import listening, was_pressed
from orchestration.runtime.progress_events import ProgressEvent, stage, subscribed


@pytest.fixture(autouse=True)
def _as_from_a_terminal() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _press_and_drop() -> None:
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_what_was_dropped_stops_the_stage_at_its_end() -> None:
    seen: list[ProgressEvent] = []
    with subscribed(seen.append), listening(), pytest.raises(KeyboardInterrupt), stage("land"):
        _press_and_drop()
    assert [one.event for one in seen] == ["begin"]


def test_what_was_dropped_before_a_stage_stops_it_at_its_begin() -> None:
    begun = []
    with listening():
        _press_and_drop()
        with pytest.raises(KeyboardInterrupt), stage("land"):
            begun.append("land")
    assert begun == []


def test_a_command_begins_without_what_was_pressed_before() -> None:
    with listening():
        _press_and_drop()
        assert was_pressed()
    with listening():
        assert not was_pressed()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_where_interrupts_are_ignored_they_stay_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with listening():
        os.kill(os.getpid(), signal.SIGINT)
        assert not was_pressed()
