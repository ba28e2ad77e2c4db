"""A delivery in the inbox counts when it is complete, and its content is its key."""

import os
from pathlib import Path

import pytest

from orchestration.defs.sensors import request_for
from orchestration.steps.inbox import QUIET_SECONDS, complete_deliveries, folder_hash, is_complete

NOW = 2_000_000_000.0


def _delivery(inbox: Path, name: str, text: str = "a", age: float = 0) -> Path:
    folder = inbox / name
    folder.mkdir(parents=True)
    (folder / "deals.csv").write_text(text, encoding="utf-8")
    for path in (folder / "deals.csv", folder):
        os.utime(path, (NOW - age, NOW - age))
    return folder


@pytest.mark.parametrize(("age", "complete"), [(QUIET_SECONDS, True), (QUIET_SECONDS - 1, False), (0, False)])
def test_a_delivery_is_complete_after_a_minute_without_change(
    tmp_path: Path, age: float, complete: bool
) -> None:
    assert is_complete(_delivery(tmp_path, "d", age=age), NOW) is complete


def test_a_ready_mark_makes_a_delivery_complete_at_once(tmp_path: Path) -> None:
    folder = _delivery(tmp_path, "d")
    (folder / "_READY").touch()
    assert is_complete(folder, NOW)


def test_an_empty_folder_is_never_complete(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    os.utime(tmp_path / "d", (0, 0))
    assert not is_complete(tmp_path / "d", NOW)


def test_deliveries_are_taken_by_name_and_hidden_folders_are_none(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden", "_old"):
        _delivery(tmp_path, name, age=QUIET_SECONDS)
    (tmp_path / "note.txt").touch()
    assert [folder.name for folder in complete_deliveries(tmp_path, NOW)] == ["a", "b"]
    assert complete_deliveries(tmp_path / "missing", NOW) == []


def test_the_run_key_is_the_content_and_not_the_ready_mark(tmp_path: Path) -> None:
    first, same, other = (
        _delivery(tmp_path, name, text) for name, text in (("a", "x"), ("b", "x"), ("c", "y"))
    )
    (same / "_READY").touch()
    assert folder_hash(first) == folder_hash(same) != folder_hash(other)
    assert request_for(first).run_key == request_for(same).run_key
    assert request_for(first).run_config == {"ops": {"files": {"config": {"folder": str(first)}}}}
