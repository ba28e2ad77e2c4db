"""Starts Ralph 5.1 over files on a port of loopback; run by the Python of Ralph's own environment.

    python run_ralph.py PORT FOLDER USERNAME PASSWORD

Belongs here: what Ralph needs to hold statements in files. Does not belong here: installing it (`install_ralph.sh`).

As it comes, its file backend refuses a second write (it would make the file anew); that is put right here. It compares
`since` with the statement's own time, not with that of storing, and turns each page round for `ascending`; that stays.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any


def main(port: int, folder: Path, username: str, password: str) -> None:
    """Serve until ended."""
    (folder / "statements").mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(folder / "auth.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder / "statements"),
    }
    _write_credentials(folder / "auth.json", username, password)
    backend: Any = importlib.import_module("ralph.backends.lrs.fs").FSLRSBackend
    backend.default_operation_type = importlib.import_module(
        "ralph.backends.data.base"
    ).BaseOperationType.APPEND
    app = importlib.import_module("ralph.api").app
    importlib.import_module("uvicorn").run(app, host="127.0.0.1", port=port, log_level="warning")


def _write_credentials(path: Path, username: str, password: str) -> None:
    bcrypt: Any = importlib.import_module("bcrypt")
    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(rounds=4)).decode()
    agent = {"mbox": f"mailto:{username}@example.com"}
    path.write_text(json.dumps([{"username": username, "hash": hashed, "scopes": ["all"], "agent": agent}]))
    path.chmod(0o600)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])
