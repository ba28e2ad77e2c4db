"""Install, start, fill and end Superset.

    environment → its database (SQLite) and an administrator, once → gunicorn on a free port → a dashboard a role

Belongs here: that. Does not belong here: what is drawn (`bundle`, `bi/superset`), who may read what (the database).
"""

from __future__ import annotations

import json
import secrets
import subprocess
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

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
from scripts.services.superset.bundle import Bundle

_HERE = Path(__file__).parent
ADMIN = "admin"


class Superset:
    """A running Superset; use it as a context manager. It is installed when it is used for the first time (minutes).

    Args:
        folder: Where its environment lies.
        home: Its database, passwords and log; one beside the environment when not said.
    """

    def __init__(self, folder: Path = SERVICES, home: Path | None = None) -> None:
        mark = mark_of(_HERE / "requirements.txt")
        self.programs = folder / f"superset-environment-{mark}" / "bin"
        self.home = home or folder / f"superset-{mark}"
        self.port = 0

    def __enter__(self) -> Self:
        make_environment(self.programs.parent, _HERE / "requirements.txt")
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)  # its database holds passwords of logins
        self._set_up()
        self.port = free_port()
        log = self.home / "log"
        gunicorn = [self.programs / "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--timeout", "120"]
        kind = ["--worker-class", "gthread", "--threads", "8", "superset.app:create_app()"]
        self.process: subprocess.Popen[bytes] = start([*gunicorn, *kind], log, self._environment)
        try:
            wait_until(self._answers, "Superset", log, 120)
            self.client = self._logged_in()
        except BaseException:
            end(self.process)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        end(self.process)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """Of its administrator."""
        return self._secret("admin_password")

    def import_for(self, role: str, url: str, bundle: Bundle) -> Bundle:
        """Import what a login may read, with the login as its connection; what was imported.

        Args:
            role: Name of the role; each has a dashboard of its own.
            url: Of the login, with its password.
            bundle: The whole bundle.
        """
        made = bundle.readable_by(url).named_for(role, url)
        password = json.dumps({"databases/incentives.yaml": urlsplit(url).password})
        self.ask(
            "POST",
            "assets/import/",  # replaces what is there; importing a dashboard would leave its charts as they were
            files={"bundle": ("incentives.zip", made.zipped(), "application/zip")},
            data={"passwords": password},
        )
        return made

    def rows_of(self, chart: dict[str, Any]) -> list[dict[str, Any]]:
        """What a chart of an imported bundle gets from the database.

        Raises:
            ServiceFailed: Its query fails.
        """
        found = self.ask(
            "GET", "chart/", params={"q": f"(filters:!((col:uuid,opr:eq,value:'{chart['uuid']}')))"}
        )
        (number,) = found["ids"]
        (result,) = self.ask("GET", f"chart/{number}/data/")["result"]
        rows: list[dict[str, Any]] = result["data"]
        return rows

    def ask(self, method: str, path: str, **said: Any) -> Any:
        """Superset's API.

        Raises:
            ServiceFailed: It refused.
        """
        answer = self.client.request(method, f"/api/v1/{path}", **said)
        if answer.is_error:
            raise ServiceFailed(f"{method} {path}: HTTP {answer.status_code} {answer.text[:2000]}")
        return answer.json()

    def screenshot(self, slug: str, target: Path) -> None:
        """The picture of a dashboard with all its charts, as PNG.

        Raises:
            ServiceFailed: There is no Chromium, or a chart shows an error.
        """
        env = {"SUPERSET_PASSWORD": self.password}
        page = f"{self.url}/superset/dashboard/{slug}/?standalone=1&expand_filters=0"
        run([self.programs / "python", _HERE / "screenshot.py", self.url, page, target.resolve()], env=env)

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "SUPERSET_HOME": str(self.home),
            "SUPERSET_CONFIG_PATH": str(_HERE / "superset_config.py"),
            "FLASK_APP": "superset",
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def _set_up(self) -> None:
        """Its database with an administrator; done again when it was interrupted."""
        ready = self.home / "ready"
        self._secret("secret_key")
        if ready.exists():
            return
        (self.home / "superset.db").unlink(missing_ok=True)
        superset = self.programs / "superset"
        names = ["--firstname", "Incentives", "--lastname", "Admin", "--email", "admin@example.com"]
        run([superset, "db", "upgrade"], env=self._environment)
        run(
            [superset, "fab", "create-admin", "--username", ADMIN, *names, "--password", self.password],
            env=self._environment,
        )
        run([superset, "init"], env=self._environment)
        ready.touch()

    def _secret(self, name: str) -> str:
        path = self.home / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(42), encoding="utf-8")
        return path.read_text(encoding="utf-8")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def _logged_in(self) -> httpx.Client:
        client = httpx.Client(base_url=self.url, timeout=300, trust_env=False, headers={"Referer": self.url})
        who = {"username": ADMIN, "password": self.password, "provider": "db"}
        said = client.post("/api/v1/security/login", json=who)
        client.headers["Authorization"] = f"Bearer {said.raise_for_status().json()['access_token']}"
        token = client.get("/api/v1/security/csrf_token/").raise_for_status().json()["result"]
        client.headers["X-CSRFToken"] = token
        return client
