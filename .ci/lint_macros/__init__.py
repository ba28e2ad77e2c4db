"""What sqlfluff needs to read the models: stand-ins for the few names dbt puts into a template's context.

Belongs here: names of dbt, each giving SQL that parses. Does not belong here: the project's own macros, which
sqlfluff loads from ``dbt_project/macros``.

Expressions with a body for each engine are calls of functions: exact quotients written out make models of a few
lines texts of 26,000 characters, and reading those took four fifths of the linter's time (2026-12).
"""

import datetime
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined

#: macros with a body for each engine whose arguments are no expressions, or which are none themselves
_WRITTEN_OUT = {"matches", "month_spine", "string_agg_ordered", "text_literal", "type_wide_int"}


class _Adapter:
    @staticmethod
    @pass_context
    def dispatch(context: Context, name: str, _package: str | None = None) -> Any:
        """A call of a macro's name; of others the DuckDB body, else the default one."""
        found = context.get(f"duckdb__{name}") or context.get(f"default__{name}")
        if found is None:
            return Undefined(name=name)
        return found if name in _WRITTEN_OUT else _call(name)

    @staticmethod
    def quote(name: str) -> str:
        """A quoted identifier."""
        return f'"{name}"'


def _call(name: str) -> Any:
    return lambda *arguments: f"{name}({', '.join(map(str, arguments))})"


class _Dbt:
    """dbt's cross-database macros; any of them is a call of a function of its name."""

    @staticmethod
    def type_string() -> str:
        """The text type."""
        return "varchar"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _call(name)


class _Target:
    schema = "main"
    name = "ci"
    type = "duckdb"


class _Zone:
    @staticmethod
    def utcoffset(_moment: datetime.datetime) -> datetime.timedelta:
        """An offset that never changes."""
        return datetime.timedelta(hours=8)


class _Pytz:
    @staticmethod
    def timezone(_name: str) -> _Zone:
        """A time zone; the linter knows no variable, so the name says nothing."""
        return _Zone()


class _Modules:
    pytz = _Pytz()
    datetime = datetime


adapter, dbt, target, modules = _Adapter(), _Dbt(), _Target(), _Modules()
run_id = invocation_id = "none"
globals()["return"] = lambda value: value


def env_var(name: str, default: str = "") -> str:
    """dbt's ``env_var`` for the linter: always the default."""
    del name
    return str(default)
