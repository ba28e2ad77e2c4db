"""From a payout line back to its sources: line → component → figures and credits → source records → landed rows."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from serving.database import TextRow, literal, open_readonly, require, text_rows
from serving.errors import AmbiguousLineError, UnknownLineError, UnknownPayoutError
from serving.lineage.books import causes_of, entries_of
from serving.lineage.components import component_of, plan_of
from serving.lineage.explanation import ExplainedPayout, Explanation, Figure, SourceRecord
from serving.lineage.inputs import Subject, input_rows, subject_of
from serving.lineage.landed_rows import with_landed_rows
from serving.lineage.records import (
    figures_of,
    has_lineage,
    linked_lines,
    own_keys,
    published_records,
    records_by_key,
)

if TYPE_CHECKING:
    import duckdb

_CANDIDATES = 5
_NEEDED = ("fct_payout_lines", "fct_credits", "fct_deal_sources", "fct_provenance")


def explain_line(database: Path, line_id: str) -> Explanation:
    """Explain one payout line.

    Args:
        database: The warehouse; a published snapshot works too, without landed rows and without the figures between a
            line and its records (the notes then say so).
        line_id: The id of the line, or enough of its first characters to be unique.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it has no payout lines or provenance.
        UnknownLineError: no line begins with `line_id`.
        AmbiguousLineError: several lines do.
    """
    with open_readonly(database) as connection:
        require(connection, database, *_NEEDED)
        return _explained(connection, _find_line(connection, line_id.strip()))


def explain_payout(database: Path, employee_id: str, period: str) -> ExplainedPayout:
    """Explain what somebody is paid for a month: the payout in each currency, and every line behind it.

    Args:
        database: See ``explain_line``.
        employee_id: Whose payout.
        period: The month.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it has no payout lines or provenance.
        UnknownPayoutError: there is no such payout.
    """
    with open_readonly(database) as connection:
        require(connection, database, *_NEEDED, "fct_payouts")
        whose = f"where employee_id = {literal(employee_id)} and period = {literal(period)}"
        payouts = text_rows(connection, f"select * from marts.fct_payouts {whose} order by currency")
        if not payouts:
            raise UnknownPayoutError(employee_id, period)
        order = "order by currency, component, deal_id, transaction_id, line_id"
        lines = text_rows(connection, f"select * from marts.fct_payout_lines {whose} {order}")
        return ExplainedPayout(payouts, tuple(_explained(connection, line) for line in lines))


def _explained(connection: "duckdb.DuckDBPyConnection", line: TextRow) -> Explanation:
    notes: list[str] = []
    subject = subject_of(connection, line)
    deal = _deal(connection, line, notes)
    others, figures, records = _walk(connection, line, notes)
    is_true_up = line["component"] == "true_up"
    if line.get("is_locked") == "true" or is_true_up:
        others, records = _booked(connection, line, notes)
    teams = tuple(sorted({one.subject_id for one in figures if one.scope == "team"}))
    return Explanation(
        line=line,
        component=component_of(connection, line, deal),
        credits=_credits(connection, line, subject),
        deal=deal,
        inputs=input_rows(connection, subject, teams, notes),
        lines=others,
        figures=figures,
        sources=_landed(connection, records, notes),
        plan=plan_of(connection, line, notes),
        ledger=entries_of(connection, line),
        causes=causes_of(connection, line_id=line["line_id"] or "") if is_true_up else (),
        notes=tuple(notes),
    )


def _find_line(connection: "duckdb.DuckDBPyConnection", wanted: str) -> TextRow:
    table = "marts.fct_payout_lines"
    exact = text_rows(connection, f"select * from {table} where line_id = {literal(wanted)} limit 1")
    if exact:
        return exact[0]
    begun: tuple[TextRow, ...] = ()
    if wanted:
        query = (
            f"select * from {table} where starts_with(line_id, {literal(wanted)}) "
            f"order by line_id limit {_CANDIDATES}"
        )
        begun = text_rows(connection, query)
    if not begun:
        count = text_rows(connection, f"select count(*) as lines from {table}")[0]["lines"]
        raise UnknownLineError(wanted, int(count or 0))
    if len(begun) > 1:
        raise AmbiguousLineError(wanted, [row["line_id"] or "" for row in begun])
    return begun[0]


def _credits(connection: "duckdb.DuckDBPyConnection", line: TextRow, subject: Subject) -> tuple[TextRow, ...]:
    """Credits of the line's deal, transaction and pool: the employee's own, else (reassigned) all of them."""
    if not line["deal_id"]:
        return ()
    rows = text_rows(
        connection,
        f"select * from marts.fct_credits where deal_id = {literal(line['deal_id'])} "
        f"and coalesce(transaction_id, '') = {literal(line['transaction_id'] or '')} "
        f"and pool = {literal(line['component'] or '')} order by all",
    )
    own = tuple(row for row in rows if row["employee_id"] == subject.employee_id)
    return own or rows


def _deal(connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]) -> TextRow | None:
    deal_id = line["deal_id"]
    if not deal_id:
        return None
    rows = text_rows(
        connection, f"select * from marts.fct_deal_sources where deal_id = {literal(deal_id)} limit 1"
    )
    if not rows:
        notes.append(f"deal {deal_id} has no deal source")
        return None
    return rows[0]


def _walk(
    connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]
) -> tuple[tuple[TextRow, ...], tuple[Figure, ...], list[SourceRecord]]:
    """Other lines, figures and records; the records of other lines, with those their figures counted, are its own."""
    line_id = line.get("calculated_line_id") or line["line_id"] or ""
    if not has_lineage(connection):
        notes.append("the figures between the line and its rows are not in this database; ask the warehouse")
        return (), (), published_records(connection, line["line_id"] or "")
    others = linked_lines(connection, line_id)
    linked = [other["line_id"] or "" for other in others]
    figures = figures_of(connection, [line_id])
    counted = [*figures, *(figures_of(connection, linked) if linked else ())]
    keys = own_keys(connection, [line_id, *linked])
    for figure in counted:
        for record in figure.records:
            table, _, record_id = record.partition(" ")
            keys.add((table, record_id))
    return others, figures, records_by_key(connection, keys)


def _booked(
    connection: "duckdb.DuckDBPyConnection", line: TextRow, notes: list[str]
) -> tuple[tuple[TextRow, ...], list[SourceRecord]]:
    """Of a locked line and a true-up: the lines it corrects or is corrected by, and the records it rests on."""
    line_id, corrected = line["line_id"] or "", line.get("corrects_line_id") or ""
    if line.get("is_locked") == "true":
        notes.append(
            "the line is locked: its amount stands, and its source rows are those it was locked with; figures and "
            "inputs are those of the present calculation"
        )
    others = text_rows(
        connection,
        f"select * exclude (run_id) from marts.fct_payout_lines where line_id = {literal(corrected)} "
        f"or (corrects_line_id = {literal(corrected or line_id)} and line_id <> {literal(line_id)}) "
        "order by period, line_id",
    )
    return others, published_records(connection, line_id)


def _landed(
    connection: "duckdb.DuckDBPyConnection", records: list[SourceRecord], notes: list[str]
) -> tuple[SourceRecord, ...]:
    if not records:
        notes.append("no source record is known for this line")
    found: list[SourceRecord] = []
    for (source, table), group in groupby(records, key=lambda one: (one.source, one.source_table)):
        found += with_landed_rows(connection, source, table, list(group), notes)
    return tuple(found)
