"""The made-up company in an embedded PostgreSQL, with a URL for each login.

Belongs here: starting it, publishing versions of the company into it. Does not belong here: what the company is and who
may see what of it (``served_company``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from serving.server.embedded import EmbeddedServer
from serving.server.publish import Served, publish_to_server
from tests.support.served_company import PERSONAL, POLICY, url_as, write_snapshot


@dataclass(frozen=True)
class ServedCompany:
    """A running server with a publication.

    Attributes:
        server: The server.
        url: Of its owner.
        policy: The policy file.
        logins: URL by login.
        folder: Where snapshots lie.
    """

    server: EmbeddedServer
    url: str
    policy: Path
    logins: Mapping[str, str]
    folder: Path

    def snapshot(self, version: int, name: str | None = None) -> Path:
        """A publication of a version: `v7`; the version is added to every payout."""
        return write_snapshot(self.folder / (name or f"v{version}"), version)

    def publish(self, publication: Path) -> Served:
        """Publish it."""
        return publish_to_server(self.url, publication, self.policy, PERSONAL)


@contextmanager
def served_company(folder: Path, policy: str = POLICY) -> Iterator[ServedCompany]:
    """The company, published as `v0`."""
    server = EmbeddedServer(folder / "serving")
    url = server.start()
    try:
        file = folder / "access.yml"
        file.write_text(policy, encoding="utf-8")
        first = ServedCompany(server, url, file, {}, folder)
        served = first.publish(first.snapshot(0))
        passwords = server.give_passwords(url, [one.login for one in served.principals])
        logins = {login: url_as(url, login, password) for login, password in passwords.items()}
        yield ServedCompany(server, url, file, logins, folder)
    finally:
        server.stop()
        shutil.rmtree(server.data)  # root's lie outside of the folder
