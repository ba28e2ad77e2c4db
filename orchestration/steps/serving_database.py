"""The publication into the serving database: of a server that is named, or of the embedded one while it runs.

Belongs here: which database, and the call of ``serving.server``. Does not belong here: what it holds (``serving``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.books.access_changes import note_access
from orchestration.errors import InputError
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.transformation.manifest import personal_columns

if TYPE_CHECKING:
    from serving.server.embedded import EmbeddedServer
    from serving.server.publish import Served
    from serving.server.readings import Reading


@dataclass(frozen=True)
class Connection:
    """How to reach the serving database.

    Attributes:
        address: Host, port and database, without any password.
        passwords: By login; none of a server that is not ours.
    """

    address: str
    passwords: dict[str, str]


def embedded_server(settings: Settings) -> EmbeddedServer:
    """The embedded server of the home, running or not."""
    from serving.server.embedded import EmbeddedServer

    return EmbeddedServer(settings.serving)


def has_serving_database(settings: Settings) -> bool:
    """Whether there can be one: it is named, or the embedded one was started once."""
    return settings.serving_url is not None or settings.serving.exists()


def publish_current(settings: Settings) -> Served | None:
    """Publish the current publication into the serving database.

    Returns:
        None when there is no such database: none is named and the embedded one does not run.

    Raises:
        ServerError: The database refuses or cannot be reached.
        AccessPolicyError: The access policy does not fit the marts.
    """
    if settings.serving_url is not None:
        return _publish(settings, settings.serving_url.get_secret_value())
    if not has_serving_database(settings):
        return None
    from serving.server.readings import forget_old

    server = embedded_server(settings)
    running = server.url_if_running()
    if running is None:
        return None
    forget_old(server.data, settings.readings_days)
    return _publish(settings, running, embedded=True)


def serve(settings: Settings) -> tuple[Served, Connection]:
    """Start the embedded server unless another is named, publish what is current, give its logins passwords.

    Raises:
        NothingPublishedError: There is no publication.
        ServerError: The server does not start or refuses.
        AccessPolicyError: The access policy does not fit the marts.
    """
    if settings.serving_url is not None:
        url = settings.serving_url.get_secret_value()
        return _publish(settings, url), Connection(_address(url), {})
    from serving.server.readings import forget_old

    server = embedded_server(settings)
    url = server.start()
    forget_old(server.data, settings.readings_days)
    served = _publish(settings, url, embedded=True)
    passwords = server.give_passwords(url, [one.login for one in served.principals])
    return served, Connection(_address(url), passwords)


def readings_of(settings: Settings) -> list[Reading]:
    """Who read what in the embedded database, oldest first; of every login that has ever had a password.

    Raises:
        InputError: There is no embedded database: it was never started, or another server is named.
    """
    from serving.server.readings import read_log

    server = embedded_server(settings)
    if settings.serving_url is not None or not server.passwords.exists():
        raise InputError(
            "there is no embedded database whose log could be read: run incentives serve first. "
            "A server of your own keeps its own log, see docs/serving.md"
        )
    return list(read_log(server.data, server.readers()))


def _publish(settings: Settings, url: str, *, embedded: bool = False) -> Served:
    from serving.publication.reading import publication_to_read
    from serving.server.publish import publish_to_server

    personal = {
        table.removeprefix("marts."): columns
        for table, columns in personal_columns(settings).items()
        if table.startswith("marts.")
    }
    served = publish_to_server(
        url,
        publication_to_read(settings.published).resolve(),
        settings.access_policy,
        personal,
        trial_logins=embedded,
    )
    note_access(settings, served.policy_sha256)
    rows = sum(served.tables.values())
    emit(
        "serve",
        "note",
        f"{len(served.tables)} tables, {rows:,} rows in the serving database"
        if served.is_new
        else "nothing new",
    )
    return served


def _address(url: str) -> str:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', 5432)}/{parts.get('dbname', '')}"
