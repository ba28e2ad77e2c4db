"""The published marts as tables of PostgreSQL: their types, keys, joins and comments.

Belongs here: reading a snapshot's catalogue and the statements that make its tables. Does not belong here: rows
(``loading``), who sees them (``security``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

from serving.database import literal, quoted
from serving.errors import PublicationError

if TYPE_CHECKING:
    import duckdb

_TYPES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "HUGEINT": "numeric(38,0)",
    "UINTEGER": "bigint",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
PUBLICATION = "publication_id"


@dataclass(frozen=True)
class Table:
    """One mart of a snapshot.

    Attributes:
        name: Of the mart.
        columns: DuckDB type by column, in order.
        required: Columns that are never NULL.
        key: Primary key; empty when it has none.
        comment: What it says of itself.
        comments: The same by column.
        rows: About how many there are.
    """

    name: str
    columns: Mapping[str, str]
    required: frozenset[str]
    key: tuple[str, ...]
    comment: str
    comments: Mapping[str, str]
    rows: int = 0


def read_tables(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """The marts of an opened snapshot, by name."""
    described = connection.execute(
        "select table_name, comment, estimated_size from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'marts' order by table_name"
    ).fetchall()
    columns: dict[str, list[tuple[str, str, bool, str | None]]] = {}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'marts' order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, []).append((column[0], column[1], column[2], column[3]))
    keys = dict(
        connection.execute(
            "select table_name, constraint_column_names from duckdb_constraints() "
            "where database_name = current_database() and schema_name = 'marts' "
            "and constraint_type = 'PRIMARY KEY'"
        ).fetchall()
    )
    return [
        Table(
            name,
            {column: kind for column, kind, _, _ in columns[name]},
            frozenset(column for column, _, nullable, _ in columns[name] if not nullable),
            tuple(keys.get(name, ())),
            comment or "",
            {column: said for column, _, _, said in columns[name] if said},
            rows,
        )
        for name, comment, rows in described
    ]


def postgres_type(kind: str) -> str:
    """The PostgreSQL type of a DuckDB type.

    Raises:
        PublicationError: There is none.
    """
    if match := _DECIMAL.fullmatch(kind):
        return f"numeric({match[1]},{match[2]})"
    if kind.endswith("[]"):
        return f"{postgres_type(kind.removesuffix('[]'))}[]"
    if kind not in _TYPES:
        raise PublicationError(
            f"the serving database has no type for {kind}", "Give the column of the mart a type of SQL."
        )
    return _TYPES[kind]


def create_table(schema: str, table: Table, publication_id: str) -> sql.Composed:
    """The statement that makes a table; every row says of which publication it is."""
    parts = [
        sql.SQL("{} {}{}").format(
            sql.Identifier(name),
            sql.SQL(postgres_type(kind)),
            sql.SQL(" not null" if name in table.required else ""),
        )
        for name, kind in table.columns.items()
    ]
    parts.append(
        sql.SQL("{} text not null default {}").format(
            sql.Identifier(PUBLICATION), sql.Literal(publication_id)
        )
    )
    return sql.SQL("create table {}.{} ({})").format(
        sql.Identifier(schema), sql.Identifier(table.name), sql.SQL(", ").join(parts)
    )


def finish_table(schema: str, table: Table) -> Iterator[sql.Composed]:
    """Key and comments, behind the rows."""
    name = sql.SQL("{}.{}").format(sql.Identifier(schema), sql.Identifier(table.name))
    if table.key:
        key = sql.SQL(", ").join(map(sql.Identifier, table.key))
        yield sql.SQL("alter table {} add primary key ({})").format(name, key)
    if "employee_id" in table.columns and table.key[:1] != ("employee_id",):
        yield sql.SQL("create index on {} (employee_id)").format(name)
    if table.comment:
        yield sql.SQL("comment on table {} is {}").format(name, sql.Literal(table.comment))
    for column, said in table.comments.items():
        yield sql.SQL("comment on column {}.{} is {}").format(name, sql.Identifier(column), sql.Literal(said))


def joins(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> Iterator[tuple[str, str, str]]:
    """Joins to draw: table, column, and the table whose whole key that column is and whose rows it always finds."""
    targets = {table.key[0]: table.name for table in tables if len(table.key) == 1}
    kinds = {(table.name, column): kind for table in tables for column, kind in table.columns.items()}
    for table in tables:
        for column in table.columns:
            target = targets.get(column)
            if target in (None, table.name) or kinds[table.name, column] != kinds[str(target), column]:
                continue
            lost = connection.execute(
                f"select 1 from marts.{quoted(table.name)} anti join marts.{quoted(str(target))} "
                f"using ({quoted(column)}) where {quoted(column)} is not null limit 1"
            ).fetchone()
            if lost is None:
                yield table.name, column, str(target)


def reporting_lines() -> str:
    """The query of who stands above whom in which period: ``manager_id``, ``employee_id``, ``period``, by manager.

    A period's line is the one in force on the employee's last day in it; a quarter and a year have the lines of their
    last month. A loop of managers ends where it closes. Period ``now`` is the last month.
    """
    months = "select period, period as month from marts.dim_period"
    longer = " union all ".join(
        f"select {label}, max(period) from marts.dim_period group by {label}"
        for label in ("quarter", "cast(year as varchar)")
    )
    return f"""
        with recursive labels as (
            {months} union all {longer} union all select {literal("now")}, max(period) from marts.dim_period
        ),
        managers as (
            select people.employee_id, periods.period as month, people.manager_id
            from marts.dim_employee as people
            inner join marts.dim_period as periods
                on people.valid_from <= periods.ends_on
                and (people.valid_to is null or people.valid_to > periods.starts_on)
            qualify row_number() over (
                partition by people.employee_id, periods.period order by people.valid_from desc
            ) = 1
        ),
        above as (
            select manager_id, employee_id, month from managers where manager_id is not null
            union
            select managers.manager_id, above.employee_id, above.month
            from above
            inner join managers on above.manager_id = managers.employee_id and above.month = managers.month
            where managers.manager_id is not null
        )
        select above.manager_id, above.employee_id, labels.period
        from above inner join labels on above.month = labels.month
        where above.manager_id != above.employee_id
        order by above.manager_id
    """
