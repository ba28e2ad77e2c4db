"""Delivered text cannot change what a reader sees."""

from __future__ import annotations

import pytest

from connectors.common.visible import visible, visible_value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王海燕 O'Neil\tA\nB é", "王海燕 O'Neil\tA\nB é"),
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("paid \u202e00.001", "paid \\u202e00.001"),
        ("a\u2066b\u200fc\u200bd", "a\\u2066b\\u200fc\\u200bd"),
        ("line\rover", "line\\x0dover"),
        ("next\u2028line", "next\\u2028line"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("नमस्\u200dते", "नमस्\u200dते"),
    ],
)
def test_a_character_that_hides_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_other_values_stay() -> None:
    assert visible_value(3) == 3
    assert visible_value("\x07") == "\\x07"
