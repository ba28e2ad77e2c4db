"""Programs of other systems: environments of their own, free ports, started, waited for, ended by their id.

Belongs here: what holds for every program. Does not belong here: one system.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2] / "var" / "services"
_NOBODY_TO_BE = "pgserver"


class ServiceFailed(Exception):
    """A program of another system did not do what it was asked."""


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, user: str | None = None
) -> str:
    """Run a program to its end; what it said.

    Raises:
        ServiceFailed: It ended with an error.
    """
    # a server outlives its starter: with pipes for its output the call would wait for it to end
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ | dict(env or {}),
            user=user,
            cwd="/",
            check=False,
        )
        said.seek(0)
        text = said.read()
    if done.returncode != 0:
        last = "\n".join(text.splitlines()[-15:])
        raise ServiceFailed(f"{Path(command[0]).name} ended with status {done.returncode}:\n{last}")
    return text


def mark_of(*files: Path) -> str:
    """What an installation is made of, in twelve signs: files and this Python."""
    made_of = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(made_of + sys.version.encode()).hexdigest()[:12]


def make_environment(folder: Path, requirements: Path) -> Path:
    """A Python environment with the packages of a file of requirements, made once; its programs."""
    ready = folder / "complete"
    if ready.exists():
        return folder / "bin"
    run([sys.executable, "-m", "venv", "--clear", folder])
    pip = (folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
    run([*pip, "install", "--quiet", "--requirement", requirements])
    ready.touch()
    return folder / "bin"


def start(
    command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program that goes on; what it says goes to a file."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=os.environ | dict(env or {}),
            cwd="/",
        )


def end(process: subprocess.Popen[bytes], patience: float = 10) -> None:
    """End a program that was started: politely, then not."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(is_ready: Callable[[], bool], what: str, log: Path, seconds: float = 60) -> None:
    """Wait for a program to answer.

    Raises:
        ServiceFailed: It did not in time.
    """
    until = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > until:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
            raise ServiceFailed(f"{what} did not answer within {seconds:.0f} seconds:\n{last}")
        time.sleep(0.1)


def unprivileged_user(*folders: Path) -> str | None:
    """Whom a program runs as that refuses root; None: oneself.

    Raises:
        ServiceFailed: That user could not enter the folders.
    """
    if os.geteuid() != 0:
        return None
    for folder in {parent for one in folders for parent in (one, *one.parents) if parent.exists()}:
        if not folder.stat().st_mode & 0o001:
            raise ServiceFailed(f"PostgreSQL does not run as root, and another user may not enter {folder}")
    try:
        pwd.getpwnam(_NOBODY_TO_BE)
    except KeyError:
        run(["useradd", "--system", "--no-create-home", _NOBODY_TO_BE])
    return _NOBODY_TO_BE
