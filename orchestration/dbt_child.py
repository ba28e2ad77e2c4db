"""dbt as a child that does not outlive its parent: the program ``incentives-dbt``.

Belongs here: starting dbt's command line under a watch.
Does not belong here: which dbt command runs (``calculation``, ``dbt_manifest``), the waiting dbt (``dbt_warm``).

A pipeline killed with SIGKILL cannot stop its children; an orphaned dbt would go on holding the warehouse. So the
child looks twice a second whether its parent is still there and leaves when it is not. DuckDB rolls back what was
not committed.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from orchestration.dbt_warm import SERVE, SOCKET, hand_over, wait_for_command


def leave_with_parent(parent: int, every_seconds: float = 0.5) -> None:
    """End this process when its parent is gone."""
    while os.getppid() == parent:
        time.sleep(every_seconds)
    os._exit(1)


def main() -> None:
    """Run dbt's command line with this process's arguments, in a waiting dbt when there is one."""
    threading.Thread(target=leave_with_parent, args=(os.getppid(),), daemon=True).start()
    arguments = sys.argv[1:]
    if arguments[:1] == [SERVE]:
        sys.exit(wait_for_command(int(arguments[1]), arguments[2:]))
    status = hand_over(os.environ[SOCKET], arguments) if SOCKET in os.environ else None
    if status is not None:
        sys.exit(status)
    from dbt.cli.main import cli

    cli()
