"""Every rule that code, tests or plans cite by number has its text in docs/rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "docs" / "rules"
NOT_SOURCES = {"docs", "var", "target", "logs", "__pycache__", "node_modules"}
SUFFIXES = {".sql", ".py", ".yml", ".yaml", ".md"}

_NUMBER = r"\d+(?:\.\d+)?"
_LIST = rf"({_NUMBER}(?:(?:, | and | to ){_NUMBER})*)"
_SECTIONS = re.compile(rf"\b(?:rulebook(?: sections?)?|sections?) {_LIST}", re.IGNORECASE)
_READINGS = re.compile(rf"\breadings? {_LIST}", re.IGNORECASE)
# R1 in quotes or after a colon is the key of a test record
_DEFINITIONS = re.compile(r"(?<![\w\"'`:-])R(\d{1,2})\b(?![\"'`:])")
_LINE_BREAK = re.compile(r"\s*\n\s*(?:--|#|\*)?\s*")


def _anchors(path: Path) -> set[str]:
    return set(re.findall(r'<a id="([^"]+)"></a>', path.read_text(encoding="utf-8")))


def _numbers(text: str) -> Iterator[str]:
    """Every number of a list such as "4.2, 5 and 7 to 9"."""
    for part in re.split(r", | and ", text):
        first, _, last = part.partition(" to ")
        prefix, _, start = first.rpartition(".")
        end = (last or first).rpartition(".")[2]
        yield from (f"{prefix}.{number}".lstrip(".") for number in range(int(start), int(end) + 1))


def _cited(path: Path) -> Iterator[str]:
    """Anchors of the rules that a file cites."""
    text = _LINE_BREAK.sub(" ", path.read_text(encoding="utf-8"))
    for match in _SECTIONS.finditer(text):
        yield from (f"s{number.replace('.', '-')}" for number in _numbers(match[1]))
    for match in _READINGS.finditer(text):
        yield from (f"reading-{number}" for number in _numbers(match[1]))
    if path.suffix in {".py", ".sql"}:
        yield from (f"r{number}" for number in _DEFINITIONS.findall(text))


def _sources() -> Iterator[Path]:
    for path in ROOT.glob("[!.]*/**/*"):
        if path.suffix in SUFFIXES and not set(path.relative_to(ROOT).parts) & NOT_SOURCES:
            yield path


def test_every_cited_rule_has_its_text() -> None:
    known = set().union(*map(_anchors, RULES.glob("*.md")))
    cited = {(anchor, str(path.relative_to(ROOT))) for path in _sources() for anchor in _cited(path)}
    assert len({anchor for anchor, _ in cited}) > 50, "citations are not recognised"
    assert sorted(item for item in cited if item[0] not in known) == []


def test_every_link_between_rules_leads_somewhere() -> None:
    broken = []
    for page in RULES.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$", text, re.MULTILINE):
            name, _, anchor = "".join(target).partition("#")
            file = page.parent / (name or page.name)
            if not file.exists() or (anchor and anchor not in _anchors(file)):
                broken.append((page.name, "".join(target)))
    assert broken == []


def test_every_place_where_a_rule_is_computed_exists() -> None:
    text = (RULES / "README.md").read_text(encoding="utf-8")
    section = text.partition("## Where a rule is computed")[2].partition("<a id=")[0]
    roots = [ROOT / name for name in ("", "dbt_project/models", "tests/reference", "tests/golden")]
    named = [name.replace("int/", "intermediate/", 1) for name in re.findall(r"`([\w/.]+)`", section)]
    assert len(named) > 50, "the table is not recognised"
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []
