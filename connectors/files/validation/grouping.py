"""Rows with the same key as one row: order lines that make a deal, shares of one person under two roles.

    lines (typed, judged) → groups by the key of the template → one row a group, under its first line
                                                              | all lines set aside, when one of them is bad

Belongs here: adding up, what has to agree, the lines a row stands for. Does not belong here: where the lines come
from (mapping), single values (checks).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from connectors.common.contract import Column, Kind, Template
from connectors.common.sql_text import name, quoted
from connectors.files.validation.bounds import CheckOptions
from connectors.files.validation.checks import NUMBER, checked_query, record_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EXACT = "DECIMAL(38,18)"
# what a sum of DECIMAL(38,18) holds exactly, also over 100,000 lines
_SUMMABLE = r"^[+-]?0*\d{0,15}(\.\d{0,18}0*)?$"


@dataclass(frozen=True)
class Grouping:
    """What becomes of the columns of rows with one key; those not named must agree.

    Attributes:
        sums: Columns that are added up, each with the decimals the sum is rounded to (None: not at all).
        joins: Columns whose different texts are put one after the other.
        firsts: Columns of which the first row counts.
    """

    sums: dict[str, int | None]
    joins: tuple[str, ...] = ()
    firsts: tuple[str, ...] = ()


def line_template(template: Template, grouping: Grouping) -> Template:
    """The template of single lines: what is added up is text as yet, for bounds are those of the sum."""
    columns = tuple(
        Column(column.name, Kind.TEXT, column.zh, column.about, column.required)
        if column.name in grouping.sums
        else column
        for column in template.columns
    )
    return replace(template, columns=columns)


def group_lines(
    connection: DuckDBPyConnection, template: Template, grouping: Grouping, options: CheckOptions, target: str
) -> None:
    """Move the rows of table `lines` into `target`: each line with the values of its group, or set aside.

    Every line stays a row, so that it is counted; those after the first are exact repetitions of it.

    Args:
        connection: Scratch connection; `lines` holds rows checked against `line_template`.
        template: What the rows are for.
        grouping: What becomes of the columns.
        options: Time zone and bounds, for the sums.
        target: Table of checked rows.
    """
    _judge_summands(connection, grouping)
    connection.execute(f"CREATE OR REPLACE TABLE grouped AS {_groups(template, grouping)}")
    connection.execute(f"CREATE OR REPLACE TABLE sums AS {_checked_sums(template, grouping, options)}")
    keys = ", ".join(name(column) for column in template.key)
    columns = ", ".join(
        f"{_value(column.name, grouping)} AS {name(column.name)}" for column in template.columns
    )
    own = {column.name: f"CAST(l.{name(column.name)} AS VARCHAR)" for column in template.columns}
    spelled = " ".join(f"WHEN {quoted(column)} THEN {text}" for column, text in own.items())
    key_text = f"concat_ws('|', {', '.join(f'l.{name(column)}' for column in template.key)})"
    key_field = quoted(", ".join(template.key))
    record = record_of({column.name: _own_value(column.name, grouping) for column in template.columns})
    connection.execute(
        f"INSERT INTO {target} BY NAME SELECT l._part, l._line, g._content_hash, g.extra, {columns}, "
        "coalesce(l._reason, CASE WHEN g.is_broken THEN 'group_in_quarantine' "
        "WHEN g.differs IS NOT NULL THEN 'lines_disagree' ELSE s._reason END) AS _reason, "
        f"CASE WHEN l._reason IS NOT NULL THEN l._field WHEN g.is_broken THEN {key_field} "
        "ELSE coalesce(g.differs, s._field) END AS _field, "
        f"CASE WHEN l._reason IS NOT NULL THEN l._value WHEN g.is_broken THEN {key_text} "
        f"WHEN g.differs IS NOT NULL THEN CASE g.differs {spelled} END ELSE s._value END AS _value, "
        f"coalesce(l._record, {record}) AS _record, g.lines AS _lines, "
        "{'part': l._part, 'line': l._line} <> g.first AS _is_repeat "
        f"FROM lines AS l JOIN grouped AS g USING ({keys}) JOIN sums AS s ON s._line = g.number "
        "WHERE NOT l.no_key"
    )
    bad = ", ".join(
        f"NULL AS {name(column.name)}" if column.name in grouping.sums else name(column.name)
        for column in template.columns
    )
    connection.execute(
        f"INSERT INTO {target} BY NAME SELECT _part, _line, _content_hash, extra, {bad}, _field, _reason, _value, "
        "_record, CAST(NULL AS VARCHAR) AS _lines, false AS _is_repeat FROM lines WHERE no_key"
    )


def _judge_summands(connection: DuckDBPyConnection, grouping: Grouping) -> None:
    for column in grouping.sums:
        text = name(column)
        for reason, pattern in (("wrong_type", NUMBER), ("out_of_range", _SUMMABLE)):
            connection.execute(
                f"UPDATE lines SET _reason = {quoted(reason)}, _field = {quoted(column)}, _value = {text} "
                f"WHERE _reason IS NULL AND NOT regexp_matches({text}, {quoted(pattern)})"
            )


def _own_value(column: str, grouping: Grouping) -> str:
    """SQL for a line's own value, NULL where it cannot be added up."""
    text = f"l.{name(column)}"
    if column not in grouping.sums:
        return text
    return f"CASE WHEN regexp_matches({text}, {quoted(_SUMMABLE)}) THEN {text} END"


def _value(column: str, grouping: Grouping) -> str:
    return f"s.{name(column)}" if column in grouping.sums else f"g.{name(column)}"


def _groups(template: Template, grouping: Grouping) -> str:
    keys = ", ".join(name(column) for column in template.key)
    in_order = "ORDER BY _part, _line"
    differs = []
    chosen = []
    for column in (column.name for column in template.columns if column.name not in template.key):
        text = name(column)
        if column in grouping.sums:
            chosen.append(f"sum(TRY_CAST({text} AS {_EXACT})) AS {text}")
        elif column in grouping.joins:
            chosen.append(f"string_agg(DISTINCT {text}, ', ' ORDER BY {text}) AS {text}")
        else:
            chosen.append(f"first({text} {in_order}) AS {text}")
            if column not in grouping.firsts:
                several = f"count(DISTINCT {text}) + CAST(count(*) > count({text}) AS INTEGER) > 1"
                differs.append(f"WHEN {several} THEN {quoted(column)}")
    different = f"CASE {' '.join(differs)} END" if differs else "CAST(NULL AS VARCHAR)"
    return (
        f"SELECT {keys}, {', '.join(chosen)}, {different} AS differs, bool_or(_reason IS NOT NULL) AS is_broken, "
        f"row_number() OVER (ORDER BY min(_line)) AS number, min({{'part': _part, 'line': _line}}) AS first, "
        "CASE WHEN count(DISTINCT _line) > 1 THEN list_aggregate(list_sort(list_distinct(list(_line))), "
        "'string_agg', ',') END AS lines, "
        f"CASE WHEN count(*) > 1 THEN sha256(string_agg(_content_hash, '' {in_order})) "
        "ELSE min(_content_hash) END AS _content_hash, "
        "CASE WHEN count(DISTINCT extra) <= 1 THEN min(extra) "
        f"ELSE '{{\"lines\":[' || string_agg(extra, ',' {in_order}) || ']}}' END AS extra "
        f"FROM lines WHERE NOT no_key GROUP BY {keys}"
    )


def _checked_sums(template: Template, grouping: Grouping, options: CheckOptions) -> str:
    """The sums, typed and judged as a template of their own; `_line` is the number of the group."""
    only = replace(
        template,
        columns=tuple(column for column in template.columns if column.name in grouping.sums),
        one_of=(),
        ordered=(),
        different=(),
    )
    texts = ", ".join(
        f"{_sum_text(column.name, grouping.sums[column.name])} AS x_{column.name}" for column in only.columns
    )
    incoming = (
        "SELECT 0 AS _part, number AS _line, CAST(NULL AS VARCHAR) AS _content_hash, "
        f"CAST(NULL AS VARCHAR) AS extra{', ' if texts else ''}{texts} FROM grouped"
    )
    if not only.columns:
        nothing = ", ".join(
            f"CAST(NULL AS VARCHAR) AS {column}" for column in ("_field", "_reason", "_value")
        )
        return f"SELECT *, {nothing} FROM ({incoming})"
    return checked_query(only, incoming, options)


def _sum_text(column: str, decimals: int | None) -> str:
    total = name(column) if decimals is None else f"CAST(round({name(column)}, {decimals}) AS {_EXACT})"
    return f"rtrim(rtrim(CAST({total} AS VARCHAR), '0'), '.')"
