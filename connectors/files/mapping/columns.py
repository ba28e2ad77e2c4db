"""SQL for one column: its origin in the file, then the steps of its rule.

Belongs here: origins and steps. Does not belong here: files, rows, lookups (see applying, lookups).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.common.contract import DECIMALS, Column, Kind
from connectors.common.sql_text import quoted
from connectors.common.yaml_document import Key
from connectors.files.mapping.dates import KINDS, read_date
from connectors.files.mapping.model import ColumnRule, SourceFile
from connectors.files.mapping.numbers import read_number
from connectors.files.scratch import known_or

ColumnOf = Callable[[str, tuple[Key, ...]], str]


@dataclass(frozen=True)
class Spelled:
    """A column of a template as SQL over the foreign file.

    Attributes:
        text: SQL for its text.
        unread: SQL that is true where the file writes it otherwise than the mapping says; empty: nowhere.
    """

    text: str
    unread: str = ""


def is_number(kind: Kind) -> bool:
    """Whether a column of this kind holds a number."""
    return kind in DECIMALS or kind is Kind.COUNT


def origin(rule: ColumnRule, column_of: ColumnOf, location: tuple[Key, ...]) -> str:
    """SQL for the text a column starts from; not for lookups."""
    if rule.column is not None:
        return column_of(rule.column, (*location, "column"))
    if rule.constant is not None:
        return quoted(rule.constant)
    if rule.position is not None:
        here = (*location, "position")
        within = [column_of(header, (*here, "within")) for header in rule.position.within]
        by = column_of(rule.position.by, (*here, "by"))
        order = f"try_cast({by} AS TIMESTAMPTZ) NULLS LAST, try_cast({by} AS DECIMAL(38, 9)) NULLS LAST, {by}, r.line"
        number = f"CAST(row_number() OVER (PARTITION BY {', '.join(within)} ORDER BY {order}) AS VARCHAR)"
        return known_or([*within, by], number)
    pieces = [column_of(header, (*location, "join")) for header in rule.join or ()]
    return known_or(pieces, "(" + f" || {quoted(rule.separator)} || ".join(pieces) + ")")


def with_defaults(rule: ColumnRule, column: Column, source: SourceFile) -> ColumnRule:
    """The rule together with what its file says about all numbers and dates; constants stay as they are."""
    if rule.constant is not None or rule.position is not None:
        return rule
    changes: dict[str, object] = {}
    if is_number(column.kind) and rule.number is None:
        changes["number"] = source.number
    if column.kind in KINDS and rule.date_format is None:
        changes["date_format"] = source.date_format
    if column.kind in KINDS and rule.months is None:
        changes["months"] = source.months
    return rule.model_copy(update=changes)


def spell(
    rule: ColumnRule, text: str, column: Column, zone: str, *, typed_cells: bool, is_summed: bool
) -> Spelled:
    """SQL for a column of a template.

    Args:
        rule: How it is filled, defaults included.
        text: SQL of its origin.
        column: The template's column.
        zone: IANA zone in which points in time have their date.
        typed_cells: The file has real numbers besides text.
        is_summed: The column is added up later, and rounded then.
    """
    start = text
    text = _values(rule, text)
    text, not_found = _extracted(rule, text)
    unread = ""
    if rule.number is not None:
        style = rule.number.model_copy(update={"round": None}) if is_summed else rule.number
        read, unread = read_number(text, style, typed_cells=typed_cells)
        text = f"coalesce({read}, {text})"
    if rule.date_format is not None:
        read, unread = read_date(text, rule.date_format, rule.months or {}, column.kind, zone)
        text = read if unread == "false" else f"CASE WHEN {unread} THEN {text} ELSE {read} END"
    if rule.slug:
        dashed = f"regexp_replace(lower(nfc_normalize({text})), '[^\\p{{L}}\\p{{N}}]+', '-', 'g')"
        text = f"nullif(trim({dashed}, '-'), '')"
    if rule.prefix is not None:
        text = f"({quoted(rule.prefix)} || {text})"
    if rule.default is not None:
        text = f"coalesce({text}, {quoted(rule.default)})"
    if text != start:
        text = known_or([start], text)
    wrong = [one for one in (not_found, unread) if one not in ("", "false")]
    return Spelled(text, " OR ".join(f"({one})" for one in wrong) if len(wrong) > 1 else "".join(wrong))


def _extracted(rule: ColumnRule, text: str) -> tuple[str, str]:
    """SQL for what the rule's expression finds, and SQL that is true where it finds nothing."""
    if rule.extract is None:
        return text, ""
    pattern = quoted(rule.extract)
    found = f"regexp_matches({text}, {pattern})"
    kept = f"CASE WHEN {found} THEN nullif(trim(regexp_extract({text}, {pattern}, 1)), '') ELSE {text} END"
    return kept, f"NOT coalesce({found}, true)"


def _values(rule: ColumnRule, text: str) -> str:
    if rule.values is None:
        return text
    branches = " ".join(
        f"WHEN {quoted(old)} THEN {'NULL' if new is None else quoted(new)}"
        for old, new in rule.values.items()
    )
    return f"CASE {text} {branches} ELSE {text if rule.otherwise == 'keep' else 'NULL'} END"
