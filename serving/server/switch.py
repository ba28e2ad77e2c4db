"""The switch to a publication that is built: one transaction, after which readers see it whole.

Belongs here: who the logins are, and the names of the schemas. Does not belong here: building (``publish``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from serving.access.loading import LoadedPolicy
from serving.access.model import AccessPolicy, Principal
from serving.errors import ServerError
from serving.server import security
from serving.server.readings import keep_statements

if TYPE_CHECKING:
    import duckdb

NEXT, OLD = "{}_next", "{}_old"
_LOCK_MILLISECONDS = 500  # PostgreSQL looks for deadlocks after 1,000; a busy machine rings late
_PATIENCE_SECONDS = 600
_HELD = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled)


def switch(
    connection: psycopg.Connection,
    marts: duckdb.DuckDBPyConnection,
    loaded: LoadedPolicy,
    publication_id: str,
) -> str | None:
    """One transaction: principals, the log of what they ask, names of schemas, what is published under which policy.

    Args:
        connection: To the database, in which the schemas `NAME_next` are whole.
        marts: The snapshot.
        loaded: The policy.
        publication_id: Of the snapshot.

    Returns:
        Why the statements of the logins are not logged; None: they are.

    Raises:
        psycopg.Error: The database refuses, or readers held their tables for ten minutes.
        ServerError: A login of the policy is one that row security does not bind.
    """
    last_days = dict(marts.execute(_LAST_DAYS).fetchall())
    principals = [_principal(one, last_days) for one in loaded.policy.principals]
    schemas = switched(loaded.policy)
    unlogged = None
    for attempt in _until_readers_let_go():
        with attempt, connection.transaction():
            _lock_out_readers(connection, schemas)
            _put_principals(connection, loaded.policy, principals)
            unlogged = keep_statements(connection, [one.login for one in loaded.policy.principals])
            for schema in schemas:
                _rename(connection, schema, OLD.format(schema), only_existing=True)
                _rename(connection, NEXT.format(schema), schema)
            connection.execute("delete from access.publication")
            connection.execute(
                "insert into access.publication (publication_id, policy_sha256) values (%s, %s)",
                (publication_id, loaded.sha256),
            )
    # readers have the new one; what cannot be dropped now is dropped by the next publication
    with suppress(*_HELD):
        drop_schemas(connection, [OLD.format(schema) for schema in schemas])
    return unlogged


def switched(policy: AccessPolicy) -> tuple[str, ...]:
    """The schemas that a publication replaces."""
    return (*policy.schema_names, security.REPORTING)


def drop_schemas(connection: psycopg.Connection, names: Sequence[str]) -> None:
    """Drop schemas with their tables, if they are there.

    A prepared statement of a reader may still lock its tables one after the other, before it finds that there are newer
    ones: without a lock of all of them a drop and such a reader would wait for each other.

    Raises:
        psycopg.Error: Readers held the tables for ten minutes.
    """
    for attempt in _until_readers_let_go():
        with attempt, connection.transaction():
            _lock_out_readers(connection, names)
            for name in names:
                connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(name)))


def _until_readers_let_go() -> Retrying:
    """Attempts at the switch; a query of a reader that runs for long is waited for, not cancelled."""
    return Retrying(
        retry=retry_if_exception_type(_HELD),
        wait=wait_random(0.1, 1),
        stop=stop_after_delay(_PATIENCE_SECONDS),
        reraise=True,
    )


def _lock_out_readers(connection: psycopg.Connection, schemas: Sequence[str]) -> None:
    """Wait until no query holds a table of some schemas, for less time than PostgreSQL suspects a deadlock.

    A query looks up one table after the other; without this lock it could find the first in the old publication and
    the second in the new one. Who comes while the lock is held finds the new one.
    """
    tables = connection.execute(
        "select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace "
        "where nspname = any(%s) and relkind = 'r'",
        (list(schemas),),
    ).fetchall()
    if not tables:
        return
    connection.execute(f"set local statement_timeout = '{_LOCK_MILLISECONDS}ms'".encode())
    connection.execute(
        sql.SQL("lock table {} in access exclusive mode").format(
            sql.SQL(", ").join(sql.SQL("{}.{}").format(*map(sql.Identifier, table)) for table in tables)
        )
    )
    connection.execute("set local statement_timeout = 0")


def _put_principals(
    connection: psycopg.Connection,
    policy: AccessPolicy,
    principals: Sequence[tuple[Any, ...]],
) -> None:
    """Logins, and who they are."""
    for statement in security.logins(policy, _memberships(connection), _roles(connection, policy)):
        connection.execute(statement)
    connection.execute("delete from access.principals")
    with connection.cursor() as cursor:
        cursor.executemany("insert into access.principals values (%s, %s, %s, %s, %s)", principals)


#: the last day of everybody who has left
_LAST_DAYS = """
    select employee_id, max(termination_date)
    from marts.dim_employee group by employee_id having count(*) = count(termination_date)
"""


def _principal(
    one: Principal, last_days: Mapping[str, date]
) -> tuple[str, str, str | None, date, date | None]:
    left = last_days.get(one.employee_id or "")
    until = min((day for day in (one.valid_to, left) if day is not None), default=None)
    return one.login, one.role, one.employee_id, one.valid_from, until


def _memberships(connection: psycopg.Connection) -> dict[str, set[str]]:
    """Group roles of the logins that have one, by login."""
    found: dict[str, set[str]] = {}
    for login, group in connection.execute(
        "select member.rolname, grouped.rolname from pg_auth_members "
        "join pg_roles as member on member.oid = pg_auth_members.member "
        "join pg_roles as grouped on grouped.oid = pg_auth_members.roleid "
        "where grouped.rolname like 'incentives\\_%%' and grouped.rolname <> %s and member.rolname <> current_user",
        (security.LOADER,),
    ).fetchall():
        found.setdefault(login, set()).add(group)
    return found


def _roles(connection: psycopg.Connection, policy: AccessPolicy) -> set[str]:
    """All roles of the server.

    Raises:
        ServerError: A login of the policy is one that row security does not bind.
    """
    found = connection.execute("select rolname, rolsuper or rolbypassrls from pg_roles").fetchall()
    unbound = {name for name, is_unbound in found if is_unbound}
    for principal in policy.principals:
        if principal.login in unbound:
            raise ServerError(
                f"the login {principal.login} is a superuser or bypasses row security: it would see everything",
                "Give the person a login of its own in access.yml.",
            )
    return {name for name, _ in found}


def _rename(connection: psycopg.Connection, old: str, new: str, *, only_existing: bool = False) -> None:
    there = connection.execute("select 1 from pg_namespace where nspname = %s", (old,)).fetchone()
    if there or not only_existing:
        connection.execute(
            sql.SQL("alter schema {} rename to {}").format(sql.Identifier(old), sql.Identifier(new))
        )
