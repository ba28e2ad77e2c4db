"""A PostgreSQL of a test's own on a free port of loopback: the embedded one of the pipeline; it goes with its folder.

Belongs here: starting and ending it. Does not belong here: what it holds.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.server.embedded import EmbeddedServer


@contextmanager
def postgresql(*settings: str) -> Iterator[str]:
    """The address of an empty database, as libpq and SQLAlchemy's psycopg want it: ``postgresql://…``.

    Args:
        settings: Of the server, such as ``shared_buffers=512MB``.
    """
    server = EmbeddedServer(Path(tempfile.mkdtemp(prefix="incentives-postgresql-")))
    try:
        yield server.start("fsync=off", *settings)
    finally:
        server.stop()
        for folder in {server.data, server.folder}:
            shutil.rmtree(folder, ignore_errors=True)
