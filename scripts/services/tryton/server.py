"""Build, copy and start Tryton.

    environment → template database (modules, then `seeding.py`) → a copy for each test → trytond on a free port

Belongs here: that. Does not belong here: what the company is (`seeding.py`), PostgreSQL itself (`postgres`).
"""

from __future__ import annotations

import base64
import json
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from scripts.services.postgres import PrivatePostgres
from scripts.services.processes import (
    SERVICES,
    ServiceFailed,
    end,
    free_port,
    make_environment,
    mark_of,
    run,
    start,
    wait_until,
)

_HERE = Path(__file__).parent
_MODULES = ("sale_opportunity", "sale_history", "account_invoice_stock", "product_cost_history")
ADMIN_PASSWORD = "admin-Passw0rd"


class TrytonService:
    """The private PostgreSQL with the template database; made when it is used for the first time (minutes).

    Use it as a context manager, and `copy()` for each test.
    """

    def __init__(self, folder: Path = SERVICES) -> None:
        self.programs = folder / f"tryton-environment-{_mark('requirements.txt')}" / "bin"
        self.folder = folder / f"tryton-{_mark('requirements.txt')}"
        self.template = f"template_{_mark('requirements.txt', 'seeding.py')}"
        self._copies = 0

    def __enter__(self) -> Self:
        make_environment(self.programs.parent, _HERE / "requirements.txt")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.postgres = PrivatePostgres(self.folder, self.programs).__enter__()
        try:
            self.seed: dict[str, Any] = json.loads(self._seeded())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.postgres.__exit__()

    def copy(self) -> Tryton:
        """A Tryton of one's own, as the template is."""
        self._copies += 1
        return Tryton(self, f"tryton_{self._copies}_{free_port()}")

    def configuration(self, port: int) -> Path:
        """Tryton's configuration for a server on a port."""
        path = self.folder / f"trytond-{port}.conf"
        path.write_text(
            f"[database]\nuri = {self.postgres.url('').rstrip('/')}\npath = {self.folder / 'files'}\n"
            f"[web]\nlisten = 127.0.0.1:{port}\n",
            encoding="utf-8",
        )
        return path

    def _seeded(self) -> str:
        """What the seeding said; the template database is there then."""
        said = self.folder / f"{self.template}.json"
        if said.exists():
            return said.read_text(encoding="utf-8")
        configuration = self.configuration(0)
        self.postgres.drop_database(self.template)
        self.postgres.copy_database(self._with_modules(configuration), self.template)
        # the modules choose their kind of database when they are imported: the configuration has to be known by then
        env = {"TRYTOND_CONFIG": str(configuration)}
        url = self.postgres.url(self.template)
        text = run([self.programs / "python", _HERE / "seeding.py", configuration, url], env=env)
        found = next(line for line in text.splitlines() if line.startswith("{"))
        said.write_text(found, encoding="utf-8")
        return found

    def _with_modules(self, configuration: Path) -> str:
        """A database with the modules and nothing else; the longest step, so it is kept by itself."""
        name, ready = "tryton_modules", self.folder / "modules"
        if ready.exists():
            return name
        self.postgres.drop_database(name)
        self.postgres.sql(f'CREATE DATABASE "{name}"')
        password = self.folder / "password"
        password.write_text(ADMIN_PASSWORD, encoding="utf-8")
        admin = [self.programs / "trytond-admin", "-c", configuration, "-d", name]
        env = {"TRYTONPASSFILE": str(password)}
        run([*admin, "--all", "--email", "admin@example.com", "-l", "en"], env=env)
        run([*admin, "-u", *_MODULES, "--activate-dependencies"], env=env)
        ready.touch()
        return name


@dataclass
class Tryton:
    """A running Tryton with a database of its own; use it as a context manager.

    Attributes:
        service: Where the database is.
        database: Name of the database.
    """

    service: TrytonService
    database: str

    def __enter__(self) -> Self:
        self.service.postgres.copy_database(self.service.template, self.database)
        self.port = free_port()
        configuration = self.service.configuration(self.port)
        log = self.service.folder / f"{self.database}.log"
        # without -d every call is answered by an error: the database would not be loaded
        command = [self.service.programs / "trytond", "-c", configuration, "-d", self.database]
        self.process: subprocess.Popen[bytes] = start(command, log)
        wait_until(self._answers, "trytond", log)
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process)
        self.service.configuration(self.port).unlink()
        self.service.postgres.drop_database(self.database)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Address of its database for SQLAlchemy."""
        return self.service.postgres.url(self.database, "postgresql+psycopg")

    @property
    def seed(self) -> dict[str, Any]:
        """The key for REST, and ids by name."""
        return self.service.seed

    def call(self, method: str, path: str, data: Any = None) -> Any:
        """Tryton's own REST, as a user who confirms its warnings: `call("POST", "sale.opportunity/3/lost")`.

        Raises:
            ServiceFailed: Tryton refused.
        """
        context = json.dumps({"company": self.seed["company"], "_skip_warnings": True}).encode()
        request = urllib.request.Request(
            f"{self.url}/{self.database}/rest/model/{path}",
            method=method,
            data=json.dumps(data or {}).encode() if method in ("POST", "PUT") else None,
            headers={
                "Authorization": f"bearer {self.seed['key']}",
                "Content-Type": "application/json",
                "X-Tryton-Context": base64.urlsafe_b64encode(context).decode(),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read()
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise ServiceFailed(
                f"{method} {path}: HTTP {error.code} {' '.join(said.split())[:500]}"
            ) from None
        return json.loads(body) if body else None

    def _answers(self) -> bool:
        try:
            self.call("GET", "res.user?s=1")
        except (urllib.error.URLError, ConnectionError, ServiceFailed):
            return False
        return True


def _mark(*names: str) -> str:
    return mark_of(*(_HERE / name for name in names))
