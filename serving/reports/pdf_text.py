"""Text that comes out of a PDF again as it stood on the page, for searching and copying.

Chromium names a glyph by the first character that has it: fonts draw 月 and the radical ⽉ alike, so that nobody who
searches for 月 finds it, and the two letters fi come out as one sign (Chromium 156, 2026-12). What the page said is
known: each wrong name becomes its plain form where the page has that, else the character with the same neighbours.
"""

import html
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfWriter

_UNSEEN = re.compile(r"<(style|title|script)\b.*?</\1>|<[^>]+>", re.DOTALL)
_DRAWN = re.compile(r'content: "([^"]*)"')  # what the style sheet adds to the text
_BLOCK = re.compile(rb"\d+ begin(bfchar|bfrange)\s(.*?)end\1\s", re.DOTALL)
_WORDS = re.compile(rb"<([0-9A-Fa-f]+)>")
_MOST = 100  # entries of a block, as the format has it
Names = Mapping[str, str]


def name_characters(pdf: Path, page: Path) -> None:
    """Give the characters of a PDF the names that they have on the page it was printed from.

    A file that pypdf cannot read stays as it is: what is drawn is right.

    Args:
        pdf: PDF file of Chromium; written anew when a name is wrong.
        page: The HTML file.
    """
    from pypdf.errors import PyPdfError

    with suppress(PyPdfError):
        _name(pdf, page)


def _name(pdf: Path, page: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    reader = PdfReader(pdf)
    found = _dense("".join(one.extract_text() for one in reader.pages))
    text = page.read_text(encoding="utf-8")
    wanted = _dense(html.unescape(_UNSEEN.sub(" ", text)) + "".join(_DRAWN.findall(text)))
    names = right_names(found, wanted)
    if not names:
        return
    writer = PdfWriter(clone_from=reader)
    for stream in _streams(writer):
        stream.set_data(renamed(stream.get_data(), names))
    writer.write(pdf)


def right_names(found: str, wanted: str) -> Names:
    """What characters of a text should be that the right text does not have.

    Args:
        found: Text of the PDF file, without white space.
        wanted: Text of the page, without white space; its parts may come in another order.
    """
    there = set(wanted)
    wrong = set(found) - there
    plain = {one: unicodedata.normalize("NFKC", one) for one in wrong}
    names = {one: form for one, form in plain.items() if set(form) <= there}
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    for one, after in pairwise(wanted):
        beside[f"<{one}"][after] += 1
        beside[f">{after}"][one] += 1
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    lost = there - set(found)
    for before, one, after in zip(f" {found}", found, f"{found[1:]} ", strict=False):
        if one in wrong and one not in names:
            for neighbour in (f"<{names.get(before, before)[-1:]}", f">{names.get(after, after)[:1]}"):
                votes[one].update({each: n for each, n in beside[neighbour].items() if each in lost})
    return names | {one: counts.most_common(1)[0][0] for one, counts in votes.items() if counts}


def renamed(table: bytes, names: Names) -> bytes:
    """The table of a font from glyphs to characters, with other characters.

    Args:
        table: A ToUnicode CMap.
        names: What characters should be.
    """

    def block(found: re.Match[bytes]) -> bytes:
        entries = [
            b"<%s> <%s>\n" % (glyph, _hex(names.get(text, text)))
            for glyph, text in _entries(found[1], _WORDS.findall(found[2]))
        ]
        parts = [entries[start : start + _MOST] for start in range(0, len(entries), _MOST)]
        return b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(part), b"".join(part)) for part in parts)

    return _BLOCK.sub(block, table)


def _entries(kind: bytes, words: list[bytes]) -> Iterator[tuple[bytes, str]]:
    """Glyph and text of each entry; a range is several."""
    if kind == b"bfchar":
        for glyph, text in zip(words[::2], words[1::2], strict=True):
            yield glyph, _text(text)
        return
    for first, last, text in zip(words[::3], words[1::3], words[2::3], strict=True):
        begin, start = int(first, 16), _text(text)
        for number in range(begin, int(last, 16) + 1):
            yield b"%0*X" % (len(first), number), start[:-1] + chr(ord(start[-1]) + number - begin)


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", errors="replace")


def _hex(text: str) -> bytes:
    return text.encode("utf-16-be").hex().upper().encode()


def _dense(text: str) -> str:
    return "".join(text.split())


def _streams(writer: "PdfWriter") -> Iterator[Any]:
    """The table of every font, each once, also of drawings within a page."""
    seen: set[int] = set()
    waiting: list[Any] = [page.get("/Resources") for page in writer.pages]
    while waiting:
        resources = _plain(waiting.pop())
        for font in _plain(resources.get("/Font")).values():
            table = _plain(font).get("/ToUnicode")
            if table is not None and id(table.get_object()) not in seen:
                seen.add(id(table.get_object()))
                yield table.get_object()
        for drawing in _plain(resources.get("/XObject")).values():
            if id(_plain(drawing)) not in seen:
                seen.add(id(_plain(drawing)))
                waiting.append(_plain(drawing).get("/Resources"))


def _plain(one: Any) -> Any:
    """What a reference leads to; nothing for None."""
    return {} if one is None else one.get_object()
