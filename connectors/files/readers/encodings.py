"""Finding out how a text file is encoded, by what the text says and not only by whether it decodes.

    named → that one, proved by decoding all of it
    byte order mark → UTF-8 or UTF-16
    valid UTF-8 → UTF-8
    Chinese as people write it → GB18030, said in the report
    anything else → refused, with a guess and the way to name it

Belongs here: detection only. Does not belong here: parsing.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.common.problems import DeliveryRejected, ImportProblem, closest
from connectors.files.readers.common_chinese import COMMON_CHINESE

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# Names a person may give, and Python's name for each; those of the second row are what the guess chooses from.
ENCODINGS = {
    "utf-8": "utf-8-sig", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be",
    "gb18030": "gb18030", "gbk": "gbk", "big5": "big5hkscs", "shift_jis": "cp932", "euc-jp": "euc_jp",
    "euc-kr": "cp949", "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252",
    "windows-1253": "cp1253", "windows-1254": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256",
    "windows-1257": "cp1257", "windows-1258": "cp1258", "windows-874": "cp874", "iso-8859-1": "iso8859-1",
    "iso-8859-2": "iso8859-2", "iso-8859-15": "iso8859-15", "koi8-r": "koi8-r", "mac-roman": "mac-roman",
}  # fmt: skip
_FOREIGN = ("windows-1252", "windows-1251", "windows-1253", "big5", "shift_jis", "euc-jp", "euc-kr")
# 2026-11, tried on names, firms and headers in twelve encodings: Chinese lists have 0.6 and more common
# characters, other text that decodes as GB18030 at most 0.25. Rare characters alone decide nothing.
_CHINESE_SHARE = 0.4
_SAMPLE = 200_000
_WORDS_OF_UTF8 = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}(?:[\xe3-\xe9\xef][\x80-\xbf]{2})+")
# letters of Western text stand alone between plain ones
_NOT_ASCII, _LONE = re.compile(rb"[\x80-\xff]"), re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


@dataclass(frozen=True)
class Encoding:
    """How a file is read.

    Attributes:
        codec: Python's name.
        note: What the report says about it; empty for what needs no word.
    """

    codec: str
    note: str = ""


def detect_encoding(path: Path, named: str | None = None) -> Encoding:
    """The encoding of a text file, proved by decoding all of it.

    Args:
        path: The file.
        named: The encoding somebody named (see `ENCODINGS`); nothing is then guessed.

    Raises:
        DeliveryRejected: The file is not in the named encoding, or in none that can be told for sure.
        ImportProblem: There is no encoding of that name.
    """
    if named is not None:
        return Encoding(_proved(path, named))
    with path.open("rb") as handle:
        start = handle.read(3)
    for mark, codec in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            if not _decodes(path, codec):
                raise _unreadable(
                    path, f"the file begins like {codec.removesuffix('-sig').upper()} but is not"
                )
            return Encoding(codec)
    if _holds_nul(path):
        raise _unreadable(path, "the file holds NUL bytes, so it is no text in an encoding that is known")
    if _decodes(path, "utf-8-sig"):
        return Encoding("utf-8-sig")
    return _chinese(path)


def codec_of(named: str) -> str:
    """Python's name of an encoding that a person named.

    Raises:
        ImportProblem: There is no such encoding.
    """
    wanted = named.strip().casefold().replace("_", "-").replace("cp125", "windows-125").replace(" ", "-")
    wanted = {"latin-1": "iso-8859-1", "latin1": "iso-8859-1", "utf8": "utf-8", "gb2312": "gbk",
              "shift-jis": "shift_jis", "sjis": "shift_jis", "ansi": "windows-1252"}.get(wanted, wanted)  # fmt: skip
    if wanted not in ENCODINGS:
        raise ImportProblem(
            f"there is no encoding {named!r}",
            where="encoding",
            hint=f"{closest(wanted, ENCODINGS)}Encodings: {', '.join(ENCODINGS)}",
        )
    return ENCODINGS[wanted]


def _proved(path: Path, named: str) -> str:
    codec = codec_of(named)
    if not _decodes(path, codec):
        raise _unreadable(path, f"the file is not {named}, as which it was named")
    if codec.startswith("iso8859") and any(re.search("[\x80-\x9f]", text) for text in _texts(path, codec)):
        raise _unreadable(
            path, f"the file is not {named}: it holds bytes that only Windows-1252 has letters for"
        )
    return codec


def _chinese(path: Path) -> Encoding:
    """GB18030, when the text is Chinese as people write it."""
    if not _decodes(path, "gb18030"):
        raise _unreadable(path, "the file is neither UTF-8 nor GB18030 text" + _guess(path))
    characters: Counter[str] = Counter()
    for text in _texts(path, "gb18030"):
        characters.update(sign for sign in text if sign > "\x7f")
    words = {sign: count for sign, count in characters.items() if sign.isalpha()}
    common = sum(count for sign, count in words.items() if sign in COMMON_CHINESE)
    if not words or common < _CHINESE_SHARE * sum(words.values()):
        raise _unreadable(path, "the file is not UTF-8, and read as GB18030 it is no Chinese" + _guess(path))
    with path.open("rb") as handle:
        mixed = next((n for n, line in enumerate(handle, start=1) if _is_utf8_chinese(line)), None)
    if mixed is not None:
        raise _unreadable(path, f"the file mixes encodings: line {mixed} is UTF-8, others are GB18030")
    return Encoding("gb18030", "it is not UTF-8; read as GB18030, which its Chinese text fits")


def _is_utf8_chinese(line: bytes) -> bool:
    """Whether a line of a GB18030 file holds words in UTF-8."""
    if not _WORDS_OF_UTF8.search(line):
        return False
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(sign in COMMON_CHINESE for sign in text) >= 2


def _guess(path: Path) -> str:
    """Words about what the encoding looks like."""
    found = guessed_encoding(path)
    return "" if found is None else f"; it looks like {found.replace('windows', 'Windows')}"


def guessed_encoding(path: Path) -> str | None:
    """The name of the encoding a text looks like; only a guess, so no import reads anything by it."""
    from charset_normalizer import from_bytes

    with path.open("rb") as handle:
        sample = b"".join(line for line in handle.readlines(_SAMPLE) if not line.isascii())
    if len(_LONE.findall(sample)) * 2 > len(_NOT_ASCII.findall(sample)):
        return "windows-1252"
    best = from_bytes(sample, cp_isolation=[ENCODINGS[name] for name in _FOREIGN]).best()
    names = {codec: name for name, codec in ENCODINGS.items() if name in _FOREIGN}
    return None if best is None else names.get(best.encoding)


def _holds_nul(path: Path) -> bool:
    with path.open("rb") as handle:
        return any(b"\x00" in chunk for chunk in iter(lambda: handle.read(_CHUNK), b""))


def _decodes(path: Path, codec: str) -> bool:
    try:
        for text in _texts(path, codec):
            if "\x00" in text:
                raise _unreadable(path, "the file holds NUL characters, so it is no text in this encoding")
    except UnicodeError:
        return False
    return True


def _texts(path: Path, codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)


def _unreadable(path: Path, what: str) -> DeliveryRejected:
    return DeliveryRejected(
        what,
        where=str(path),
        hint="save it as CSV UTF-8; or name its encoding (option --encoding, or `encoding` in the mapping), "
        f"one of: {', '.join(ENCODINGS)}",
    )
