"""Logins that were delivered (template `principals`), beside those of `access.yml`.

Belongs here: which of them can be given, and why another cannot. Does not belong here: what a role sees (``model``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from serving.access.loading import needs_employee
from serving.access.model import AccessPolicy, Principal

if TYPE_CHECKING:
    import duckdb

_COLUMNS = ("login", "role", "employee_id", "valid_from", "valid_to")
_DELIVERED = f"select {', '.join(_COLUMNS)}, is_in_question from marts.dim_principal order by login"
_THERE = "select 1 from duckdb_tables() where schema_name = 'marts' and table_name = 'dim_principal'"
_UNRESOLVED = "UNRESOLVED"


@dataclass(frozen=True)
class Refused:
    """A delivered login that is not given.

    Attributes:
        login: As delivered.
        why: One sentence without a full stop.
    """

    login: str
    why: str


def with_delivered_logins(
    policy: AccessPolicy, marts: duckdb.DuckDBPyConnection
) -> tuple[AccessPolicy, tuple[Refused, ...]]:
    """The policy with the delivered logins behind its own, and those that cannot be given.

    Args:
        policy: As `access.yml` says; a login that stands there is given as it says there.
        marts: The snapshot; one of a version without `dim_principal` has none.
    """
    given: list[Principal] = []
    refused: list[Refused] = []
    rows = marts.execute(_DELIVERED).fetchall() if marts.execute(_THERE).fetchone() else []
    for *values, in_question in rows:
        row = dict(zip(_COLUMNS, values, strict=True))
        why = (
            "a newer row of it is in quarantine: deliver that row well"
            if in_question
            else _problem(policy, row)
        )
        if why is None:
            given.append(Principal(**row))
        else:
            refused.append(Refused(str(row["login"]), why))
    return policy.model_copy(update={"principals": (*policy.principals, *given)}), tuple(refused)


def _problem(policy: AccessPolicy, row: dict[str, Any]) -> str | None:
    role = policy.roles.get(row["role"])
    if row["login"] in {one.login for one in policy.principals}:
        return "access.yml lists it too, and counts"
    if row["login"] in policy.roles:
        return "it is the name of a role"
    if role is None:
        return f"access.yml has no role {row['role']!r}, only {', '.join(sorted(policy.roles))}"
    if row["employee_id"] == _UNRESOLVED:
        return "nobody knows the employee it names"
    if row["employee_id"] is None and needs_employee(role):
        return f"the role {row['role']} shows rows of a person, and no employee_id is given"
    try:
        Principal(**row)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{first['loc'][0] if first['loc'] else 'it'} {first['msg'].removeprefix('Value error, ')}"
    return None


def sentences(refused: Sequence[Refused]) -> list[str]:
    """What people are told of refused logins, one sentence each."""
    return [f"The login {one.login} sees nothing: {one.why}." for one in refused]
