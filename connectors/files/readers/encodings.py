"""Finding out how a text file is encoded: UTF-8 (with or without BOM) or GB18030.

Belongs here: detection only. Does not belong here: parsing.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from connectors.common.problems import DeliveryRejected

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def detect_encoding(path: Path) -> str:
    """The encoding of a text file, proved by decoding all of it.

    UTF-8 is tried first: real GB18030 text is practically never valid UTF-8, so a success is decisive.

    Returns:
        `utf-8-sig` (UTF-8, BOM or not) or `gb18030`.

    Raises:
        DeliveryRejected: The file is in neither encoding, or holds NUL bytes.
    """
    with path.open("rb") as handle:
        start = handle.read(2)
    if start in _BYTE_ORDER_MARKS:
        raise _unreadable(path, "the file is UTF-16")
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise _unreadable(path, "the file is neither UTF-8 nor GB18030 text")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                if b"\x00" in chunk:
                    raise _unreadable(path, "the file holds NUL bytes, so it is no text")
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unreadable(path: Path, what: str) -> DeliveryRejected:
    return DeliveryRejected(what, where=str(path), hint="save it as CSV UTF-8")
