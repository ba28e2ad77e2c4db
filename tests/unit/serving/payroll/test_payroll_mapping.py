"""Mappings of payroll columns: what they may say, and what is said when they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving.payroll.handover import neutral
from serving.payroll.mapping import SHIPPED, MappingError, read_mapping


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.stem)
def test_shipped_mappings_can_be_taken(path: Path) -> None:
    assert read_mapping(path.stem).columns


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: []", "columns: Tuple should have at least 1 item"),
        ("columns: [{header: a, value: salary}]", "columns.0.value: Input should be"),
        ("columns: [{header: a}]", "needs exactly one of value, components and text"),
        ("columns: [{header: a, value: net, text: x}]", "needs exactly one of value, components and text"),
        ("columns: [{header: a, value: net}, {header: a, value: gross}]", "the header 'a' is there twice"),
        ("columns: [{header: a, value: net, width: 3}]", "columns.0.width: Extra inputs"),
    ],
)
def test_a_wrong_mapping_names_the_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.yml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match=r"m\.yml:1") as raised:
        read_mapping(str(tmp_path / "m.yml"))
    assert said in str(raised.value)


def test_an_unknown_mapping_names_those_there_are() -> None:
    with pytest.raises(MappingError, match="generic, monthly_bonus_zh"):
        read_mapping("nothing")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\u00a0=1", "＝1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_takes_for_a_formula_is_neutral(text: str) -> None:
    assert neutral(text) == f"'{text}"


def test_other_text_stays_as_it_is() -> None:
    assert [neutral(text) for text in ("S1", "张三", "a=b", "")] == ["S1", "张三", "a=b", ""]
