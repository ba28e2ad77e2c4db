"""Any database that SQLAlchemy reaches: tables and queries that sources.yml names.

Belongs here: what the type is, how sources.yml describes its resources. Does not belong here: fetching (`source`).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from connectors.files.mapping.strict import Strict, as_list
from connectors.sources.model import Connection, Resource, SecretSpec, SourceType

_NAME = r"^[a-z][a-z0-9_]{0,49}$"


class SqlResource(Strict):
    """A table or a query.

    Attributes:
        table: Name of the table or view.
        schema_name: Schema of the table, `schema` in the file.
        query: A SELECT, in place of a table.
        key: Columns that identify a row.
        cursor: Column that grows with each change; without one all rows are read each time.
        overlap_seconds: How far before the cursor the next extraction begins, where it is a moment.
        deleted: Column that is true on deleted rows.
        sweep: With a cursor: list all keys after each read, so that deletions are noticed.
        exclude: Columns that are not wanted, such as hashes of passwords.
    """

    table: str | None = None
    schema_name: Annotated[str | None, Field(alias="schema")] = None
    query: str | None = None
    key: Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)]
    cursor: str | None = None
    overlap_seconds: Annotated[int, Field(ge=0)] = 600
    deleted: str | None = None
    sweep: bool = True
    exclude: Annotated[list[str], BeforeValidator(as_list)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise ValueError("give exactly one of table and query")
        return self


class SqlConnection(Connection):
    """Keys of sources.yml.

    Attributes:
        resources: What is read, by the name it has in mappings.
        chunk_size: Rows that are fetched at a time.
    """

    resources: dict[str, SqlResource] = Field(min_length=1)
    chunk_size: Annotated[int, Field(ge=1)] = 50_000

    @field_validator("resources")
    @classmethod
    def _plain_names(cls, value: dict[str, SqlResource]) -> dict[str, SqlResource]:
        import re

        for name in value:
            if not re.match(_NAME, name) or name == "extractions":
                raise ValueError(f"{name!r} is no name of a resource: small letters, digits and underscores")
        return value


class _Sql(SourceType):
    def resources_of(self, connection: Connection) -> tuple[Resource, ...]:
        """What sources.yml names."""
        assert isinstance(connection, SqlConnection)
        return tuple(_resource(name, one) for name, one in connection.resources.items())

    def example_resources(self) -> tuple[Resource, ...]:
        """One with a cursor and one without."""
        about = "a table or a query, named in sources.yml"
        return (
            Resource("<with a cursor>", ("<key>",), cursor="<cursor>", sweep=True, about=about),
            Resource("<without a cursor>", ("<key>",), "full", about=about),
        )


def _resource(name: str, one: SqlResource) -> Resource:
    return Resource(
        name=name,
        key=tuple(one.key),
        write_mode="full" if one.cursor is None else "incremental",
        cursor=one.cursor,
        about=f"rows of {one.table}" if one.table else "rows of a query",
        deleted_flag=one.deleted,
        sweep=one.cursor is not None and one.sweep,
        overlap=dt.timedelta(seconds=one.overlap_seconds),
        ordered=one.cursor is not None,
        permission=f"SELECT on {one.table}" if one.table else "SELECT on the tables of the query",
    )


SQL = _Sql(
    name="sql",
    about="any database SQLAlchemy reaches, by tables and queries",
    connection=SqlConnection,
    secrets=(
        SecretSpec(
            "url",
            "SQLAlchemy address with user and password, such as postgresql://user:password@host/database",
        ),
    ),
    extractor="connectors.sql.source:SqlExtractor",
)
