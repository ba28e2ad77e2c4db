"""How much memory the computation may take, and how much of it DuckDB gets.

Belongs here: the measure of the machine, amounts such as ``4GiB``. Does not belong here: the setting (``settings``).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

AMOUNT: Final = r"^([0-9]+(?:\.[0-9]+)?) ?(MB|GB|TB|MiB|GiB|TiB)$"
_UNITS: Final = {
    "MB": 1000**2,
    "GB": 1000**3,
    "TB": 1000**4,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "TiB": 1024**4,
}
_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


#: What dbt, Python models and all that DuckDB does not count take when DuckDB uses what it is given: 1.35 GiB beside
#: 3 GiB, 1.0 beside 9 (benchmarks/README.md, 2026-12). A small limit is for a small company: they take a share of it.
_BESIDE_DUCKDB: Final = 3 * _UNITS["GiB"] // 2


def half_of_the_machine() -> str:
    """Half of the memory of this machine, or of what its container may take; the same at each start."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _LIMITS:
        text = path.read_text(encoding="ascii").strip() if path.exists() else ""
        total = min(total, int(text)) if text.isdigit() else total
    return f"{total // 2 // _UNITS['MiB']}MiB"


#: with less, DuckDB cannot hold what the smallest company needs at once
LEAST: Final = "512MiB"


def bytes_of(amount: str) -> int:
    """The bytes of an amount that fits ``AMOUNT``.

    Raises:
        ValueError: It does not.
    """
    found = re.match(AMOUNT, amount)
    if found is None:
        raise ValueError(f"{amount!r} is no amount of memory such as 4GiB")
    return int(float(found[1]) * _UNITS[found[2]])


def duckdb_share(amount: str) -> str:
    """What DuckDB gets of an amount that fits ``AMOUNT``: what leaves 1.5 GiB, at least 5/8 and at most 3/4.

    Raises:
        ValueError: It does not.
    """
    total = bytes_of(amount)
    beside = max(total // 4, min(_BESIDE_DUCKDB, total * 3 // 8))
    return f"{(total - beside) // _UNITS['MiB']}MiB"
