"""Fetching from a database: dlt's `sql_database` in Arrow batches, each row as JSON text made by DuckDB.

Belongs here: queries, types of columns in JSON. Does not belong here: which resources there are (`connectors.sql`).

Decimals, moments and days are written as text, so that none is rounded; columns keep the names the database gives.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from dlt.sources.sql_database import sql_table

from connectors.common.sql_text import quoted
from connectors.common.warehouse import in_memory
from connectors.sources.configuration.secret_values import Secrets
from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.sentences import sentence_of
from connectors.sources.extraction.spool import Batch
from connectors.sources.model import Finding, Instance, Wanted
from connectors.sql import SqlResource, postgresql
from connectors.sql.column import Column

if TYPE_CHECKING:
    import pyarrow as pa


class SqlExtractor:
    """Reads the resources of one database."""

    def __init__(self, instance: Instance, secrets: Secrets) -> None:
        self.instance, self.secrets = instance, secrets
        try:
            self.engine = sa.create_engine(_with_driver(secrets["url"]), hide_parameters=True)
        except (sa.exc.ArgumentError, ImportError, ValueError) as error:
            raise SourceFailed(
                f"the secret url is no address of a database that can be opened: {error}",
                hint="write it like postgresql://user:password@host/database, and install its driver",
            ) from None
        self.columns: dict[pa.Schema, dict[str, Column]] = {}
        self.rows = in_memory()
        self.rows.execute("SET TimeZone = 'UTC'")

    def pages(self, wanted: Wanted) -> Iterator[Batch]:
        """Batches of rows, with the SQL that makes records of them.

        Raises:
            SourceFailed: The database refused, or a row has no key.
        """
        described: SqlResource = self.instance.connection.resources[wanted.resource.name]
        try:
            table = self._table(wanted.resource.name, described)
            is_postgresql = self.engine.dialect.name == "postgresql"
            distinct = is_postgresql and postgresql.keys_are_distinct(self.engine, table, wanted.resource.key)
            for rows in self._batches(wanted, described, table):
                if rows.num_rows:
                    yield replace(self._batch(rows, wanted), keys_are_distinct=distinct)
        except sa.exc.SQLAlchemyError as error:
            raise SourceFailed(_first_line(error)) from None

    def checks(self) -> Iterator[Finding]:
        """Tries the connection, then one row of each resource."""
        try:
            with self.engine.connect():
                pass
        except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence
            said = sentence_of(error, self.secrets).what
            yield Finding(
                "connection", False, f"the database cannot be reached: {said}", "check the secret url"
            )
            return
        yield Finding("connection", True, "the database can be reached")
        for resource in self.instance.resources:
            try:
                next(self.pages(Wanted(resource, ())), None)
            except Exception as error:  # noqa: BLE001  whatever it is, the reader gets a sentence
                said = sentence_of(error, self.secrets).what
                yield Finding(
                    resource.name, False, f"{resource.name} cannot be read: {said}", resource.permission
                )
            else:
                yield Finding(resource.name, True, f"{resource.name} can be read")

    def _batches(self, wanted: Wanted, described: SqlResource, table: sa.Table) -> Iterator[pa.Table]:
        if self.engine.dialect.name == "postgresql":
            query = _query_of(table, described, wanted, postgresql.selected)
            yield from postgresql.batches(self.engine.url, query)
            return
        resource = sql_table(
            self.engine,
            table=table.name,
            metadata=table.metadata,
            backend="pyarrow",
            chunk_size=self.instance.connection.chunk_size,
            query_adapter_callback=lambda _query, found: _query_of(found, described, wanted),
        )
        yield from resource

    def _table(self, name: str, described: SqlResource) -> sa.Table:
        """The table as the database describes it; for a query one with the columns of its answer."""
        metadata = sa.MetaData(schema=described.schema_name)
        if described.table is not None:
            return sa.Table(described.table, metadata, autoload_with=self.engine, resolve_fks=False)
        with self.engine.connect() as connection:
            answer = connection.execute(
                sa.text(f"SELECT * FROM ({_verbatim(described.query)}) AS q WHERE 1 = 0")
            )
            names = list(answer.keys())
        return sa.Table(name, sa.MetaData(), *(sa.Column(one) for one in names))

    def _batch(self, rows: pa.Table, wanted: Wanted) -> Batch:
        """Rows under short names, which no column of theirs can be taken for."""
        resource = wanted.resource
        if rows.schema not in self.columns:
            self.columns[rows.schema] = self._columns(rows)
        columns = self.columns[rows.schema]
        deleted = None if wanted.keys_only else resource.deleted_flag
        needed = [*resource.key, *([deleted] if deleted else [])]
        if missing := [one for one in needed if one not in columns]:
            raise SourceFailed(f"there is no column {', '.join(missing)}; there are {', '.join(columns)}")
        if any(rows.column(one).null_count for one in resource.key):
            raise SourceFailed(f"a row has no {', '.join(resource.key)}")
        flag = columns[deleted] if deleted else None
        cursor = columns.get(resource.cursor or "")
        return Batch(
            rows.rename_columns([columns[one].short for one in rows.column_names]),
            record_id=" || '|' || ".join(columns[one].key for one in resource.key),
            record=_record(columns),
            is_deleted="false" if flag is None else flag.is_true,
            cursor_value="CAST(NULL AS VARCHAR)" if cursor is None else cursor.text,
            last_cursor=None if cursor is None else self._last(rows.column(resource.cursor), cursor),
            field_types={name: one.json_kind for name, one in columns.items()},
        )

    def _columns(self, rows: pa.Table) -> dict[str, Column]:
        short = [f"c{number}" for number in range(rows.num_columns)]
        self.rows.register("batch", rows.slice(0, 0).rename_columns(short))
        described = self.rows.execute("DESCRIBE batch").fetchall()
        self.rows.unregister("batch")
        return {
            name: Column(str(found[0]), str(found[1]))
            for name, found in zip(rows.column_names, described, strict=True)
        }

    def _last(self, values: pa.ChunkedArray, column: Column) -> str | None:
        """The last value of the cursor as text; rows come in its order."""
        import pyarrow as pa

        self.rows.register("batch", pa.table({column.short: values.drop_null()[-1:]}))
        row = self.rows.execute(f"SELECT {column.text} FROM batch").fetchone()
        self.rows.unregister("batch")
        return None if row is None else str(row[0])


def _with_driver(url: str) -> sa.URL:
    """The address; PostgreSQL without the name of a driver gets the one that is here."""
    made = sa.make_url(url)
    return made.set(drivername="postgresql+psycopg") if made.drivername == "postgresql" else made


def _verbatim(query: str | None) -> str:
    """A query whose colons are no parameters of SQLAlchemy."""
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", query or "")


def _query_of(
    table: sa.Table,
    described: SqlResource,
    wanted: Wanted,
    selected: Callable[[sa.Column[Any]], Any] = lambda column: column,
) -> Any:
    """What is selected: the wanted rows, oldest change first; `selected` says how a column is asked for."""
    columns = [table.c[one] for one in wanted.resource.key] if wanted.keys_only else list(table.c)
    chosen = [one for one in columns if one.name not in described.exclude]
    if described.query is not None:
        inner = sa.text(f"({_verbatim(described.query)}) AS q")
        query = sa.select(*(sa.column(one.name) for one in chosen)).select_from(inner)
    else:
        query = sa.select(*map(selected, chosen))
    if wanted.keys_only or wanted.resource.cursor is None:
        return query
    cursor = table.c[wanted.resource.cursor]
    place = cursor if described.query is None else sa.column(cursor.name)
    if wanted.since is not None:
        query = query.where(place >= _typed(wanted.since, cursor))
    return query.order_by(place)


def _typed(text: str, column: sa.Column[Any]) -> Any:
    """A cursor value in the type of its column."""
    try:
        kind = column.type.python_type
    except NotImplementedError:
        return text
    if kind is dt.datetime:
        return dt.datetime.fromisoformat(text)
    if kind is dt.date:
        return dt.datetime.fromisoformat(text).date()
    return kind(text) if kind in (int, float, Decimal) else text


def _record(columns: dict[str, Column]) -> str:
    """SQL for a row as JSON text, its columns in order of their names."""
    pairs = ", ".join(f"{quoted(name)}, {columns[name].json}" for name in sorted(columns))
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
