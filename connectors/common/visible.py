"""Control and bidirectional characters made visible, so that delivered text cannot change what a reader sees.

A name may hold an escape sequence that rewrites a terminal, or a mark that reverses the order of what follows. Every
place that shows delivered text to people shows such characters as escapes.
"""

from __future__ import annotations

import re
from typing import Any

# control characters but tab and line feed, marks of direction, invisible format characters, lone surrogates; the
# joiners U+200C and U+200D stay: they are part of the spelling of some scripts
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """A text with control, format and bidirectional characters as escapes; line breaks and tabs stay."""
    return _HIDDEN.sub(_escape, text)


def visible_value(value: Any) -> Any:
    """A value of a template: plain text made visible, markup and everything else as it is."""
    return visible(value) if type(value) is str else value


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
