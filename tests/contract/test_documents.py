"""Documents: links lead somewhere; decisions are numbered without gaps and listed in the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]

CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)", re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
DECISION = re.compile(
    r"# (?P<title>[^\n]+)\n\n- Status: (?P<status>[^\n]+)\n- Date: (?P<date>\d{4}-\d\d-\d\d)\n\n## Context"
)
INDEX_ROW = re.compile(
    r"^\| \[(\d{4})\]\((\d{4}-[a-z0-9-]+\.md)\) \| (.+?) \| (\S+) \| (.+?) \|$", re.MULTILINE
)


def _anchors(document: Path) -> set[str]:
    """Anchors of a Markdown file: of its headings, in the form of GitHub, and those written as HTML."""
    text = re.sub(r"^(`{3,}).*?^\1", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    written = set(re.findall(r'<a id="([^"]+)">', text))
    found: dict[str, int] = {}
    for heading in HEADING.findall(text):
        name = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found[name] = found.get(name, 0) + 1
    return written | {
        name if n == 0 else f"{name}-{n}" for name, count in found.items() for n in range(count)
    }


def broken_links(document: Path, root: Path = ROOT) -> list[str]:
    """Relative links of a Markdown file that lead to no file, folder or heading under ``root``."""
    broken = []
    for link in LINK.findall(CODE.sub("", document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        is_broken = not target.exists() or not target.is_relative_to(root)
        if is_broken or (anchor and target.suffix == ".md" and anchor not in _anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# One heading: here\n\n```\n# no heading\n```\n", encoding="utf-8")
    document = tmp_path / "from.md"
    document.write_text(
        "[a](there.md) [b](there.md#one-heading-here) [c](https://example.com/x) `[d](code.md)`\n"
        "[e](gone.md) [f](there.md#no-heading) [long\ntext](gone-too.md) [g](..)\n",
        encoding="utf-8",
    )
    assert broken_links(document, tmp_path) == ["gone.md", "there.md#no-heading", "gone-too.md", ".."]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in sorted(DECISIONS.glob("*.md")) if path.name != "README.md"]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_the_index_lists_every_decision_as_it_is() -> None:
    written = []
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        found = DECISION.match(path.read_text(encoding="utf-8"))
        assert found, f"{path.name}: title, status and date are not in the form of the others"
        written.append((path.name[:4], path.name, found["title"], found["date"], found["status"]))
    assert INDEX_ROW.findall((DECISIONS / "README.md").read_text(encoding="utf-8")) == written
