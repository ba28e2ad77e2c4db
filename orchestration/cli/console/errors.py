"""How the command line tells of an error: what, where, what to do, and where the trace lies.

Belongs here: the text and the exit status of an error that reached the end.
Does not belong here: the errors themselves (``errors`` and the packages).
"""

from __future__ import annotations

import json
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.common.errors import UserError
from connectors.common.visible import visible
from orchestration.cli.console.output import plain
from orchestration.errors import exit_code_of

DEBUG = "--debug"


def describe(error: BaseException) -> dict[str, Any]:
    """An error as plain fields, with whatever structure it brings along."""
    fields = error.to_dict() if hasattr(error, "to_dict") else {}
    if hasattr(error, "items"):
        fields["problems"] = plain(list(error.items))
    return {"exit_status": exit_code_of(error), "message": str(error) or type(error).__name__, **fields}


def report_error(error: BaseException, words: list[str]) -> int:
    """Tell of an error on stderr, or as JSON on stdout when ``--json`` was asked for.

    Args:
        error: What happened.
        words: The command line.

    Returns:
        The exit status.
    """
    told = describe(error)
    if not isinstance(error, UserError):
        told["log"] = str(_write_trace(error, words))
    if "--json" in words:
        sys.stdout.write(json.dumps({"status": "failed", "error": told}, ensure_ascii=False) + "\n")
        return exit_code_of(error)
    sys.stderr.write(f"Error: {visible(told['message'])}\n")
    if "log" in told:
        sys.stderr.write(f"  The trace lies in {told['log']}; {DEBUG} shows it here.\n")
    return exit_code_of(error)


def _write_trace(error: BaseException, words: list[str]) -> Path:
    text = f"{datetime.now(UTC).isoformat()} incentives {' '.join(words)}\n{''.join(traceback.format_exception(error))}"
    for folder in _log_folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            log = folder / "last_error.log"
            log.write_text(visible(text), encoding="utf-8")
        except OSError:
            continue
        else:
            return log
    return Path("nowhere: no folder could be written")


def _log_folders() -> list[Path]:
    from orchestration.errors import InputError
    from orchestration.settings import load_settings

    fallback = Path(tempfile.gettempdir())
    try:
        return [load_settings().reports, fallback]
    except InputError:
        return [fallback]
