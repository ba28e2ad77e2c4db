"""The command line in this process, for tests of what it says: a process of its own takes half a second to start.

Belongs here: the call. Does not belong here: processes that are killed, limited or left behind, and whole runs
(``tests.conftest.run_incentives``).
"""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

from orchestration.cli.app import main


def run_here(home: Path, *arguments: str | Path, width: int = 160) -> CompletedProcess[str]:
    """Run a command with a home of its own; nothing is asserted.

    Args:
        home: ``INCENTIVES_HOME``.
        *arguments: Words of the command.
        width: Columns of the terminal.
    """
    words = [str(one) for one in arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INCENTIVES_")}
    environment = kept | {"INCENTIVES_HOME": str(home), "COLUMNS": str(width), "NO_COLOR": "1"}
    out, err, status = io.StringIO(), io.StringIO(), 0
    with patch.dict(os.environ, environment, clear=True), redirect_stdout(out), redirect_stderr(err):
        try:
            main(words)
        except SystemExit as ended:
            status = int(ended.code or 0)
    return CompletedProcess(words, status, out.getvalue(), err.getvalue())
