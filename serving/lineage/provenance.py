"""From a payout line back to its sources: line → credits → deal → source records → landed rows, and the plan."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from serving.database import TextRow, open_readonly, require, tables_of, text_rows
from serving.errors import AmbiguousLineError, UnknownLineError
from serving.lineage.explanation import Explanation, PlanText, SourceRecord
from serving.lineage.landed_rows import with_landed_rows

if TYPE_CHECKING:
    import duckdb

_CANDIDATES = 5


def explain_line(database: Path, line_id: str) -> Explanation:
    """Explain one payout line.

    Args:
        database: The warehouse; a published snapshot works too, without landed rows (the notes then say so).
        line_id: The id of the line, or enough of its first characters to be unique.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it has no payout lines or provenance.
        UnknownLineError: no line begins with `line_id`.
        AmbiguousLineError: several lines do.
    """
    with open_readonly(database) as connection:
        require(connection, database, "fct_payout_lines", "fct_credits", "fct_deal_sources", "fct_provenance")
        notes: list[str] = []
        line = _find_line(connection, line_id.strip())
        return Explanation(
            line=line,
            credits=_credits(connection, line),
            deal=_deal(connection, line, notes),
            sources=_sources(connection, line, notes),
            plan=_plan(connection, line, notes),
            notes=tuple(notes),
        )


def _find_line(connection: "duckdb.DuckDBPyConnection", wanted: str) -> TextRow:
    table = "marts.fct_payout_lines"
    exact = text_rows(connection, f"select * from {table} where line_id = ? limit 1", [wanted])
    if exact:
        return exact[0]
    begun: tuple[TextRow, ...] = ()
    if wanted:
        query = f"select * from {table} where starts_with(line_id, ?) order by line_id limit {_CANDIDATES}"
        begun = text_rows(connection, query, [wanted])
    if not begun:
        count = text_rows(connection, f"select count(*) as lines from {table}")[0]["lines"]
        raise UnknownLineError(wanted, int(count or 0))
    if len(begun) > 1:
        raise AmbiguousLineError(wanted, [row["line_id"] or "" for row in begun])
    return begun[0]


def _credits(connection: "duckdb.DuckDBPyConnection", line: TextRow) -> tuple[TextRow, ...]:
    """Credits of the line's deal, transaction and pool: the employee's own, else (reassigned) all of them."""
    if not line["deal_id"]:
        return ()
    query = (
        "select * from marts.fct_credits where deal_id = ? and coalesce(transaction_id, '') = ? and pool = ? "
        "order by all"
    )
    key = [line["deal_id"], line["transaction_id"] or "", line["component"]]
    rows = text_rows(connection, query, key)
    own = tuple(row for row in rows if row["employee_id"] == line["employee_id"])
    return own or rows


def _deal(connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]) -> TextRow | None:
    if not line["deal_id"]:
        notes.append(f"the line is of no single deal: {line['component']} is earned on the period")
        return None
    rows = text_rows(
        connection, "select * from marts.fct_deal_sources where deal_id = ? limit 1", [line["deal_id"]]
    )
    if not rows:
        notes.append(f"deal {line['deal_id']} has no deal source")
        return None
    return rows[0]


def _sources(
    connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]
) -> tuple[SourceRecord, ...]:
    rows = text_rows(
        connection,
        "select source, source_table, record_id, load_id, content_hash from marts.fct_provenance "
        "where line_id = ? order by source_table <> 'deals', source, source_table, record_id, load_id, content_hash",
        [line["line_id"]],
    )
    if not rows:
        notes.append("no source record is known for this line")
    found: list[SourceRecord] = []
    for (source, table), group in groupby(
        rows, key=lambda row: (row["source"] or "", row["source_table"] or "")
    ):
        records = [_record(row) for row in group]
        found += with_landed_rows(connection, source, table, records, notes)
    return tuple(found)


def _record(row: TextRow) -> SourceRecord:
    return SourceRecord(
        source=row["source"] or "",
        source_table=row["source_table"] or "",
        record_id=row["record_id"] or "",
        load_id=row["load_id"] or "",
        content_hash=row["content_hash"] or "",
    )


def _plan(connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]) -> PlanText | None:
    plan_hash = line["plan_hash"]
    if not plan_hash:
        notes.append("the line names no plan")
        return None
    if "dim_plan_version" not in tables_of(connection, "marts"):
        notes.append("plan texts are not in this database; ask the warehouse")
        return None
    query = (
        "select plan_id, plan_hash, file, content from marts.dim_plan_version where plan_hash = ? "
        "order by plan_id limit 1"
    )
    rows = text_rows(connection, query, [plan_hash])
    if not rows:
        notes.append(f"no loaded plan has the hash {plan_hash}")
        return None
    return PlanText(**{name: value or "" for name, value in rows[0].items()})
