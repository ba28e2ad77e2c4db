"""Who may see what, as PostgreSQL enforces it: roles, grants of columns, policies of rows.

Belongs here: those statements. Does not belong here: the policy they say (``serving.access``), tables (``tables``).

Rows are decided by the login itself (``session_user``), which nobody can set without its password; a session variable
could be set by whoever sends SQL. What is granted nowhere is seen by nobody: a column needs a grant, a row a policy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from psycopg import sql

from serving.access.loading import visible_columns
from serving.access.model import AccessPolicy, Rows
from serving.server.tables import PUBLICATION, Table

#: schema of the one table that says who stands below whom; switched with the marts
REPORTING = "reporting"
#: owns everything published; nobody logs in as it
LOADER = "incentives_loader"

#: the schema `access`, which is not swapped: its functions name the tables of the current publication
FOUNDATION = Path(__file__).with_name("foundation.sql")


def group_role(role: str) -> str:
    """The PostgreSQL role of a role of the policy; logins are its members."""
    return f"incentives_{role}"


def grants(
    schema: str, table: Table, policy: AccessPolicy, personal: Collection[str]
) -> Iterator[sql.Composed]:
    """Row security of one table, and for each role its columns and rows."""
    name = sql.SQL("{}.{}").format(sql.Identifier(schema), sql.Identifier(table.name))
    yield sql.SQL("alter table {} enable row level security").format(name)
    yield sql.SQL("alter table {} force row level security").format(name)
    for role_name, role in policy.roles.items():
        columns = visible_columns(list(table.columns), personal, role, table.name)
        if not columns:
            continue
        to = sql.Identifier(group_role(role_name))
        listed = sql.SQL(", ").join(map(sql.Identifier, (*columns, PUBLICATION)))
        yield sql.SQL("grant select ({}) on {} to {}").format(listed, name, to)
        access = role.access_to(table.name)
        condition = _condition(access.rows if access and access.rows else role.rows, table)
        yield sql.SQL("create policy {} on {} for select to {} using ({})").format(
            sql.Identifier(role_name), name, to, sql.SQL(condition)
        )


def _condition(rows: Rows, table: Table) -> str:
    """The rows of a table; each function is asked once a query and not once a row."""
    if rows is Rows.ALL:
        return "(select access.is_open())"
    own = "employee_id = (select access.me())"
    if rows is Rows.OWN:
        return own
    # the list finds rows by index, the rest says in which period each is below the person
    people = "employee_id = any ((select access.people())::text[])"
    if "period" in table.columns:
        below = "(employee_id, period) in (select team.employee_id, team.period from access.team() as team)"
    else:
        below = (
            "employee_id in (select team.employee_id from access.team() as team where team.period = 'now')"
        )
    return f"{people} and ({own} or {below})"


def schema_grants(
    schema: str, served: str, tables: Sequence[Table], policy: AccessPolicy
) -> Iterator[sql.Composed]:
    """The right to enter a schema for the roles that see a table of it.

    Args:
        schema: The schema as it is called now.
        served: The schema as readers know it.
        tables: All tables.
        policy: The policy.
    """
    for role_name, role in policy.roles.items():
        if any(role.access_to(table.name) and policy.schema_of(table.name) == served for table in tables):
            yield sql.SQL("grant usage on schema {} to {}").format(
                sql.Identifier(schema), sql.Identifier(group_role(role_name))
            )


def roles(policy: AccessPolicy, existing: Collection[str]) -> Iterator[sql.Composed]:
    """The roles of the policy that are missing, and what each needs of the schema `access`."""
    for name in (LOADER, *map(group_role, policy.roles)):
        if name not in existing:
            yield sql.SQL("create role {} nologin nosuperuser nobypassrls nocreatedb nocreaterole").format(
                sql.Identifier(name)
            )
    for name in map(group_role, policy.roles):
        yield sql.SQL("grant usage on schema access to {}").format(sql.Identifier(name))
        yield sql.SQL(
            "grant execute on function access.is_open(), access.me(), access.team(), access.people() to {}"
        ).format(sql.Identifier(name))


def logins(
    policy: AccessPolicy, memberships: Mapping[str, Collection[str]], existing: Collection[str]
) -> Iterator[sql.Composed]:
    """Logins as the policy lists them: new ones without a password, gone ones closed, each in its one role.

    Args:
        policy: The policy.
        memberships: The group roles of every login that has one, by login.
        existing: All roles of the server.
    """
    wanted = {principal.login: group_role(principal.role) for principal in policy.principals}
    for login, role in wanted.items():
        if login not in existing:
            yield sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole").format(
                sql.Identifier(login)
            )
        else:
            yield sql.SQL("alter role {} login").format(sql.Identifier(login))
        if role not in memberships.get(login, ()):
            yield sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(login))
    for login, groups in memberships.items():
        for role in groups:
            if wanted.get(login) != role:
                yield sql.SQL("revoke {} from {}").format(sql.Identifier(role), sql.Identifier(login))
        if login not in wanted:
            yield sql.SQL("alter role {} nologin").format(sql.Identifier(login))
