"""A child process that does not outlive its parent.

A process killed with SIGKILL cannot stop its children; an orphaned dbt would keep the warehouse open. The child
checks twice a second whether its parent exists and exits when it does not. DuckDB rolls back what was not committed.
"""

from __future__ import annotations

import os
import time


def leave_with_parent(parent: int, every_seconds: float = 0.5) -> None:
    """End this process when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(every_seconds)
    os._exit(1)
