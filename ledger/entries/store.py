"""The database of the ledger, through SQLAlchemy: SQLite beside the home, or PostgreSQL by its address.

Entries are only added. The number and the hash of the entry before are unique, the transaction is serialisable, and
triggers refuse to change or remove a row: of two writers at once one is first, and the other decides again on what the
first has written. A crash leaves the whole entry or none.

Belongs here: tables, transactions, who the writer is. Does not belong here: which entry is allowed (``life``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.entries.entry import Draft, Entry, Event, canonical, chained
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

#: what a writer decides, given all entries so far; None: there is nothing to write
Decide = Callable[[Sequence[Entry]], Draft | None]
_TRIES = 8
#: what SQLite says of a file that is not what it wrote
_DAMAGE = ("not a database", "malformed", "decode", "no such")
_JSON = ("plan_hashes", "details")
_COLUMNS = (
    *("sequence", "period", "event", "at", "by", "lines_hash", "previous_hash", "entry_hash", "plan_hashes"),
    *("input_hash", "code_version", "subject", "note", "details"),
)


class Ledger:
    """The entries of one ledger.

    Args:
        engine: Of its database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def is_server(self) -> bool:
        """Whether a database server keeps it, which knows who is logged in."""
        return self._engine.dialect.name != "sqlite"

    def entries(self) -> tuple[Entry, ...]:
        """All entries in their order.

        Raises:
            LedgerError: The database cannot be read.
        """
        with _readable(self._engine), self._begin() as connection:
            return _read(connection)

    def whole(self) -> tuple[tuple[Entry, ...], tuple[int, str] | None]:
        """All entries in their order, and number and hash of the last one as kept beside them; None before the first.

        Both of one moment: a writer between two questions would look like somebody who tampers.

        Raises:
            LedgerError: The database cannot be read.
        """
        from sqlalchemy import text

        with _readable(self._engine), self._begin() as connection:
            entries = _read(connection)
            row = connection.execute(text("select sequence, entry_hash from ledger_head")).fetchone()
        return entries, (int(row[0]), str(row[1])) if row else None

    def login(self) -> str | None:
        """The login at the database server; None where the ledger is a file."""
        from sqlalchemy import text

        if not self.is_server:
            return None
        with self._begin() as connection:
            return str(connection.execute(text("select session_user")).scalar_one())

    def append(self, decide: Decide) -> Entry | None:
        """Add the entry that is decided on, given what is there at that moment.

        Args:
            decide: Returns the entry to write, None for none, or raises; called again when another writer was first.

        Raises:
            NotAllowedError: What `decide` raises.
            LedgerError: The database could not be written.
        """
        from sqlalchemy.exc import DBAPIError

        for attempt in range(_TRIES):
            try:
                with self._begin(write=True) as connection:
                    entries = _read(connection)
                    draft = decide(entries)
                    if draft is None:
                        return None
                    entry = chained(draft, entries[-1] if entries else None, _now())
                    _insert(connection, entry)
                    return entry
            except (DBAPIError, UnicodeDecodeError) as error:
                if attempt == _TRIES - 1:
                    raise _trouble(self._engine, "written", error) from error
                time.sleep(0.05 * (attempt + 1))
        return None

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _begin(self, *, write: bool = False) -> Iterator[Connection]:
        from sqlalchemy import text

        with self._engine.connect() as connection:
            if not self.is_server:
                connection.exec_driver_sql("begin immediate" if write else "begin")
            elif not write:
                connection.execute(text("set transaction read only"))
            with connection.begin() if not connection.in_transaction() else _committed(connection):
                yield connection


@contextmanager
def _committed(connection: Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def _readable(engine: Engine) -> Iterator[None]:
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except (DBAPIError, UnicodeDecodeError) as error:
        raise _trouble(engine, "read", error) from error


def _trouble(engine: Engine, verb: str, error: Exception) -> LedgerError:
    """The error for a database that cannot be used; a file that is damaged is no mistake of who asks."""
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    is_file = engine.dialect.name == "sqlite"
    if is_file and any(word in said for word in _DAMAGE):
        return LedgerError(
            f"the ledger cannot be {verb}: the file is damaged ({said})",
            where=str(engine.url.database),
            hint="restore it from a backup; without it nobody knows what is locked",
            exit_code=1,
        )
    return LedgerError(
        f"the ledger cannot be {verb}: {said}",
        where=str(engine.url.database) if is_file else engine.url.render_as_string(hide_password=True),
        hint="another writer may hold it: try again. See that the file and its folder can be written"
        if is_file
        else "see that the database runs and lets this login in; another writer may hold it: try again",
    )


@contextmanager
def open_ledger(address: str | Path) -> Iterator[Ledger]:
    """A ledger, made when it is not there.

    Args:
        address: SQLite file, or the URL of a PostgreSQL database.

    Raises:
        LedgerError: It cannot be opened.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from ledger.entries.database import make_engine, make_tables

    engine = make_engine(address)
    try:
        make_tables(engine)
    except (SQLAlchemyError, UnicodeDecodeError) as error:
        engine.dispose()
        raise _trouble(engine, "opened", error) from error
    ledger = Ledger(engine)
    try:
        yield ledger
    finally:
        ledger.close()


def _read(connection: Connection) -> tuple[Entry, ...]:
    from ledger.entries.database import ENTRIES

    table = ENTRIES()
    rows = connection.execute(table.select().order_by(table.c.sequence)).mappings().all()
    return tuple(_entry(dict(row)) for row in rows)


def _entry(row: dict[str, Any]) -> Entry:
    """An entry of a row; what was tampered with beyond reading stays as it is and does not give its hash."""
    for name in _JSON:
        try:
            row[name] = json.loads(row[name])
        except (TypeError, ValueError):
            row[name] = {"unreadable": str(row[name])}
    try:
        row["event"] = Event(row["event"])
    except ValueError:
        row["details"] = {"unreadable event": row["event"]}
        row["event"] = Event.RESOLUTION
    return Entry(**row)


def _insert(connection: Connection, entry: Entry) -> None:
    from sqlalchemy import text

    from ledger.entries.database import ENTRIES

    values = {name: getattr(entry, name) for name in _COLUMNS}
    values |= {name: canonical(dict(values[name])) for name in _JSON} | {"event": entry.event.value}
    connection.execute(ENTRIES().insert().values(values))
    head = {"sequence": entry.sequence, "entry_hash": entry.entry_hash}
    changed = connection.execute(
        text("update ledger_head set sequence = :sequence, entry_hash = :entry_hash"), head
    )
    if changed.rowcount == 0:
        connection.execute(text("insert into ledger_head values (1, :sequence, :entry_hash)"), head)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
