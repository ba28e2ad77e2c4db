"""Currencies: which codes are currencies, and the words people write for one of them.

Belongs here: codes and words. Does not belong here: exchange rates, amounts.
"""

from __future__ import annotations

from functools import cache

# Words that mean one currency and no other. A sign such as ¥ or $ means several, so it is none of them.
WORDS = {"RMB": "CNY", "人民币": "CNY", "人民币元": "CNY", "元": "CNY"}
_REPLACED_SINCE = 2000


@cache
def codes() -> tuple[str, ...]:
    """The ISO 4217 codes of money in use, and of money that was in this century (contracts are kept long)."""
    from babel.core import get_global

    found = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _, until, is_tender in uses
        if is_tender and (until is None or until[0] >= _REPLACED_SINCE)
    }
    return tuple(sorted(found))
