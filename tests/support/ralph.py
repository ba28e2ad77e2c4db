"""A real Ralph, installed into an environment of its own when it is not there, on a free port until the test ends.

Belongs here: starting and ending it, sending it statements. Does not belong here: what is asserted.
"""

from __future__ import annotations

import datetime as dt
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Self

import requests

from tests.support.vendors.training import COURSE, VERBS

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "var" / "services" / "ralph"
_PATIENCE = 90.0


class Ralph:
    """A store of statements; use it as a context manager.

    Args:
        folder: For its statements and its list of clients.
    """

    client = ("lrs-client", "ralph-passw0rd")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])

    @property
    def endpoint(self) -> str:
        """Where xAPI begins."""
        return f"http://127.0.0.1:{self.port}/xAPI"

    def __enter__(self) -> Self:
        script = ROOT / "scripts" / "install_ralph.sh"
        subprocess.run([str(script), str(HOME)], check=True, env=_environment() | {"PYTHON": sys.executable})
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [HOME / "bin" / "python", ROOT / "scripts" / "services" / "run_ralph.py"]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*map(str, command), str(self.port), str(self.folder), *self.client],
                stdout=log,
                stderr=log,
                env=_environment(),
            )
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def _answers(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/__heartbeat__", timeout=5).ok
        except requests.ConnectionError:
            return False

    def tell(self, *statements: dict[str, Any]) -> list[str]:
        """Send statements; their ids."""
        answer = requests.post(
            f"{self.endpoint}/statements",
            json=list(statements),
            auth=self.client,
            headers={"X-Experience-API-Version": "1.0.3"},
            timeout=30,
        )
        assert answer.ok, answer.text
        ids: list[str] = answer.json()
        return ids


def statement(person: str, verb: str, score: float | None = None, course: str = COURSE) -> dict[str, Any]:
    """A person did something to a course, now."""
    made: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "actor": {"account": {"homePage": "https://hr.example.com", "name": person}},
        "verb": {"id": f"{VERBS}{verb}"},
        "object": {"id": course, "definition": {"name": {"zh-CN": "产品知识"}}},
        "timestamp": dt.datetime.now(dt.UTC).isoformat(),
    }
    return (
        made
        if score is None
        else made | {"result": {"score": {"scaled": score}, "success": verb == "passed"}}
    )


def voiding(statement_id: str) -> dict[str, Any]:
    """The statement that voids another."""
    return statement("admin", "voided") | {"object": {"objectType": "StatementRef", "id": statement_id}}


def _environment() -> dict[str, str]:
    import os

    # Ralph reads variables of its own; those of a developer's Ralph have no place here
    return {name: value for name, value in os.environ.items() if not name.startswith("RALPH_")}
