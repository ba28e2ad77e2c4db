"""Reading `access.yml` and checking it against the published marts; each mistake with file, line and what is allowed.

Belongs here: the file and its agreement with the marts. Does not belong here: the words (``model``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from connectors.common.errors import nearest
from connectors.common.problems import ImportProblem
from connectors.common.yaml_document import KeyPath, YamlDocument, load_yaml
from serving.access.model import MAIN_SCHEMA, AccessPolicy, Principal, Role, Rows, TableAccess
from serving.errors import AccessPolicyError

#: schemas of the serving database that hold no marts, and those of PostgreSQL
RESERVED = frozenset({MAIN_SCHEMA, "access", "reporting", "public", "information_schema"})
_MODELS: dict[str, type[BaseModel]] = {"roles": Role, "tables": TableAccess, "principals": Principal}


@dataclass(frozen=True)
class LoadedPolicy:
    """A policy that agrees with the marts.

    Attributes:
        policy: What it says.
        sha256: Of the file; recorded with every publication.
    """

    policy: AccessPolicy
    sha256: str


def load_policy(path: Path, tables: Mapping[str, Sequence[str]]) -> LoadedPolicy:
    """Read the policy and check it.

    Args:
        path: `access.yml`.
        tables: Columns of every published mart by its name.

    Raises:
        AccessPolicyError: The file cannot be read, breaks the language, or names what the marts do not have.
    """
    try:
        document = load_yaml(path)
    except ImportProblem as problem:
        raise AccessPolicyError(problem.what, problem.where or str(path), problem.hint or "") from problem
    try:
        policy = AccessPolicy.model_validate(document.data)
    except ValidationError as error:
        raise _first_problem(document, error) from error
    for location, what, hint in _disagreements(policy, tables):
        raise AccessPolicyError(what, document.where(location), hint)
    return LoadedPolicy(policy, hashlib.sha256(document.text.encode()).hexdigest())


def _first_problem(document: YamlDocument, error: ValidationError) -> AccessPolicyError:
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    # pydantic names the member of a union that was tried; no key of the file is called so
    location: KeyPath = tuple(
        part for part in first["loc"] if not str(part).startswith(("dict[", "literal["))
    )
    owner: type[BaseModel] = AccessPolicy
    for part in location[:-1]:
        owner = _MODELS.get(str(part), owner)
    allowed = ", ".join(owner.model_fields)
    if first["type"] == "extra_forbidden":
        what, hint = "unknown key", _meant(str(location[-1]), list(owner.model_fields), "Allowed here")
    elif first["type"] == "missing":
        what, hint = f"the key {location[-1]!r} is missing", f"Keys here: {allowed}."
    else:
        what, hint = first["msg"].removeprefix("Value error, "), "See docs/serving.md."
    return AccessPolicyError(what, document.where(location), hint)


def _disagreements(
    policy: AccessPolicy, tables: Mapping[str, Sequence[str]]
) -> Iterator[tuple[KeyPath, str, str]]:
    seen: dict[str, str] = {}
    for schema, names in policy.schemas.items():
        if schema in RESERVED or schema.startswith("pg_"):
            yield ("schemas", schema), f"{schema!r} is a reserved name", "Take another name for this schema."
        for at, name in enumerate(names):
            yield from _unknown(name, tables, ("schemas", schema, at), "mart")
            if name in seen:
                yield ("schemas", schema, at), f"{name} stands in {seen[name]} too", "Name it once."
            seen[name] = schema
    for role_name, role in policy.roles.items():
        if isinstance(role.tables, dict):
            for table in role.tables:
                yield from _table_disagreements(role, table, tables, ("roles", role_name, "tables", table))
    yield from _principal_disagreements(policy)


def _table_disagreements(
    role: Role, table: str, tables: Mapping[str, Sequence[str]], here: KeyPath
) -> Iterator[tuple[KeyPath, str, str]]:
    yield from _unknown(table, tables, here, "mart")
    columns, access = tables.get(table, ()), role.access_to(table)
    for at, column in enumerate(access.without if access else ()):
        yield from _unknown(column, columns, (*here, "without", at), f"column of {table}")
    if access and access.rows is not Rows.ALL and columns and "employee_id" not in columns:
        yield (
            here,
            f"{table} has no employee_id, so no row of it is anybody's {access.rows}",
            "Give it rows: all, or leave it out.",
        )


def _principal_disagreements(policy: AccessPolicy) -> Iterator[tuple[KeyPath, str, str]]:
    logins: set[str] = set()
    for at, principal in enumerate(policy.principals):
        here: KeyPath = ("principals", at)
        role = policy.roles.get(principal.role)
        if role is None:
            yield from _unknown(principal.role, policy.roles, (*here, "role"), "role")
        elif principal.employee_id is None and needs_employee(role):
            yield here, f"the role {principal.role} shows rows of a person", "Add the employee_id."
        if principal.login in logins:
            yield (*here, "login"), f"the login {principal.login} stands here twice", "A login has one role."
        if principal.login in policy.roles:
            yield (*here, "login"), f"{principal.login} is the name of a role", "Take another login."
        logins.add(principal.login)


def needs_employee(role: Role) -> bool:
    """Whether a login of the role sees rows of one person, who has to be named."""
    named = role.tables if isinstance(role.tables, dict) else {}
    return role.rows is not Rows.ALL or any(one.rows not in (None, Rows.ALL) for one in named.values())


def _unknown(
    name: str, known: Collection[str], location: KeyPath, what: str
) -> Iterator[tuple[KeyPath, str, str]]:
    if name not in known:
        yield location, f"no {what} {name!r}", _meant(name, sorted(known), "There are")


def _meant(word: str, names: Sequence[str], listed: str) -> str:
    near = nearest(word, names)
    return (f"Did you mean {near!r}? " if near else "") + f"{listed}: {', '.join(names)}."


def visible_columns(columns: Sequence[str], personal: Collection[str], role: Role, table: str) -> list[str]:
    """The columns of a table that a role sees, in their order; none when it does not see the table.

    Args:
        columns: All of them.
        personal: Those tagged personal.
        role: The role.
        table: The table.
    """
    access: Any = role.access_to(table)
    if access is None:
        return []
    hidden = {*access.without, *(() if role.personal else personal)}
    return [column for column in columns if column not in hidden]
