"""Commands called wrongly, or in a home that is none: each says a sentence, ends with 2, and shows no stack trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.cli.app import main

CALLS: dict[str, tuple[tuple[str, ...], str]] = {
    "no month 13": (("statement", "E1", "2026-13"), "'2026-13' is no period. Write 2026-01"),
    "a month in words": (("statement", "E1", "October"), "'October' is no period"),
    "nothing computed, statement": (("statement", "E1", "2026-10"), "Run the pipeline first: incentives run"),
    "nothing computed, explain": (("explain", "abc"), "Run the pipeline first: incentives run"),
    "nothing computed, report": (("report",), "Run the pipeline first: incentives run"),
    "nothing computed, publish": (("publish",), "compute the marts first: incentives run"),
    "a format there is not": (("report", "--format", "docx"), "'docx' is not one of"),
    "a limit below zero": (("alerts", "list", "--limit", "-5"), "greater than or equal to 0"),
    "a kind there is not": (("alerts", "list", "--kind", "lat"), "did you mean 'late'?"),
    "no such plans": (("plan", "validate", "{there}/none"), "does not exist"),
    "plans that are a link to itself": (
        ("plan", "validate", "{there}/loop"),
        "cannot be read: Too many levels of symbolic links",
    ),
    "a plan with a key twice": (("plan", "validate", "{there}/twice.yml"), "plan_id: is written twice"),
    "a plan with a NUL": (("plan", "validate", "{there}/nul.yml"), "unacceptable character #x0000"),
    "a plan that is a list": (
        ("plan", "validate", "{there}/list.yml"),
        "must be a mapping of keys to values",
    ),
    "periods backwards": (
        ("plan", "diff", "a.yml", "b.yml", "--periods", "2026-10..2026-01"),
        "Write the earlier one first",
    ),
    "a setting without a value": (
        ("plan", "simulate", "marketing_sales_2026", "--periods", "2026-10..2026-10", "--set", "x"),
        "write PATH=VALUE",
    ),
    "a simulation of nothing": (
        ("plan", "simulate", "marketing_sales_2026", "--periods", "2026-10"),
        "say what to change with --set PATH=VALUE",
    ),
    "a file for a folder": (("mapping", "suggest", "{there}/list.yml"), "this is a file, no folder"),
    "templates into a file": (("template", "{there}/list.yml"), "no folder can be made here"),
    "templates into nowhere": (("template", "/proc/none/here"), "this place takes no files"),
    "a name that is too long": (("template", "x" * 300), "too long for the disk"),
    "a time nobody means": (("run", "--as-of", "2126-01-01"), "at most 40 years back, 10 ahead"),
    "a time that is none": (("run", "--as-of", "2026-02-30"), "is not a valid ISO 8601 time"),
    "run on a folder without plans": (
        ("run", "--plans", "{there}/bare"),
        "there is no plan file (*.yml) here",
    ),
    "a command there is not": (("pay-everybody",), "No such command"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_call_says_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("INCENTIVES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("INCENTIVES_PLANS", raising=False)
    (tmp_path / "bare").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "list.yml").write_text("- a\n")
    (tmp_path / "twice.yml").write_text("plan_id: a\nplan_id: b\n")
    (tmp_path / "nul.yml").write_bytes(b"plan_id: a\x00b\n")
    words, said = CALLS[name]
    assert _refused([word.format(there=tmp_path) for word in words], capsys, said) == 2


HOMES = {
    "a file": lambda path: path.write_text("x"),
    "inside a file": lambda path: path.parent.write_text("x"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("kind", HOMES)
@pytest.mark.parametrize("words", ["run", "import .", "report", "alerts list", "alerts send"])
def test_a_home_that_cannot_be_one_is_named(
    kind: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "at" / "home"
    if kind != "inside a file":
        home.parent.mkdir()
    HOMES[kind](home)
    monkeypatch.setenv("INCENTIVES_HOME", str(home))
    assert _refused(words.split(), capsys, "choose another folder (INCENTIVES_HOME)") == 2


def _refused(words: list[str], capsys: pytest.CaptureFixture[str], said: str) -> object:
    """The exit status of a call that has to say something."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    captured = capsys.readouterr()
    shown = " ".join((captured.out + captured.err).replace("│", " ").split())
    assert "Traceback" not in shown
    assert "The trace lies in" not in shown
    assert said in shown, shown
    return ended.value.code
