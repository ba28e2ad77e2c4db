"""dbt as a child that does not outlive its parent: the program ``incentives-dbt``.

Belongs here: starting dbt's command line under a watch.
Does not belong here: which dbt command runs (``calculation``, ``dbt_manifest``).

A pipeline killed with SIGKILL cannot stop its children; an orphaned dbt would go on holding the warehouse. So the
child looks twice a second whether its parent is still there and leaves when it is not. DuckDB rolls back what was
not committed.
"""

from __future__ import annotations

import os
import threading
import time


def leave_with_parent(parent: int, every_seconds: float = 0.5) -> None:
    """End this process when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(every_seconds)
    os._exit(1)


def main() -> None:
    """Run dbt's command line with this process's arguments."""
    threading.Thread(target=leave_with_parent, args=(os.getppid(),), daemon=True).start()
    from dbt.cli.main import cli

    cli()
