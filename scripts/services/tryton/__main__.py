"""Build the template database (`build`), or start a Tryton to look at until Ctrl-C (`start`)."""

from __future__ import annotations

import contextlib
import signal
import sys

from scripts.services.tryton import TrytonService


def main() -> None:
    """Build, or build and start."""
    with TrytonService() as service:
        if sys.argv[1:] == ["start"]:
            with service.copy() as tryton, contextlib.suppress(KeyboardInterrupt):
                print(f"{tryton.url} database {tryton.database}, {tryton.database_url}")  # noqa: T201
                print(f"REST key: {tryton.seed['key']}; the password of admin is admin-Passw0rd")  # noqa: T201
                signal.pause()


main()
