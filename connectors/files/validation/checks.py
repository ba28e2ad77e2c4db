"""Typing and checking single values in SQL: text in, typed value and the first broken rule out.

Belongs here: how each kind of value is spelled, and its bounds.
Does not belong here: the words for broken rules (see reasons), rules that look at
several rows (see validate) or at earlier deliveries (see gates).

The SQL runs in the import's own DuckDB, not in the warehouse, so it may use that engine's functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.common.contract import DECIMALS, Column, Kind, Template, sql_type
from connectors.common.sql_text import name, quoted
from connectors.files.scratch import FORMULA, MERGED, SPREADSHEET_ERROR
from connectors.files.validation.bounds import (
    CheckOptions,
    believable,
    date_bounds,
    impossible_offset,
    number_bounds,
    too_precise,
)
from connectors.files.validation.currencies import WORDS, codes

# blanks, and what nobody sees: soft hyphens, joiners of no width, marks of direction
_UNSEEN = r"\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2064}\x{2066}-\x{2069}\x{feff}"
_BLANK = rf"\s\x{{a0}}\x{{3000}}{_UNSEEN}"
_BLANK_EDGE = rf"^[{_BLANK}]|[{_BLANK}]$"
_BLANK_EDGES = rf"^[{_BLANK}]+|[{_BLANK}]+$"
_DAY = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_DATE = rf"^({_DAY})(?:[ T]0{{1,2}}:00(?::00(?:\.0+)?)?)?$"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?"
_OFFSET = r"[Zz]|[+-]\d{2}(?::?\d{2})?"
_MOMENT = rf"^({_DAY})(?:[ T]+({_CLOCK})\s*({_OFFSET})?)?$"
NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$"
_WHOLE_AS_FRACTION = r"\d{7,18}\.0"
_WHOLE = r"^[+-]?\d+(\.0*)?$"
_PERIOD = r"^\d{4}(-(0[1-9]|1[0-2])|-Q[1-4])?$"
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_MONTH_START = r"^\d{4}-\d{2}-01( 00:00:00)?$"
_TRUE = "('true', 't', 'yes', 'y', '1', '是')"
_FALSE = "('false', 'f', 'no', 'n', '0', '否')"
_ROUNDED = r"^[+-]?\d(\.\d+)?[eE]\+{plus}\d{{1,3}}$"
# a date cell where an identifier stood ("3-1" typed into a spreadsheet is the first of March)
_DAY_AS_ID = r"^\d{4}-\d{2}-\d{2} 00:00:00$"
# signs that no name holds: the stand-in for what could not be decoded, and letters of UTF-8 read as another encoding
_SIGNS_OF_1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_CONTINUED = rf"[\x{{80}}-\x{{bf}}{_SIGNS_OF_1252}]"
_GARBLED = rf"\x{{fffd}}|锟斤拷|[ÂÃ]{_CONTINUED}|[â-ï]{_CONTINUED}{{2}}"


@dataclass(frozen=True)
class Flags:
    """What is known of texts before they are checked.

    Attributes:
        unread: Columns for which the rows have `u_<col>`: true where the value is not written as was said.
        unclear: Columns for which they have `a_<col>`: true where a point may part thousands or decimals.
    """

    unread: Sequence[str] = ()
    unclear: Sequence[str] = ()

    @property
    def columns(self) -> list[str]:
        """The columns of the incoming rows that say it."""
        return [*(f"u_{column}" for column in self.unread), *(f"a_{column}" for column in self.unclear)]


_NO_FLAGS = Flags()


def checked_query(template: Template, incoming: str, options: CheckOptions, flags: Flags = _NO_FLAGS) -> str:
    """SQL that types and checks rows of text.

    Args:
        template: The contract of the rows.
        incoming: Query giving _part, _line, _content_hash, extra and `x_<column>` as text for each column.
        options: Time zone and bounds.
        flags: What is known of some texts already.

    Returns:
        A query giving _part, _line, _content_hash, extra, every column typed, `_field` and `_reason` of the
        first broken rule (NULL when the row is good), the offending `_value` as it was written, and of a bad row
        what of it can be read (`_record`, see `record_of`).
    """
    columns = template.columns
    own = "_part, _line, _content_hash, extra"
    trimmed = ", ".join(f"{_trimmed(column)} AS t_{column.name}" for column in columns)
    written = ", ".join([*(f"x_{column.name}" for column in columns), *flags.columns])
    parts = "".join(f", {sql} AS p_{column.name}" for column in columns if (sql := _parsed(column)))
    typed = ", ".join(f"{_typed(column, options)} AS v_{column.name}" for column in columns)
    branches = " ".join(
        f"WHEN {condition} THEN {quoted(f'{field}|{reason}')}"
        for field, reason, condition in _rules(template, options, flags)
    )
    values = ", ".join(f"v_{column.name} AS {name(column.name)}" for column in columns)
    field = "split_part(_problem, '|', 1)"
    readable = {column.name: _readable(column, options, flags) for column in columns}
    spelled = " ".join(f"WHEN {quoted(column.name)} THEN x_{column.name}" for column in columns)
    return f"""
        WITH incoming AS ({incoming}),
        trimmed AS (SELECT {own}, {written}, {trimmed} FROM incoming),
        parsed AS (SELECT *{parts} FROM trimmed),
        typed AS (SELECT *, {typed} FROM parsed),
        judged AS (SELECT *, CASE {branches} END AS _problem FROM typed)
        SELECT {own}, {values},
            {field} AS _field,
            split_part(_problem, '|', 2) AS _reason,
            CASE WHEN _problem IS NOT NULL THEN CASE {field} {spelled} END END AS _value,
            CASE WHEN _problem IS NOT NULL THEN {record_of(readable)} END AS _record
        FROM judged"""


def record_of(values: Mapping[str, str]) -> str:
    """SQL for the columns of a row as a JSON object of texts: what a row in quarantine can be known by.

    Args:
        values: SQL of each column's value by its name; NULL where it cannot be read.
    """
    pairs = ", ".join(f"{quoted(column)}, CAST({value} AS VARCHAR)" for column, value in values.items())
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def _readable(column: Column, options: CheckOptions, flags: Flags) -> str:
    """SQL for the value of a column, NULL when the value breaks a rule of its own."""
    own = (rule for rule in _rules_of(column, options, flags) if rule[0] != "missing_required")
    broken = " OR ".join(f"({condition})" for _, condition in own)
    return f"CASE WHEN {broken} THEN NULL ELSE v_{column.name} END"


def _trimmed(column: Column) -> str:
    written = f"x_{column.name}"
    # two identifiers that look the same are one
    needless = f"{_BLANK_EDGES}|[{_UNSEEN}]+" if column.kind is Kind.ID else _BLANK_EDGES
    pattern = f"{_BLANK_EDGE}|[{_UNSEEN}]" if column.kind is Kind.ID else _BLANK_EDGE
    # replacing is slow, so only texts that need it go there (2026-11: 4 times faster)
    needed = f"regexp_matches({written}, {quoted(pattern)})"
    without = f"regexp_replace({written}, {quoted(needless)}, '', 'g')"
    text = f"nullif(CASE WHEN {needed} THEN {without} ELSE {written} END, '')"
    if column.digits:  # a phone that a program kept as a decimal fraction: 13800138000.0
        whole = f"regexp_full_match({text}, {quoted(_WHOLE_AS_FRACTION)})"
        text = f"CASE WHEN ends_with({written}, '.0') AND {whole} THEN left({text}, -2) ELSE {text} END"
    return text if column.default is None else f"coalesce({text}, {quoted(column.default)})"


def _parsed(column: Column) -> str:
    """SQL that takes the text apart once, for kinds whose parts are used several times."""
    text = f"t_{column.name}"
    if column.kind is Kind.DATE:
        return f"nullif(regexp_extract({text}, {quoted(_DATE)}, 1), '')"
    if column.kind is Kind.TIMESTAMP:
        return f"regexp_extract({text}, {quoted(_MOMENT)}, ['d', 't', 'z'])"
    return ""


def _typed(column: Column, options: CheckOptions) -> str:
    """SQL for the typed value; NULL when the text cannot be read as one."""
    text, parts = f"t_{column.name}", f"p_{column.name}"
    match column.kind:
        case Kind.DATE:
            return f"TRY_CAST(replace({parts}, '/', '-') AS DATE)"
        case Kind.TIMESTAMP:
            seconds = f"CASE WHEN length({parts}.t) BETWEEN 1 AND 5 THEN ':00' ELSE '' END"
            local = f"replace({parts}.d, '/', '-') || ' ' || coalesce(nullif({parts}.t, ''), '00:00') || {seconds}"
            zone = quoted(options.timezone)
            return (
                f"CASE WHEN coalesce({parts}.d, '') = '' THEN NULL "
                f"WHEN {parts}.z = '' THEN timezone('UTC', timezone({zone}, TRY_CAST({local} AS TIMESTAMP))) "
                f"ELSE timezone('UTC', TRY_CAST({local} || upper({parts}.z) AS TIMESTAMPTZ)) END"
            )
        case Kind.COUNT:
            whole = f"regexp_matches({text}, {quoted(_WHOLE)})"
            return f"CASE WHEN {whole} THEN TRY_CAST(split_part({text}, '.', 1) AS BIGINT) END"
        case Kind.BOOL:
            word = f"lower({text})"
            return f"CASE WHEN {word} IN {_TRUE} THEN true WHEN {word} IN {_FALSE} THEN false END"
        case Kind.PERIOD | Kind.MONTH:
            start_of_month = f"regexp_matches({text}, {quoted(_MONTH_START)})"
            return f"CASE WHEN {start_of_month} THEN left({text}, 7) ELSE upper({text}) END"
        case Kind.CURRENCY:
            words = " ".join(f"WHEN {quoted(word)} THEN {quoted(code)}" for word, code in WORDS.items())
            return f"CASE upper({text}) {words} ELSE upper({text}) END"
        case kind if kind in DECIMALS:
            return f"TRY_CAST({text} AS {sql_type(kind)})"
    return f"lower({text})" if column.allowed else text


def _rules(template: Template, options: CheckOptions, flags: Flags) -> Iterator[tuple[str, str, str]]:
    """(field, reason, SQL condition that is true when broken), in the order in which they are reported."""
    for column in template.columns:
        for reason, condition in _rules_of(column, options, flags):
            yield column.name, reason, condition
    for group in template.one_of:
        nothing = " AND ".join(f"t_{column} IS NULL" for column in group)
        yield group[0], "missing_reference", f"({nothing})"
    for start, end in template.ordered:
        yield end, "out_of_order", f"v_{end} < v_{start}"
    for one, other in template.different:
        yield other, "same_person", f"lower(v_{one}) = lower(v_{other})"


def _rules_of(column: Column, options: CheckOptions, flags: Flags) -> Iterator[tuple[str, str]]:
    """(reason, SQL condition that is true when broken) of one column, in the order in which they are reported."""
    text = f"t_{column.name}"
    if column.required:
        yield "missing_required", f"{text} IS NULL"
    yield "formula_without_result", f"starts_with({text}, {quoted(FORMULA)})"
    yield "merged_cells", f"starts_with({text}, {quoted(MERGED)})"
    if column.name in flags.unread:
        yield "not_as_mapped", f"u_{column.name}"
    yield "wrong_type", f"(starts_with({text}, '#') AND regexp_matches({text}, {quoted(SPREADSHEET_ERROR)}))"
    for reason, condition in _value_rules(column, options):
        yield reason, f"({text} IS NOT NULL AND {condition})"
    if column.name in flags.unclear:
        yield "ambiguous_number", f"a_{column.name}"


def _value_rules(column: Column, options: CheckOptions) -> Iterator[tuple[str, str]]:
    text, parts, value = f"t_{column.name}", f"p_{column.name}", f"v_{column.name}"
    yield from _spoilt(column, text)
    match column.kind:
        case Kind.DATE:
            yield "wrong_type", f"{parts} IS NULL"
            yield "impossible_date", f"{value} IS NULL"
            yield "out_of_range", date_bounds(column, value, options)
        case Kind.TIMESTAMP:
            yield "wrong_type", f"coalesce({parts}.d, '') = ''"
            yield "impossible_date", f"({value} IS NULL OR {impossible_offset(f'{parts}.z')})"
            yield "out_of_range", date_bounds(column, value, options)
        case Kind.BOOL:
            yield "wrong_type", f"{value} IS NULL"
        case Kind.PERIOD | Kind.MONTH:
            pattern = _PERIOD if column.kind is Kind.PERIOD else _MONTH
            yield "wrong_type", f"NOT regexp_matches({value}, {quoted(pattern)})"
            years = believable(column.kind, options)
            yield "out_of_range", f"left({value}, 4) NOT BETWEEN '{years[0]}' AND '{years[1]}'"
        case Kind.CURRENCY:
            yield "not_allowed", f"NOT list_contains([{', '.join(map(quoted, codes()))}], {value})"
        case Kind.COUNT:
            yield "wrong_type", f"NOT regexp_matches({text}, {quoted(_WHOLE)})"
            yield "out_of_range", number_bounds(column, value, options)
        case kind if kind in DECIMALS:
            yield "wrong_type", f"NOT regexp_matches({text}, {quoted(NUMBER)})"
            if kind is Kind.MONEY:
                yield "too_precise", too_precise(text, value, DECIMALS[kind][1])
            yield "out_of_range", number_bounds(column, value, options)
    if column.allowed:
        # not IN: the engine turns longer lists into joins, which is far slower inside a CASE (2026-11)
        yield "not_allowed", f"NOT list_contains([{', '.join(quoted(w) for w in column.allowed)}], {value})"


def _spoilt(column: Column, text: str) -> Iterator[tuple[str, str]]:
    """What a spreadsheet or a wrong encoding made of an identifier or a name."""
    if column.digits or column.kind is Kind.ID:
        # the plain search decides for almost all values, and is far faster; an id may well be 2E10
        looks_so = f"contains(lower({text}), 'e')" if column.digits else f"contains({text}, '+')"
        rounded = _ROUNDED.format(plus="?" if column.digits else "")
        yield "digits_lost", f"{looks_so} AND regexp_matches({text}, {quoted(rounded)})"
    if column.kind is Kind.ID:
        at_midnight = f"ends_with({text}, ' 00:00:00')"
        yield "digits_lost", f"{at_midnight} AND regexp_matches({text}, {quoted(_DAY_AS_ID)})"
    if column.kind is Kind.ID or column.identifies:
        yield (
            "garbled_text",
            f"strlen({text}) > length({text}) AND regexp_matches({text}, {quoted(_GARBLED)})",
        )
