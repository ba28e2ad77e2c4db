"""A PostgreSQL server for tests of the ledger: one for a test process, a database of its own for each test."""

from __future__ import annotations

import atexit
import functools
import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.support.postgres import postgresql

_numbers = itertools.count(1)


@functools.cache
def _server() -> str:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(postgresql())


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database."""
    from sqlalchemy import create_engine, make_url, text

    url = make_url(_server()).set(drivername="postgresql+psycopg")
    name = f"ledger_{next(_numbers)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    try:
        yield url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        admin.dispose()
