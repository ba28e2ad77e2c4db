"""Tables and triggers of the ledger's database, and the settings of its connections."""

from __future__ import annotations

import functools
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Engine, Table

_SQLITE_TRIGGERS = tuple(
    f"create trigger if not exists ledger_entries_no_{verb} before {verb} on ledger_entries "
    "begin select raise(abort, 'entries of the ledger are only added'); end"
    for verb in ("update", "delete")
)
_REFUSE = (
    "create or replace function ledger_entries_are_only_added() returns trigger language plpgsql as "
    "$$ begin raise exception 'entries of the ledger are only added'; end $$"
)
_BEFORE_CHANGE = (
    "create or replace trigger ledger_entries_no_change before update or delete or truncate on ledger_entries "
    "for each statement execute function ledger_entries_are_only_added()"
)
_LOCK_WAIT_SECONDS = 30
_TRIES = 5


@functools.cache
def ENTRIES() -> Table:  # noqa: N802  (a table, made when SQLAlchemy is needed)
    """The table of entries."""
    from sqlalchemy import Column, Integer, MetaData, Table, Text

    return Table(
        "ledger_entries",
        MetaData(),
        Column("sequence", Integer, primary_key=True, autoincrement=False),
        Column("period", Text, nullable=False),
        Column("event", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("by", Text, nullable=False),
        Column("lines_hash", Text),
        Column("previous_hash", Text, unique=True, nullable=False),
        Column("entry_hash", Text, unique=True, nullable=False),
        Column("plan_hashes", Text, nullable=False),
        Column("input_hash", Text),
        Column("code_version", Text),
        Column("subject", Text),
        Column("note", Text),
        Column("details", Text, nullable=False),
    )


def make_engine(address: str | Path) -> Engine:
    """The engine of a ledger's database.

    Args:
        address: SQLite file, or the URL of a PostgreSQL database.

    Raises:
        LedgerError: The address names another kind of database, or a driver is missing.
    """
    from sqlalchemy import create_engine, event, make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    if isinstance(address, Path):
        address.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{address}", connect_args={"timeout": _LOCK_WAIT_SECONDS})
        event.listen(engine, "connect", _sqlite_settings)
        return engine
    try:
        url = make_url(address)
        if url.get_backend_name() != "postgresql":
            raise LedgerError(
                f"INCENTIVES_LEDGER_URL names a {url.get_backend_name()} database",
                hint="write postgresql://LOGIN@HOST/DATABASE, or leave it out for a file in the home",
            )
        return create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="SERIALIZABLE")
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise LedgerError(
            f"INCENTIVES_LEDGER_URL cannot be used: {error}",
            hint="write postgresql://LOGIN@HOST/DATABASE",
        ) from error


def _sqlite_settings(connection: Any, _record: Any) -> None:
    """Transactions begin where this package says (`begin immediate`), and what is committed is on the disk."""
    connection.isolation_level = None
    connection.execute("pragma journal_mode = delete")
    connection.execute("pragma synchronous = full")


def make_tables(engine: Engine) -> None:
    """Make tables and triggers that are missing; of several processes that do so at once one succeeds."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import DBAPIError

    for attempt in range(_TRIES):
        names = set(inspect(engine).get_table_names())
        if {"ledger_head", ENTRIES().name} <= names:
            return
        try:
            _make(engine)
        except DBAPIError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(0.1)


def _make(engine: Engine) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if is_sqlite:
            connection.exec_driver_sql("begin immediate")
        ENTRIES().create(connection, checkfirst=True)
        connection.exec_driver_sql(
            "create table if not exists ledger_head (only_one integer primary key check (only_one = 1), "
            "sequence integer not null, entry_hash text not null)"
        )
        for statement in _SQLITE_TRIGGERS if is_sqlite else (_REFUSE, _BEFORE_CHANGE):
            connection.exec_driver_sql(statement)
        connection.commit()
