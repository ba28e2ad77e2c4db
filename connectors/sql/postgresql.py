"""Rows of PostgreSQL as Arrow batches by its ADBC driver: COPY in binary, no value becomes an object of Python.

Belongs here: that driver. Does not belong here: what is selected (`source`), other databases (dlt's `sql_table`).

A numeric arrives as its own text, whatever its precision; an interval, a column that is empty in all rows, and a
moment with a zone keep their types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as dialect

from connectors.sources.errors import SourceFailed

if TYPE_CHECKING:
    import pyarrow as pa

#: bytes of a batch, some ten thousand rows: larger ones are out of the processor's reach when they are read again
_BATCH = 2 * 2**20
#: Redshift calls itself 8, and keeps no primary key
_KEEPS_KEYS = (10,)
#: types of which two values that differ are two texts
_WRITTEN_APART = (sa.Integer, sa.Uuid, sa.String)
#: whether the rows of other tables are among those of a table, which its primary key knows nothing of
_HAS_HEIRS = sa.text(
    "SELECT EXISTS (SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhparent "
    "WHERE inhparent = to_regclass(:name) AND relkind <> 'p')"
)


def selected(column: sa.Column[Any]) -> Any:
    """A column as it is asked for: a numeric as its text, which the server writes faster than the driver makes it."""
    is_exact = isinstance(column.type, sa.Numeric) and not isinstance(column.type, sa.Float)
    return sa.cast(column, sa.Text).label(column.name) if is_exact else column


def keys_are_distinct(engine: sa.Engine, table: sa.Table, key: Collection[str]) -> bool:
    """Whether the server vouches that no two rows of one query have the same key: the primary key is part of it.

    Args:
        engine: The database.
        table: As the database describes it.
        key: Columns of the key, which become one text: with two texts among them two keys may be written alike.
    """
    columns = [table.c[one] for one in key if one in table.c]
    primary = set(table.primary_key.columns)
    are_kept = (engine.dialect.server_version_info or ()) >= _KEEPS_KEYS
    if not (are_kept and primary and primary.issubset(columns)):
        return False
    texts = sum(isinstance(one.type, sa.String) for one in columns)
    if texts > 1 or not all(isinstance(one.type, _WRITTEN_APART) for one in columns):
        return False
    name = engine.dialect.identifier_preparer.format_table(table)
    with engine.connect() as connection:
        return not connection.scalar(_HAS_HEIRS, {"name": name})


def batches(url: sa.URL, query: sa.Select[Any]) -> Iterator[pa.Table]:
    """The rows of a query.

    Args:
        url: Address of the database, with user and password.
        query: What is selected.

    Raises:
        SourceFailed: The database refused.
    """
    import adbc_driver_manager
    import pyarrow as pa
    from adbc_driver_postgresql import StatementOptions, dbapi  # type: ignore[import-untyped,unused-ignore]

    # as `named`, no percent sign is doubled
    style = dialect.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    text = str(query.compile(dialect=style, compile_kwargs={"literal_binds": True}))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = {StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(_BATCH)}
    try:
        with dbapi.connect(address) as connection, connection.cursor(adbc_stmt_kwargs=options) as cursor:
            cursor.execute(text)
            for batch in cursor.fetch_record_batch():
                yield pa.Table.from_batches([batch])
    except adbc_driver_manager.Error as error:
        raise SourceFailed(_first_line(error)) from None


def _first_line(error: Exception) -> str:
    """The server's words, without those of the driver."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = next((line for line in lines if "ERROR:" in line or "FATAL:" in line), lines[0] if lines else "")
    for word in ("ERROR:", "FATAL:"):
        said = said.rpartition(word)[2]
    return said.strip() or type(error).__name__
