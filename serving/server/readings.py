"""Who read what: the statements of the logins, as PostgreSQL's own log has them.

    login of the policy → log_statement = all → readings/2026-11-30.json → `incentives serve --readings`

Belongs here: what is logged, for how long, and reading the log. Does not belong here: who may read (``security``).

The log is the embedded server's. A server of one's own keeps its log where its administrator says; what a login's
statements need there is tried, and said when it may not be set.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FOLDER = "readings"
_SETTINGS = {
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_directory": FOLDER,
    "log_filename": "%Y-%m-%d.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_timezone": "UTC",
    "log_connections": "on",
    "log_file_mode": "0600",
}
_STATEMENTS = ("statement: ", "execute ")
_CONNECTED = "connection authorized: "


@dataclass(frozen=True)
class Reading:
    """Something a login did.

    Attributes:
        at: When (UTC, as PostgreSQL writes it).
        login: Who.
        address: From where.
        event: `connected`, `asked`, or `refused`: the statement that was asked before gave an error and no rows.
        statement: What was asked; None: nothing was.
        why: Why it was refused.
    """

    at: str
    login: str
    address: str
    event: str
    statement: str | None = None
    why: str | None = None


def server_settings() -> list[str]:
    """The settings of the embedded server that keep its log, as ``name=value``."""
    return [f"{name}={value}" for name, value in _SETTINGS.items()]


def keep_statements(connection: psycopg.Connection, logins: Collection[str]) -> str | None:
    """Have every statement of the logins logged, whatever the server's own setting is.

    Inside a transaction it holds with that: a login that is made there never reads without being logged.

    Returns:
        None, or a sentence: the role of the publisher may not set that; the transaction goes on.
    """
    logged = connection.execute(
        "select rolname from pg_roles where rolname = any(%s) and 'log_statement=all' = any(rolconfig)",
        (list(logins),),
    ).fetchall()
    try:
        with connection.transaction():
            for login in sorted(set(logins) - {name for (name,) in logged}):
                connection.execute(
                    sql.SQL("alter role {} set log_statement = 'all'").format(sql.Identifier(login))
                )
    except psycopg.errors.InsufficientPrivilege:
        return (
            "Who reads is not logged: the publisher may not set log_statement; let the administrator of the serving "
            "database run: grant set on parameter log_statement to the publisher's role, or use pgaudit."
        )
    return None


def forget_old(data: Path, days: int) -> int:
    """Remove the logs of days before the last `days`; the number of files removed."""
    first = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    old = [file for file in (data / FOLDER).glob("????-??-??.*") if file.name[:10] < first]
    for file in old:
        file.unlink()
    return len(old)


def read_log(data: Path, logins: Collection[str]) -> Iterator[Reading]:
    """What the logins did, oldest first.

    Args:
        data: Data folder of the embedded server.
        logins: Whose readings; statements of the publisher are none.
    """
    for file in sorted((data / FOLDER).glob("????-??-??.json")):
        with file.open(encoding="utf-8", errors="replace") as lines:
            for entry in map(_entry, lines):
                reading = _reading(entry) if entry.get("user") in logins else None
                if reading is not None:
                    yield reading


def _entry(line: str) -> dict[str, Any]:
    """A line of the log; nothing for the last one of a server that was killed while it wrote."""
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return entry


def _reading(entry: dict[str, Any]) -> Reading | None:
    who = str(entry["timestamp"]), str(entry["user"]), str(entry.get("remote_host", ""))
    message = str(entry.get("message", ""))
    if entry.get("error_severity") in {"ERROR", "FATAL"}:
        return Reading(*who, "refused", entry.get("statement"), message)
    if message.startswith(_CONNECTED):
        return Reading(*who, "connected")
    if message.startswith(_STATEMENTS):
        return Reading(*who, "asked", message.split(": ", 1)[1])
    return None
