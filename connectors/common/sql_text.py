"""Texts and names as SQL writes them.

Belongs here: quoting. Does not belong here: queries.
"""

from __future__ import annotations


def quoted(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """`identifier` as a quoted SQL name."""
    return '"' + identifier.replace('"', '""') + '"'
