"""What the books say of a payout line: entries of its month, and why a true-up was posted.

Belongs here: rows of `period_ledger` and `fct_true_up_causes`, and the values that differ between two versions of a
record. Does not belong here: the ledger itself, which is not served.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from serving.database import TextRow, literal, tables_of, text_rows

if TYPE_CHECKING:
    import duckdb

LEDGER, CAUSES = "period_ledger", "fct_true_up_causes"
_LIFE = ("calculated", "approved", "locked", "paid", "exported")
_ABOUT_THE_ROW = "_"


def entries_of(connection: "duckdb.DuckDBPyConnection", line: TextRow) -> tuple[TextRow, ...]:
    """Entries of the ledger about the month of a line, and about what it names: an adjustment, its dispute.

    Args:
        connection: The opened database.
        line: With period, component and component_id.
    """
    if LEDGER not in tables_of(connection, "marts"):
        return ()
    events = ", ".join(map(literal, _LIFE))
    subjects = [line.get("component_id") or ""] if line.get("component") == "adjustment" else []
    named = ", ".join(map(literal, [*subjects, line.get("line_id") or ""]))
    return text_rows(
        connection,
        f'select sequence, period, event, "at", "by", lines_hash, entry_hash, code_version, subject, note '
        f"from marts.{LEDGER} where (period = {literal(line['period'] or '')} and event in ({events})) "
        f"or subject in ({named}) order by marts.{LEDGER}.sequence",
    )


def causes_of(
    connection: "duckdb.DuckDBPyConnection", *, line_id: str = "", employee_id: str = "", period: str = ""
) -> tuple[TextRow, ...]:
    """Causes of a true-up, or of all of an employee and month; with the values that differ in `changed_values`."""
    if CAUSES not in tables_of(connection, "marts"):
        return ()
    condition = (
        f"line_id = {literal(line_id)}"
        if line_id
        else f"employee_id = {literal(employee_id)} and period = {literal(period)}"
    )
    rows = text_rows(
        connection,
        f"select * from marts.{CAUSES} where {condition} "
        "order by origin_period, line_id, change <> 'changed', source_table, record_id",
    )
    return tuple(_with_changes(row) for row in rows)


def _with_changes(row: TextRow) -> TextRow:
    found = {name: value for name, value in row.items() if name not in {"old_values", "new_values"}}
    return found | {"changed_values": changed_values(row["old_values"], row["new_values"])}


def changed_values(old: str | None, new: str | None) -> str:
    """The values that differ between two versions of a record, `column: old → new`; of one version alone its values."""
    before, after = _values(old), _values(new)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if old is None or new is None:
        return "; ".join(f"{name} {value}" for name, value in (before or after).items())
    return "; ".join(f"{name}: {_shown(before.get(name))} → {_shown(after.get(name))}" for name in names)


def _values(text: str | None) -> Mapping[str, Any]:
    """Delivered values of a row, without those that are missing and what the landing added."""
    if text is None:
        return {}
    return {
        name: value
        for name, value in json.loads(text).items()
        if value is not None and not name.startswith(_ABOUT_THE_ROW) and name != "extra"
    }


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)
