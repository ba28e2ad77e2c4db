"""One publication into the serving database: built beside the current one, switched in one transaction.

Belongs here: the order of the steps. Does not belong here: statements (``tables``, ``security``).

Readers see the old publication or the new one, whole, at any moment; a publisher that dies leaves schemas that the next
one drops.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from serving.access.delivered import Refused, sentences, with_delivered_logins
from serving.access.loading import LoadedPolicy, load_policy
from serving.access.model import AccessPolicy, Principal
from serving.database import open_readonly, quoted
from serving.errors import ServerError
from serving.publication.snapshot import SNAPSHOT
from serving.server import security
from serving.server.switch import NEXT, OLD, drop_schemas, switch, switched
from serving.server.tables import Table, create_table, finish_table, joins, read_tables, reporting_lines
from serving.server.trial import with_trial_logins

if TYPE_CHECKING:
    import duckdb

_LOCK = 7_240_115_031  # any number that only publishers take
#: rows that are sent at once: the next are written while the server takes these
_BATCH = 10_000


@dataclass(frozen=True)
class Served:
    """What a publication into the serving database did.

    Attributes:
        publication_id: Of the published snapshot.
        is_new: False when the database held it already under the same policy.
        tables: Rows by mart.
        principals: The logins there are now.
        policy_sha256: Of the access policy they come from.
        refused: Delivered logins that see nothing, and why.
        unlogged: Why the statements of the logins are not logged; None: they are.
    """

    publication_id: str
    is_new: bool
    tables: Mapping[str, int]
    principals: Sequence[Principal]
    policy_sha256: str
    refused: Sequence[Refused] = ()
    unlogged: str | None = None

    @property
    def troubles(self) -> list[str]:
        """What people have to be told, in sentences."""
        return [*sentences(self.refused), *([self.unlogged] if self.unlogged else [])]


def publish_to_server(
    url: str,
    publication: Path,
    access: Path,
    personal: Mapping[str, Collection[str]],
    *,
    trial_logins: bool = False,
) -> Served:
    """Publish a snapshot into a PostgreSQL database (15 or later).

    Args:
        url: Of the database; its role makes roles, schemas and tables.
        publication: Folder of a publication; its name is the publication's id.
        access: The access policy.
        personal: Columns tagged personal by mart.
        trial_logins: Make a login for each role when there is none, in the policy or delivered.

    Raises:
        AccessPolicyError: The policy does not fit the marts.
        ServerError: The database refuses or cannot be reached; readers keep the publication they had.
    """
    with open_readonly(publication / SNAPSHOT) as marts:
        tables = read_tables(marts)
        loaded = load_policy(access, {table.name: list(table.columns) for table in tables})
        policy, refused = with_delivered_logins(loaded.policy, marts)
        loaded = replace(loaded, policy=policy)
        if trial_logins and not loaded.policy.principals:
            loaded = replace(loaded, policy=with_trial_logins(loaded.policy, marts))
        with _connected(url) as connection:
            if _is_current(connection, publication.name, loaded):
                return Served(publication.name, False, {}, loaded.policy.principals, loaded.sha256, refused)
            _prepare(connection, loaded.policy)
            made = _Next(connection, marts, loaded.policy, publication.name)
            with _loader(url) as loader, ThreadPoolExecutor(1) as keys:  # keys of one table, rows of the next
                rows = {}
                made.load_reporting_lines(loader)
                making = [keys.submit(made.make_keys_of_reporting_lines)]
                for table in sorted(tables, key=lambda one: -one.rows):  # what is made last is small
                    rows[table.name] = made.load(loader, table)
                    making.append(keys.submit(made.make_keys, table, personal.get(table.name, ())))
                for one in making:
                    one.result()
            made.finish(tables)
            unlogged = switch(connection, marts, loaded, publication.name)
    return Served(publication.name, True, rows, loaded.policy.principals, loaded.sha256, refused, unlogged)


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    """A connection that only one publisher has at a time.

    The URL is in no message: it may hold a password.
    """
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            if connection.info.server_version < 150000:
                raise ServerError(
                    f"the serving database is PostgreSQL {connection.info.server_version // 10000}",
                    "It has to be 15 or later.",
                )
            connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
            yield connection
    except psycopg.Error as error:
        said = str(error).strip().splitlines()
        raise ServerError(
            f"the serving database did not take the publication: {said[0] if said else type(error).__name__}",
            "Readers keep the publication they had. See INCENTIVES_SERVING_URL and the rights of its role "
            "(createrole, create on the database); then run incentives publish.",
        ) from error


def _is_current(connection: psycopg.Connection, publication_id: str, loaded: LoadedPolicy) -> bool:
    known = connection.execute("select to_regclass('access.publication')").fetchone()
    if not known or known[0] is None:
        return False
    row = connection.execute("select publication_id, policy_sha256 from access.publication").fetchone()
    return row == (publication_id, loaded.sha256)


def _prepare(connection: psycopg.Connection, policy: AccessPolicy) -> None:
    """Roles and what is not swapped; left-overs of a publisher that died are dropped."""
    existing = {row[0] for row in connection.execute("select rolname from pg_roles").fetchall()}
    with connection.transaction():
        connection.execute(security.FOUNDATION.read_bytes())
        for composed in security.roles(policy, existing):
            connection.execute(composed)
        connection.execute(
            sql.SQL("grant {} to current_user with set true").format(sql.Identifier(security.LOADER))
            if connection.info.server_version >= 160000
            else sql.SQL("grant {} to current_user").format(sql.Identifier(security.LOADER))
        )
    drop_schemas(connection, [name.format(schema) for schema in switched(policy) for name in (NEXT, OLD)])
    # read by functions alone, with the rights of who makes them here
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(NEXT.format(security.REPORTING))))
    for schema in policy.schema_names:
        connection.execute(
            sql.SQL("create schema {} authorization {}").format(
                sql.Identifier(NEXT.format(schema)), sql.Identifier(security.LOADER)
            )
        )


class _Next:
    """The publication that is being built."""

    def __init__(
        self,
        connection: psycopg.Connection,
        marts: duckdb.DuckDBPyConnection,
        policy: AccessPolicy,
        publication_id: str,
    ) -> None:
        self.connection, self.marts = connection, marts
        self.policy, self.publication_id = policy, publication_id

    def load(self, loader: Any, table: Table) -> int:
        """Make one table with its rows; their number."""
        schema = NEXT.format(self.policy.schema_of(table.name))
        with loader.cursor() as cursor:
            cursor.execute(create_table(schema, table, self.publication_id).as_string())
        rows = load_rows(loader, self.marts, table.name, schema)
        loader.commit()
        return rows

    def make_keys(self, table: Table, personal: Collection[str]) -> None:
        """Key, comments, statistics, grants and policies of a table that is loaded."""
        schema = NEXT.format(self.policy.schema_of(table.name))
        for statement in finish_table(schema, table):
            self.connection.execute(statement)
        for statement in security.grants(schema, table, self.policy, personal):
            self.connection.execute(statement)
        self.connection.execute(sql.SQL("analyze {}.{}").format(*self._named(table.name)))

    def load_reporting_lines(self, loader: Any) -> None:
        """Who stands below whom in which period."""
        schema = NEXT.format(security.REPORTING)
        with loader.cursor() as cursor:
            cursor.execute(f"create table {schema}.lines (like {security.REPORTING}.lines)")
            reader = self.marts.execute(reporting_lines()).to_arrow_reader(_BATCH)
            cursor.adbc_ingest("lines", reader, mode="append", db_schema_name=schema)
        loader.commit()

    def make_keys_of_reporting_lines(self) -> None:
        """Index and statistics of what ``load_reporting_lines`` loaded; its rows come in the order of the index."""
        for statement in ("create index on {}.lines (manager_id)", "analyze {}.lines"):
            self.connection.execute(
                sql.SQL(statement).format(sql.Identifier(NEXT.format(security.REPORTING)))
            )

    def finish(self, tables: Sequence[Table]) -> None:
        """Draw the joins, open the schemas to their roles, hand everything to the loader.

        The joins are not validated by PostgreSQL: ``joins`` has looked, much faster.
        """
        for mart, column, target in joins(self.marts, tables):
            self.connection.execute(
                sql.SQL("alter table {}.{} add foreign key ({}) references {}.{} not valid").format(
                    *self._named(mart), sql.Identifier(column), *self._named(target)
                )
            )
        for table in tables:
            self.connection.execute(
                sql.SQL("alter table {}.{} owner to {}").format(
                    *self._named(table.name), sql.Identifier(security.LOADER)
                )
            )
        for schema in self.policy.schema_names:
            for statement in security.schema_grants(NEXT.format(schema), schema, tables, self.policy):
                self.connection.execute(statement)

    def _named(self, table: str) -> tuple[sql.Identifier, sql.Identifier]:
        return sql.Identifier(NEXT.format(self.policy.schema_of(table))), sql.Identifier(table)


@contextmanager
def _loader(url: str) -> Iterator[Any]:
    """A connection that takes Arrow; its failures are those of a publication.

    A table is made and filled in one transaction: a server that keeps no log for copies then writes its rows once.
    """
    from adbc_driver_postgresql import dbapi

    try:
        with dbapi.connect(url) as connection:
            yield connection
    except dbapi.Error as error:
        raise ServerError(
            f"the rows could not be loaded: {str(error).splitlines()[0]}",
            "Readers keep the publication they had; run incentives publish again.",
        ) from error


def load_rows(loader: Any, marts: duckdb.DuckDBPyConnection, table: str, schema: str) -> int:
    """Append the rows of a mart to a table that is there; batches of Arrow, never all rows at once.

    Args:
        loader: ADBC connection to the database.
        marts: The snapshot.
        table: Name of the mart and of the table.
        schema: Schema of the table.

    Returns:
        The number of rows.
    """
    reader = marts.execute(f"select * from marts.{quoted(table)}").to_arrow_reader(_BATCH)
    with loader.cursor() as cursor:
        return int(cursor.adbc_ingest(table, reader, mode="append", db_schema_name=schema))
