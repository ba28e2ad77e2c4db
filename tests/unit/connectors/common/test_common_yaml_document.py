"""YAML is read as text with the line of every key."""

from pathlib import Path

import pytest

from connectors.common.problems import ImportProblem
from connectors.common.yaml_document import load_yaml


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_scalars_stay_text_and_null_is_none(tmp_path: Path):
    document = load_yaml(write(tmp_path, "a: 0.10\nb: 2017-03-01\nc: true\nd: null\ne: ~\nf:\ng: [1, 'x']\n"))
    expected = {"a": "0.10", "b": "2017-03-01", "c": "true", "d": None, "e": None, "f": None, "g": ["1", "x"]}
    assert document.data == expected


def test_a_path_is_found_by_its_nearest_known_part(tmp_path: Path):
    document = load_yaml(write(tmp_path, "a:\n  - b: 1\n    c:\n      d: 2\n"))
    assert document.where(("a", 0, "c", "d")) == f"{document.path}:4: a.0.c.d"
    assert document.where(("a", 0, "c", "x", "y")) == f"{document.path}:3: a.0.c.x.y"
    assert document.where(()) == f"{document.path}:1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", ":3: the key 'a' is given twice"),
        ("a: [1\nb: 2\n", "no valid YAML"),
        ("a: *x\n", "no valid"),
    ],
)
def test_bad_yaml_is_named_with_its_line(tmp_path: Path, text: str, words: str):
    with pytest.raises(ImportProblem) as caught:
        load_yaml(write(tmp_path, text))
    assert words in str(caught.value)


def test_an_empty_file_is_no_document(tmp_path: Path):
    assert load_yaml(write(tmp_path, "")).data is None
