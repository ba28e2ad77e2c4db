"""What was decided by command becomes a row of the import template, landed like any other delivery by the next run.

It happens once; a process that was killed in between leaves the rest to the next one.

Belongs here: these rows. Does not belong here: deciding (``books.cases.decisions``), landing (``steps.landing``), the
way back (``books.cases.noted_rows``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.warehouse import open_warehouse
from ledger import Entry, Event
from ledger.entries.decisions import Case, cases_of
from orchestration.books.home import read_entries
from orchestration.settings import Settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_KEYS = {"adjustments": "adjustment_id", "resolutions": "resolution_id"}
_COMPLETED = "_load_id in (select load_id from raw_files.loads)"


def decided_delivery(settings: Settings) -> Path | None:
    """A delivery folder with the decisions of the ledger that the raw layer does not hold; None without any.

    Args:
        settings: Where everything lies; the raw tables are there.
    """
    entries = read_entries(settings)
    rows = _rows_of(entries)
    if not any(rows.values()):
        return None
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        missing = {name: list(_missing(connection, name, found)) for name, found in rows.items()}
    if not any(missing.values()):
        return None
    folder = settings.books / "decisions" / f"to-entry-{entries[-1].sequence:06d}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in missing.items():
        if found:
            _write(folder / f"{name}.csv", found)
    return folder


def _rows_of(entries: Sequence[Entry]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the import templates for what was decided by command."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in _KEYS}
    for case in cases_of(entries).values():
        if case.closed is None:
            continue
        if case.closed.event is Event.ADJUSTMENT_APPROVED and case.opened is not case.closed:
            found["adjustments"].append(_adjustment(case, case.closed))
        elif case.closed.event is Event.RESOLUTION:
            found["resolutions"].append(_resolution(case))
    return found


def _adjustment(case: Case, approval: Entry) -> dict[str, Any]:
    details = case.opened.details
    return {
        "adjustment_id": case.subject,
        "employee_id": details["employee_id"],
        "period": case.opened.period,
        "amount": details["amount"],
        "currency": details["currency"],
        "reason": case.opened.note,
        "author": case.opened.by,
        "approver": approval.by,
        "dispute_id": details.get("dispute_id"),
    }


def _resolution(case: Case) -> dict[str, Any]:
    details = case.opened.details
    return {
        "resolution_id": case.subject,
        "subject": details["about"],
        "subject_id": details["subject_id"],
        "decision": details["decision"],
        "to_employee_id": details["to_employee_id"],
        "reason": case.opened.note,
        "decided_by": case.opened.by,
        "decided_at": case.opened.at,
    }


def _missing(
    connection: DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Rows whose key no completed load has brought, well or into quarantine."""
    key = _KEYS[name]
    known = f"select {key} from raw_files.{name} where {_COMPLETED}"
    refused = (
        f"select json_extract_string(record, '$.{key}') from raw_files.quarantine where source_table = '{name}' "
        "and record is not null"
    )
    there = {str(row[0]) for query in (known, refused) for row in connection.execute(query).fetchall()}
    yield from (row for row in rows if row[key] not in there)


def _write(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
