"""Queries for a few of the rows that break a check.

Great Expectations samples values, not rows; a payroll clerk needs the row with its keys to find it.
"""

from collections.abc import Collection, Mapping, Sequence

from expectations.model import Check, Suite

MASK = "***"
_ALWAYS = frozenset({"extra"})
"""Columns that hold whatever was delivered besides."""


def sample_query(suite: Suite, check: Check, as_of: str, limit: int) -> str | None:
    """A query for up to `limit` rows that break the check; None when no row can show it (missing columns)."""
    condition = _condition(suite, check)
    if check.kind == "rows":
        body = check.sql.replace("@rows", f"(select * from {suite.table})").replace("@as_of", as_of)
        return f"select * from ({body}) as unexpected limit {limit}"
    if condition is None:
        return None
    return f"select t.* from {suite.table} as t where {condition} limit {limit}"


def _condition(suite: Suite, check: Check) -> str | None:
    columns = ", ".join(f"t.{column}" for column in check.columns)
    match check.kind:
        case "not_null":
            return f"{columns} is null"
        case "in_set":
            listed = ", ".join(f"'{value}'" for value in check.values)
            return f"{columns} not in ({listed})"
        case "unique":
            names = ", ".join(check.columns)
            return (
                f"({columns}) in (select ({names}) from {suite.table} group by {names} having count(*) > 1)"
            )
        case _:
            return None


def masked(
    rows: Sequence[Mapping[str, str | None]], personal: Collection[str]
) -> tuple[dict[str, str | None], ...]:
    """Rows with the values of personal columns masked; NULL and empty stay, for they may be what is wrong.

    Args:
        rows: Sampled rows.
        personal: Names of personal columns.
    """
    hidden = _ALWAYS.union(personal)
    return tuple(
        {name: MASK if value and name in hidden else value for name, value in row.items()} for row in rows
    )
