"""Units that a header or a title says about amounts: 金额（万元）, 单位：千元, "in thousands", TEUR.

Belongs here: words for the scale of amounts, and where they stand. Does not belong here: units beside a single number
(see mapping/numbers), currencies.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_SCALES: dict[str, int | Decimal] = {
    "元": 1, "分": Decimal("0.01"), "角": Decimal("0.1"), "百元": 100, "千元": 1_000, "万": 10_000, "万元": 10_000,
    "百万": 1_000_000, "百万元": 1_000_000, "千万": 10_000_000, "千万元": 10_000_000, "亿": 100_000_000,
    "亿元": 100_000_000, "cents": Decimal("0.01"), "k": 1_000, "000": 1_000, "000s": 1_000, "thousand": 1_000,
    "thousands": 1_000, "tsd": 1_000, "m": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "millions": 1_000_000,
}  # fmt: skip
_CURRENCIES = "人民币|美元|港币|欧元|[¥$€£]|us\\$|rmb|cny|usd|eur|gbp|hkd|chf|jpy|yuan"
# the longest words first; thousands of a currency are also written TEUR, kUSD, k€
_WORDS = "|".join(sorted(map(re.escape, _SCALES), key=len, reverse=True))
_SCALE = re.compile(
    rf"(?:单位|unit|in)?\s*:?\s*'?(?:{_CURRENCIES})?\s*'?(?P<word>{_WORDS})\s*(?:of\s*)?(?:{_CURRENCIES})?"
)
_SHORT = re.compile(rf"[tk](?:{_CURRENCIES})|(?:{_CURRENCIES})k")
_REMARK = re.compile(r"[(\[【]([^)\]】]+)[)\]】]|(?:[/_]|\bin\b)(.+)$")
_IN_TITLE = re.compile(
    rf"单位\s*:?\s*(?:人民币|{_CURRENCIES})?\s*(?P<zh>{_WORDS})"
    r"|\bin\s+(?P<en>(?:[^\W\d_]+\s+)?[¥$€£']?\w+)"
)


@dataclass(frozen=True)
class Scale:
    """What amounts are multiplied by.

    Attributes:
        word: The unit as it was written.
        factor: 10000 for 万元.
    """

    word: str
    factor: Decimal


def scale_of_header(header: str) -> Scale | None:
    """The scale that a header says in brackets or behind a slash; None when it says none."""
    for found in _REMARK.finditer(_folded(header)):
        scale = _scale((found[1] or found[2]).strip())
        if scale is not None:
            return scale
    return None


def scale_of_titles(titles: Iterable[str]) -> Scale | None:
    """The scale that the rows above the header say: 单位：万元, "amounts in thousands"."""
    for title in titles:
        for found in _IN_TITLE.finditer(_folded(title)):
            scale = _scale((found["zh"] or found["en"]).strip())
            if scale is not None:
                return scale
    return None


def _scale(text: str) -> Scale | None:
    found = _SCALE.fullmatch(text)
    if found is not None:
        return Scale(text, Decimal(_SCALES[found["word"]]))
    return Scale(text, Decimal(1_000)) if _SHORT.fullmatch(text) else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
