"""The access policy: roles with their tables, rows and columns, and the logins that have them.

Belongs here: the words of `access.yml`. Does not belong here: reading the file (``loading``), what the database makes
of it (``serving.server.security``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LOGIN = re.compile(r"[a-z][a-z0-9_.@-]{0,62}")


def _plain_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("is not a name of lower-case letters, digits and _, at most 40 signs")
    return value


def _plain_login(value: str) -> str:
    if not _LOGIN.fullmatch(value) or value.startswith("pg_") or value == "postgres":
        raise ValueError(
            "is not a login of lower-case letters, digits and _ . @ -, at most 63 signs, and not reserved"
        )
    return value


Name = Annotated[str, AfterValidator(_plain_name)]
Login = Annotated[str, AfterValidator(_plain_login)]


class Rows(StrEnum):
    """The rows of a table that a role sees.

    `all`; `team`: of the employees below the person in the reporting line in force on the row's period, and the
    person's own; `own`: the person's own.
    """

    ALL = "all"
    TEAM = "team"
    OWN = "own"


class Strict(BaseModel):
    """A part of the policy; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TableAccess(Strict):
    """What a role sees of one table, where that differs from the role.

    Attributes:
        rows: Instead of the role's rows.
        without: Columns that stay hidden besides the personal ones.
    """

    rows: Rows | None = None
    without: tuple[str, ...] = ()


class Role(Strict):
    """A role.

    Attributes:
        description: For whom it is.
        rows: Rows of its tables, where a table says nothing else.
        personal: Whether columns tagged personal are seen.
        tables: `all`, or the tables by name.
    """

    description: str = ""
    rows: Rows
    personal: bool = False
    tables: Literal["all"] | dict[str, TableAccess]

    @field_validator("tables", mode="before")
    @classmethod
    def _names_or_settings(cls, value: Any) -> Any:
        if isinstance(value, list):
            return {str(name): {} for name in value}
        if isinstance(value, Mapping):
            return {name: ({} if access is None else access) for name, access in value.items()}
        return value

    @model_validator(mode="after")
    def _all_tables_have_all_rows(self) -> Role:
        if self.tables == "all" and self.rows is not Rows.ALL:
            raise ValueError(
                f"rows: {self.rows} with tables: all: name the tables, for not every table says whose its rows are"
            )
        return self

    def access_to(self, table: str) -> TableAccess | None:
        """What the role sees of a table with its rows filled in; None: nothing."""
        named = TableAccess() if self.tables == "all" else self.tables.get(table)
        return named and TableAccess(rows=named.rows or self.rows, without=named.without)


class Principal(Strict):
    """A login of the database. It has one role; a person with two roles has two logins.

    Attributes:
        login: Name of the database role.
        role: Role of the policy.
        employee_id: Whose `own` and `team` rows these are; needed by roles with such rows.
        valid_from: First day the login sees anything.
        valid_to: Last day, None: until the employee's last day.
    """

    login: Login
    role: Name
    employee_id: str | None = Field(default=None, min_length=1)
    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Principal:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} is before valid_from {self.valid_from}")
        return self


class AccessPolicy(Strict):
    """The whole of `access.yml`.

    Attributes:
        schemas: Tables that stand in a schema of their own, by its name; names of tables can be seen by whoever may use
            a schema. All others stand in `mart`.
        roles: By name.
        principals: The logins.
    """

    schemas: dict[Name, tuple[str, ...]] = Field(default_factory=dict)
    roles: dict[Name, Role]
    principals: tuple[Principal, ...] = ()

    def schema_of(self, table: str) -> str:
        """The schema a table stands in."""
        return next((schema for schema, tables in self.schemas.items() if table in tables), MAIN_SCHEMA)

    @property
    def schema_names(self) -> tuple[str, ...]:
        """Every schema with published tables."""
        return (MAIN_SCHEMA, *self.schemas)


MAIN_SCHEMA = "mart"
