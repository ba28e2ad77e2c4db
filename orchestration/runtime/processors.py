"""How many threads DuckDB gets.

Belongs here: the measure of the machine. Does not belong here: the setting (``settings``).
"""

from __future__ import annotations

import os
from typing import Final

#: Models that dbt runs side by side (``threads`` of its profile), each in a thread of its own that DuckDB computes in.
SIDE_BY_SIDE: Final = 2


def threads_for_duckdb() -> int:
    """Threads of which DuckDB counts one as the caller's, so that with all callers there is one per processor."""
    return max(1, (os.cpu_count() or 1) - SIDE_BY_SIDE + 1)
