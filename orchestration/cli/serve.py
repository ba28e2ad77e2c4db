"""``incentives serve``: the figures for readers of the serving database.

Belongs here: options and what is printed. Does not belong here: publications (``serving``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console.output import Json, console, echo_json
from orchestration.errors import InputError

if TYPE_CHECKING:
    from orchestration.settings import Settings
    from orchestration.steps.serving_database import Connection
    from serving.server.publish import Served


def serve(
    stop: Annotated[bool, typer.Option("--stop", help="Stop the embedded database.")] = False,
    readings: Annotated[
        bool, typer.Option("--readings", help="Who read what, from the log of the embedded database.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Publish into the serving database, and say how to connect in each role.

    Starts an embedded PostgreSQL on 127.0.0.1 that goes on running, unless INCENTIVES_SERVING_URL names another.
    """
    from orchestration.runtime.access import protected_settings
    from orchestration.steps.serving_database import embedded_server
    from orchestration.steps.serving_database import serve as serve_now

    settings = protected_settings()
    if stop:
        if settings.serving_url is not None:
            raise InputError("INCENTIVES_SERVING_URL names a server of its own; it is not stopped from here")
        embedded_server(settings).stop()
        console().print("The embedded database is stopped; its data are kept.")
        return
    if readings:
        _show_readings(settings, as_json=as_json)
        return
    served, connection = serve_now(settings)
    logins = [
        {"login": one.login, "role": one.role, "employee_id": one.employee_id} for one in served.principals
    ]
    if as_json:
        echo_json(
            {
                "address": connection.address,
                "publication_id": served.publication_id,
                "is_new": served.is_new,
                "passwords": str(settings.serving / "passwords.json") if connection.passwords else None,
                "logins": logins,
                "refused": [{"login": one.login, "why": one.why} for one in served.refused],
            }
        )
        return
    for line in _said(settings, served, connection):
        console().print(line, markup=False, soft_wrap=True)


def _show_readings(settings: Settings, *, as_json: bool) -> None:
    from dataclasses import asdict

    from orchestration.steps.serving_database import readings_of

    found = readings_of(settings)
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    for one in found:
        told = " ".join((one.statement or "").split())
        why = f" ({one.why})" if one.why else ""
        console().print(
            f"{one.at} {one.login} {one.address} {one.event} {told}{why}".rstrip(),
            markup=False,
            soft_wrap=True,
        )
    if not found:
        console().print("Nobody has read the embedded database.")


def _said(settings: Settings, served: Served, connection: Connection) -> Iterator[str]:
    yield f"postgresql://{connection.address}"
    for one in served.principals:
        yield f"  {one.login}: role {one.role}" + (f" of {one.employee_id}" if one.employee_id else "")
    yield from served.troubles
    if not served.principals:
        yield f"No logins: add principals to {settings.access_policy} or deliver them"
    if connection.passwords:
        yield f"Passwords: {settings.serving / 'passwords.json'} (yours alone to read)"
        yield "It goes on running; incentives serve --stop ends it."
