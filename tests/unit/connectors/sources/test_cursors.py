"""Cursors are compared as what they stand for."""

from __future__ import annotations

import pytest

from connectors.sources.extraction.cursors import is_later, latest


@pytest.mark.parametrize(
    ("texts", "last"),
    [
        (["2026-03-01T09:00:00+08:00", "2026-03-01T02:00:00Z"], "2026-03-01T02:00:00Z"),
        (["2026-03-01 02:00:00", "2026-03-01T01:00:00+00:00"], "2026-03-01 02:00:00"),
        (["9", "10"], "10"),
        (["1.5", "-2", "1e2"], "1e2"),
        (["b", "10", "a"], "b"),
        (["2026-03-01", "x"], "x"),
    ],
)
def test_the_latest_of_some(texts: list[str], last: str) -> None:
    assert latest(texts) == latest(texts[::-1]) == last


def test_the_same_moment_in_another_zone_is_not_later() -> None:
    assert not is_later("2026-03-01T10:00:00+08:00", "2026-03-01T02:00:00+00:00")
    assert not is_later("2026-03-01T02:00:00+00:00", "2026-03-01T10:00:00+08:00")
    assert is_later("2026-03-01T02:00:01+00:00", "2026-03-01T10:00:00+08:00")
    assert not is_later(None, "1")
