"""Points that may part thousands or decimals: 1.500 is 1500 to one half of the world and 1.5 to the other.

Belongs here: when nobody can tell. Does not belong here: how a mapping says numbers are written (mapping/numbers).

A column is unclear when every value with a point has exactly three digits behind it and at most three before it, and
one ends in a zero, as no program writes a decimal fraction. One value such as 12.5 or 1234.500 shows what the point is.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING

from connectors.common.contract import Kind, Template
from connectors.common.sql_text import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from connectors.files.validation.part import Part

# bounds of the other kinds (0 to 10, a share of 1) show what is meant; rates of currencies have three decimals
_KINDS = (Kind.MONEY, Kind.QUANTITY, Kind.COUNT, Kind.DURATION)
_GROUPED = r"\s*[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?\s*"
_ONE_POINT = r"\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*"
_ZERO_BEHIND = r"\s*[-+]?[1-9]\d{0,2}\.\d{2}0\s*"
# in a workbook a number is written without zeros behind: only texts have them
_UNCLEAR = {".csv": _ONE_POINT, ".xlsx": _ZERO_BEHIND}


def unclear_numbers(connection: DuckDBPyConnection, template: Template, part: Part) -> dict[str, str]:
    """Columns of a file whose points nobody can interpret, each with SQL that is true for such a value.

    Args:
        connection: Scratch connection, with the table of the part.
        template: What the rows are for.
        part: The rows.
    """
    pattern = _UNCLEAR.get(PurePath(part.source.file).suffix.casefold())
    if pattern is None:
        return {}
    texts = {
        column.name: part.expressions[column.name]
        for column in template.columns
        if column.kind in _KINDS and column.name in part.expressions and column.name not in part.spelled
    }
    found = _unclear(connection, part, texts) if texts else []
    return {name: f"regexp_full_match({texts[name]}, {quoted(pattern)})" for name in found}


def _unclear(connection: DuckDBPyConnection, part: Part, texts: dict[str, str]) -> Iterable[str]:
    asked = ", ".join(
        f"coalesce(bool_and(regexp_full_match({text}, {quoted(_GROUPED)})) FILTER (contains({text}, '.')), false) "
        f"AND bool_or(regexp_full_match({text}, {quoted(_ZERO_BEHIND)}))"
        for text in texts.values()
    )
    row = connection.execute(
        f"SELECT {asked} FROM {part.source.table} AS r {part.joins} WHERE {part.where}"
    ).fetchone()
    return [name for name, is_unclear in zip(texts, row or (), strict=True) if is_unclear]
