"""YAML is read as text with the line of every key."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.common.problems import ImportProblem
from connectors.common.yaml_document import as_exact, load_yaml, parse_yaml

LEVELS = "abcdefgh"
BOMB = "".join(f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in pairwise(LEVELS))


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
    assert document.where(("a", 0, "c", "d")) == f"{document.name}:4: a.0.c.d"
    assert document.where(("a", 0, "c", "x", "y")) == f"{document.name}:3: a.0.c.x.y"
    assert document.where(()) == f"{document.name}:1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", ":3: the key 'a' is written twice"),
        ("a: [1\nb: 2\n", "not valid YAML"),
        ("a: *x\n", "not valid"),
        ("a: !python/name:os.system x\n", ":1: the key 'a' has an unknown tag"),
        ("a:\n  b: !thing {c: 1}\n", ":2: the key 'a.b' has an unknown tag"),
        ("a: &a\n  b: *a\n", ":2: the key 'a.b' must not contain itself"),
        ("[" * 5000, "nested deeper"),
        ("a: " + "[" * 60 + "]" * 60, "nested deeper than 40 levels"),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\n" + BOMB, "unfolds to more than 100,000 values"),
        ("# " + "x" * 1_000_000, "larger than"),
    ],
)
def test_bad_yaml_is_named_with_its_line(tmp_path: Path, text: str, words: str):
    with pytest.raises(ImportProblem) as caught:
        load_yaml(write(tmp_path, text))
    assert words in str(caught.value)


def test_an_empty_file_is_no_document(tmp_path: Path):
    assert load_yaml(write(tmp_path, "")).data is None


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path):
    import os

    os.mkfifo(tmp_path / "pipe.yml")
    with pytest.raises(ImportProblem, match="the file cannot be read: this is no regular file"):
        load_yaml(tmp_path / "pipe.yml")


def test_exact_scalars_are_never_binary_floats():
    found = parse_yaml("a: 0.1\nb: 7\nc: true\nd: '7'\ne: 2017-03-01\nf: .inf\n", "x", as_exact).data
    assert found == {"a": Decimal("0.1"), "b": 7, "c": True, "d": "7", "e": "2017-03-01", "f": ".inf"}
    assert not any(isinstance(value, float) for value in found.values())
