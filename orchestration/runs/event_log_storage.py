"""Dagster's SQLite event log without a disk flush for every event.

Belongs here: how the command line writes events to ``HOME/dagster``; the files are those of the stock storage.
Does not belong here: which events there are, any other storage (a ``storage:`` in ``dagster.yaml`` wins).

The stock storage of Dagster 1.13.27 opens a connection for each event, commits with a flush and closes again: 737
events of a small run took 30 s, the 2,000 of a full one would take over a minute (measured 2026-11). Here a
connection stays open for each file and SQLite flushes at checkpoints. A power cut may lose the last events of a run,
never the consistency of the file.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool


class KeptOpenEventLog(SqliteEventLogStorage):
    """The stock SQLite event log over connections that stay open."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "KeptOpenEventLog":
        """Make it of its configuration, as Dagster's instance does."""
        return cls(inst_data=inst_data, **config_value)

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": 30, "check_same_thread": False},
            )
            event.listen(engine, "connect", _flush_at_checkpoints)
            self._initdb(engine)
            self._engines[shard] = engine
        return self._engines[shard]

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close all connections."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _flush_at_checkpoints(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("pragma synchronous = normal")
