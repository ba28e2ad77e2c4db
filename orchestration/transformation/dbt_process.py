"""dbt as a child that does not outlive its parent: the program ``incentives-dbt``.

Belongs here: starting dbt's command line under a watch, or in the environment of Spark.
Does not belong here: which dbt command runs (``transformation.calculation``, ``transformation.manifest``).

A pipeline killed with SIGKILL cannot stop its children; an orphaned dbt would go on holding the warehouse. So the
child looks twice a second whether its parent is still there and leaves when it is not. DuckDB rolls back what was
not committed.

dagster-dbt asks for the version before every command. dbt's own answer takes as long as its start and asks PyPI for
newer releases; here the installed release is the answer.
"""

from __future__ import annotations

import os
import sys
import threading
from importlib.metadata import version
from pathlib import Path

from orchestration.runtime.garbage import collect_rarely
from orchestration.runtime.parent_watch import leave_with_parent
from orchestration.transformation.spark.job import JOB, read_job

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run dbt's command line with this process's arguments."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"{version('dbt-core')}\n")
        return
    if job := os.environ.get(JOB):
        _become_spark(job)
    collect_rarely()
    threading.Thread(target=leave_with_parent, args=(os.getppid(),), daemon=True).start()
    from dbt.cli.main import cli

    cli()


def _become_spark(job: str) -> None:
    """Run dbt's command in the environment of Spark, as this very process: signals and parent stay what they are."""
    python = read_job(job).python
    program = "orchestration.transformation.spark.program.run_dbt"
    # -P: the working directory is the dbt project, whose folders are no packages
    arguments = [python, "-P", "-m", program, *sys.argv[1:]]
    os.execve(python, arguments, os.environ | {"PYTHONPATH": str(ROOT)})
