"""How much memory the computation may take, and how much of it DuckDB gets.

Belongs here: the measure of the machine, amounts such as ``4GiB``. Does not belong here: the setting (``settings``).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

AMOUNT: Final = r"^([0-9]+(?:\.[0-9]+)?) ?(MB|GB|TB|MiB|GiB|TiB)$"
#: The rest is for dbt, Python models and what DuckDB does not count.
DUCKDB_SHARE: Final = 0.75
_UNITS: Final = {
    "MB": 1000**2,
    "GB": 1000**3,
    "TB": 1000**4,
    "MiB": 1024**2,
    "GiB": 1024**3,
    "TiB": 1024**4,
}
_LIMITS: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


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
    """What DuckDB gets of an amount that fits ``AMOUNT``.

    Raises:
        ValueError: It does not.
    """
    return f"{int(bytes_of(amount) * DUCKDB_SHARE) // _UNITS['MiB']}MiB"
