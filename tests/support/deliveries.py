"""Delivery folders: the rows of a company as CSV files, clean or with injected faults.

Belongs here: writing files and breaking cells. Does not belong here: companies, and what an import makes of it.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors.common.contract import Template
from connectors.files.templates import TEMPLATES
from tests.reference.company import Company
from tests.support.rng import Rng

#: cells no contract allows, or only some: empty, spaces, wrong types, impossible days, huge or negative numbers
FAULTY_CELLS = [
    *(
        "",
        " ",
        "#N/A",
        "n/a",
        "2026-02-30",
        "2026-13-01",
        "31.12.2026",
        "1e400",
        "-1",
        "1.005",
        "12,5",
        "９９",
    ),
    *("yes", "a" * 300, '"', "; drop", "\n", "2026-01-01T25:00", "CNYX", "１", "９", "cancelled"),
]


def write_clean(company: Company, folder: Path) -> int:
    """Write every row of a company to ``<template>.csv``.

    Returns:
        Number of rows written.
    """
    count = 0
    for entity, template in TEMPLATES.items():
        rows = company.rows(entity)
        if rows:
            cells = [[_cell(row.get(name)) for name in template.names] for row in rows]
            _write(folder / f"{entity}.csv", [list(template.names), *cells])
            count += len(rows)
    return count


def write_faulty(company: Company, folder: Path, rng: Rng) -> dict[str, int]:
    """Write the rows with broken cells, repeated rows, contradictions, unknown columns and broken records.

    Returns:
        Number of records written by file name, which is what an import has to account for.
    """
    counts: dict[str, int] = {}
    for entity, template in TEMPLATES.items():
        rows = company.rows(entity)
        if rows:
            records = [[_cell(row.get(name)) for name in template.names] for row in rows]
            header = list(template.names)
            if rng.once_in(3):
                header.append("unknown_column")
                records = [[*record, rng.one("", "kept")] for record in records]
            records = _faulty(records, template, rng)
            _write(folder / f"{entity}.csv", [header, *records])
            counts[f"{entity}.csv"] = len(records)
    return counts


def _faulty(records: list[list[str]], template: Template, rng: Rng) -> list[list[str]]:
    """Every third record is damaged in one of several ways."""
    found: list[list[str]] = []
    for record in records:
        damaged = list(record)
        way = rng.upto(8)
        if way == 0:
            damaged[rng.upto(len(record) - 1)] = rng.of(FAULTY_CELLS)
        elif way == 1:
            found.append(list(record))  # an exact repetition
        elif way == 2:
            other = list(record)
            other[rng.upto(len(record) - 1)] = rng.of(FAULTY_CELLS)
            found.append(other)  # the same key, perhaps with something else in it
        elif way == 3 and len(template.names) > 2:
            damaged = damaged[: rng.between(2, len(damaged))] + rng.one([], ["one", "too", "many"])
        found.append(damaged)
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.isoformat()}+00:00"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _write(path: Path, records: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(records)
