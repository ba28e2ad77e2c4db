"""The home is closed to others, or open to one group."""

from __future__ import annotations

import grp
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.errors import InputError
from orchestration.runtime.access import protect
from orchestration.settings import load_settings


@pytest.fixture(autouse=True)
def _mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_and_what_is_written_later_belong_to_the_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    protect(load_settings(home=home))
    (home / "reports").mkdir()
    (home / "reports" / "a.json").write_text("{}")
    assert [mode(path) for path in (home, home / "reports", home / "reports" / "a.json")] == [
        0o700,
        0o700,
        0o600,
    ]


def test_a_group_reads_and_writes_what_it_is_given(tmp_path: Path) -> None:
    home = tmp_path / "home"
    protect(load_settings(home=home, group=grp.getgrgid(os.getgid()).gr_name))
    (home / "a.json").write_text("{}")
    assert (mode(home), mode(home / "a.json")) == (0o2770, 0o660)


def test_an_unknown_group_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="INCENTIVES_GROUP is 'nobody-here'"):
        protect(load_settings(home=tmp_path / "home", group="nobody-here"))
