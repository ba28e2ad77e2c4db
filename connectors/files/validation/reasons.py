"""Why a row is set aside, in words: what the reason means, what would have been right, and where to turn.

Belongs here: the texts. Does not belong here: finding a broken rule (see checks, validate, grouping).

The codes are stable: rules, gates and alerts read them in `quarantine.reason`. The texts may change.
"""

from __future__ import annotations

from connectors.common.contract import DECIMALS, Column, Kind, Template
from connectors.files.templates import TEMPLATES

# Every reason a row can be quarantined for, with what it means; the order is that of the checks.
REASONS: dict[str, str] = {
    "wrong_field_count": "the record has more or fewer fields than the header",
    "missing_required": "a required value is empty",
    "missing_reference": "none of the columns that say whom the row is about has a value",
    "formula_without_result": "no spreadsheet has stored the result of the cell's formula",
    "merged_cells": "the cell is merged with others, so its value is not this row's alone",
    "not_as_mapped": "the value is not written as the mapping says",
    "wrong_type": "the value is not of the column's type",
    "digits_lost": "a spreadsheet made another value of an identifier: a rounded number such as 9.13E+17, or a date",
    "garbled_text": "letters were lost when the text was read in a wrong encoding, such as MÃ¼ller or M\ufffdller",
    "impossible_date": "there is no such day, time or offset",
    "not_allowed": "the value is not one of the allowed ones",
    "too_precise": "the amount of money has more than two decimals",
    "ambiguous_number": "a point before three digits may part thousands or decimals, and no other value shows which",
    "out_of_range": "the number or date is outside the allowed range",
    "out_of_order": "an end lies before its beginning",
    "same_person": "two people are needed, and one person is named twice",
    "conflicting_rows": "different rows of this delivery have the same key",
    "key_of_another_source": "a record with this key came from another source",
    "lines_disagree": "lines that the mapping groups differ in a column that is not added up",
    "group_in_quarantine": "another line of the same group is set aside",
}

_README = "connectors/files/README.md"
_IN_THE_FILE = "correct the rows in the source system or in the file, and deliver them again"
# Where to turn, by reason; the rows come in with a later delivery, the whole file need not be repeated.
_ADVICE: dict[str, str] = {
    "wrong_field_count": "look for separators and line breaks inside unquoted text at that line, and export again",
    "formula_without_result": "open the workbook in a spreadsheet program, save it there, and deliver it again",
    "merged_cells": "split the merged cells and fill each of them, then deliver the rows again",
    "not_as_mapped": f"say under `number` or `date_format` how it is written, or correct the rows ({_README})",
    "wrong_type": f"{_IN_THE_FILE}; a file that writes everything so needs a mapping that says it ({_README})",
    "digits_lost": "format the column as text in the spreadsheet, export again; the lost digits are in the source only",
    "garbled_text": "export the rows anew, as UTF-8, from where the names are still right",
    "too_precise": 'if 1.234 is meant as 1234, say so in a mapping with `number: {decimal: ",", thousands: "."}`; else '
    f"round it in the source, or with `number: {{round: 2}}` ({_README})",
    "ambiguous_number": "write 1500 or 1.5, or say what is meant in a mapping: `number: {}` for decimals, else "
    f'`number: {{decimal: ",", thousands: "."}}` ({_README})',
    "same_person": "have another person approve it, then deliver the row with that approver",
    "conflicting_rows": f"keep one row for each key, or say in a mapping which counts: `same_key`, `group` ({_README})",
    "key_of_another_source": "let one source deliver it: leave it out of the others, or give their keys a `prefix`",
    "lines_disagree": f"name the column under `group` as sum, join or first, or correct the lines ({_README})",
    "group_in_quarantine": "correct the other line of the same key; this one comes in with it",
}


def advice(reason: str) -> str:
    """What to do about a reason."""
    return _ADVICE.get(reason, _IN_THE_FILE) if reason in REASONS else ""


def expected(entity: str, field: str, reason: str) -> str:
    """What a value should have been.

    Args:
        entity: The template.
        field: Its column; the key columns where the whole row is meant.
        reason: The reason it was refused for.
    """
    template = TEMPLATES.get(entity)
    if template is None:
        return ""
    of_rows = _of_rows(template, reason)
    column = template.by_name.get(field)
    return of_rows or (_of_value(template, column, reason) if column else "")


def _of_rows(template: Template, reason: str) -> str:
    if reason == "wrong_field_count":
        return "as many fields as the header has"
    if reason == "missing_reference":
        return "; ".join(f"a value in {' or '.join(group)}" for group in template.one_of)
    if reason == "conflicting_rows":
        return f"one row for each {', '.join(template.key)}"
    if reason == "key_of_another_source":
        return f"a {', '.join(template.key)} that no other source delivers"
    if reason == "lines_disagree":
        return "the same value in all lines of a group"
    return "all lines of a group to be good" if reason == "group_in_quarantine" else ""


def _of_value(template: Template, column: Column, reason: str) -> str:
    if reason == "same_person":
        others = [pair[0] for pair in template.different if pair[1] == column.name]
        return f"somebody else than in {', '.join(others)}"
    if reason == "out_of_order":
        starts = [start for start, end in template.ordered if end == column.name]
        return f"not before {', '.join(starts)}"
    if reason == "digits_lost":
        return "all digits, as text"
    if reason == "garbled_text":
        return "the name as it is spelled, such as Müller"
    if reason == "out_of_range":
        return _bounds(column)
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    return _SPELLINGS.get(column.kind, "a text")


_NUMBER = "a number such as 1234.5, without thousands separators, signs of currency or units"
_SPELLINGS: dict[Kind, str] = {
    Kind.DATE: "a day such as 2026-01-31",
    Kind.TIMESTAMP: "a time such as 2026-01-31 09:30 or 2026-01-31T09:30:00+08:00 (offsets from -12:00 to +14:00)",
    Kind.BOOL: "true or false (yes/no, 1/0, 是/否)",
    Kind.PERIOD: "a period: 2026-10, 2026-Q4 or 2026",
    Kind.MONTH: "a month such as 2026-10",
    Kind.CURRENCY: "an ISO 4217 code such as CNY",
    Kind.COUNT: "a whole number such as 12",
    Kind.MONEY: "an amount such as 1234.50, at most two decimals, without thousands separators or signs of currency",
    Kind.RATE: "a share of 1 such as 0.6 for 60 %",
} | {kind: _NUMBER for kind in DECIMALS if kind not in (Kind.MONEY, Kind.RATE)}


def _bounds(column: Column) -> str:
    if column.kind is Kind.DATE:
        return "a day in the life of the company: at most 80 years back, 10 ahead"
    if column.kind in (Kind.TIMESTAMP, Kind.PERIOD, Kind.MONTH):
        return "a time in the life of the company: at most 40 years back, 10 ahead"
    bounds = []
    if column.above_zero:
        bounds.append("above 0")
    if column.low is not None:
        bounds.append(f"at least {column.low}")
    bounds.append("a believable amount" if column.high is None else f"at most {column.high}")
    return ", ".join(bounds)
