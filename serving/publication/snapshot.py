"""The DuckDB snapshot: every mart as a table with its descriptions, its primary key and what is never NULL.

Belongs here: the tables of `incentives.duckdb`. Does not belong here: the Parquet files (`parquet.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from serving.database import literal, quoted
from serving.errors import PublicationError
from serving.publication.documents import UNDESCRIBED, Documents, MartDocument

if TYPE_CHECKING:
    import duckdb

SNAPSHOT = "incentives.duckdb"
_COLUMNS = """
    select table_name, column_name, data_type from duckdb_columns()
    where database_name = 'warehouse' and schema_name = 'marts' order by table_name, column_index
"""
#: SQLAlchemy's reflection (duckdb-engine 0.17) casts names to this PostgreSQL type, which DuckDB 1.5 lacks
_FOR_REFLECTION = "create type regclass as varchar"


def copy_marts(
    connection: "duckdb.DuckDBPyConnection", warehouse: Path, documents: Documents
) -> dict[str, list[str]]:
    """Copy all marts of a warehouse into the database that is open.

    Args:
        connection: To the new snapshot.
        warehouse: DuckDB file with a schema `marts`.
        documents: What is known of the marts, by name.

    Returns:
        The columns of each in order, marts sorted by name.

    Raises:
        PublicationError: there is no mart, or rows of one do not have the key that its yml promises.
    """
    connection.execute(f"attach {literal(str(warehouse))} as warehouse (read_only)")
    marts: dict[str, dict[str, str]] = {}
    for mart, column, kind in connection.execute(_COLUMNS).fetchall():
        marts.setdefault(mart, {})[column] = kind
    if not marts:
        raise PublicationError(f"{warehouse} has no marts", "Run the pipeline first: incentives run.")
    connection.execute(_FOR_REFLECTION)
    connection.execute("create schema marts")
    for mart, columns in marts.items():
        _copy(connection, mart, columns, documents.get(mart, UNDESCRIBED))
    connection.execute("detach warehouse")
    connection.execute("checkpoint")
    return {mart: list(columns) for mart, columns in marts.items()}


def _copy(
    connection: "duckdb.DuckDBPyConnection", mart: str, columns: Mapping[str, str], document: MartDocument
) -> None:
    import duckdb

    table = f"marts.{quoted(mart)}"
    parts = [
        f"{quoted(name)} {kind}{' not null' if name in document.required else ''}"
        for name, kind in columns.items()
    ]
    connection.execute(f"create table {table} ({', '.join(parts)})")
    try:
        connection.execute(f"insert into {table} from warehouse.{table} order by all")
        if document.primary_key:  # behind the rows: an index is made in half the time it is kept up in
            key = ", ".join(map(quoted, document.primary_key))
            connection.execute(f"alter table {table} add primary key ({key})")
    except duckdb.ConstraintException as error:
        raise PublicationError(
            f"rows of marts.{mart} are not what its yml promises: {error}",
            "Nothing was published; correct the tests or the constraints of the model, and run again.",
        ) from error
    connection.begin()  # else each comment is written out by itself
    for comment in _comments(table, columns, document):
        connection.execute(comment)
    connection.commit()


def _comments(table: str, columns: Iterable[str], document: MartDocument) -> Iterator[str]:
    if document.description:
        yield f"comment on table {table} is {literal(document.description)}"
    for name in columns:
        if document.columns.get(name):
            yield f"comment on column {table}.{quoted(name)} is {literal(document.columns[name])}"
