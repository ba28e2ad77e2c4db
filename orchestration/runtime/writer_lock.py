"""One writer of the warehouse at a time, over processes, with the name of who holds it.

Belongs here: the lock file and the note beside it that says who writes since when.
Does not belong here: Dagster's pool (``defs.policies``), which orders runs inside one Dagster instance.

The operating system frees the lock when its holder dies, so a killed run leaves nothing to clean up.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import InputError


@dataclass(frozen=True)
class Holder:
    """Who writes the warehouse.

    Args:
        pid: Process id.
        since: UTC time it took the lock, ISO 8601.
        doing: The command, in words.
    """

    pid: int
    since: str
    doing: str


def _note(lock_file: Path) -> Path:
    return lock_file.with_suffix(".holder.json")


def read_holder(lock_file: Path) -> Holder | None:
    """The note the present or last holder left, if it is readable."""
    try:
        return Holder(**json.loads(_note(lock_file).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def writer_lock(lock_file: Path, doing: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the right to write while the block runs. Taking it twice in one process is allowed.

    Args:
        lock_file: The lock file; its folder is made.
        doing: What the holder does, for the message others get.
        wait_seconds: How long to wait for another holder.

    Raises:
        InputError: Another process holds it; says which one and since when.
    """
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(lock_file, is_singleton=True, thread_local=False)
    outermost = not lock.is_locked
    try:
        lock.acquire(timeout=wait_seconds, poll_interval=0.2)
    except Timeout:
        raise InputError(_busy(lock_file)) from None
    try:
        if outermost:
            holder = Holder(os.getpid(), datetime.now(UTC).isoformat(timespec="seconds"), doing)
            _note(lock_file).write_text(json.dumps(holder.__dict__), encoding="utf-8")
        yield
    finally:
        if outermost:
            _note(lock_file).unlink(missing_ok=True)
        lock.release()


def is_busy(lock_file: Path) -> bool:
    """Whether another process holds the lock right now; where it may not be touched, that cannot be excluded."""
    if not lock_file.exists():
        return False
    probe = FileLock(lock_file, thread_local=False)
    try:
        probe.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    probe.release()
    return False


def _busy(lock_file: Path) -> str:
    holder = read_holder(lock_file)
    who = (
        f"process {holder.pid} ({holder.doing}) has been writing it since {holder.since}"
        if holder
        else "another process is writing it"
    )
    return f"the warehouse in {lock_file.parent} is busy: {who}. Wait until it ends, or choose another INCENTIVES_HOME."
