"""The landed rows of source records: file, line and values, where the database has the raw tables.

This is the only module of the package that reads raw tables: a published snapshot has none.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from serving.database import TextRow, columns_of, literal, quoted, text_rows
from serving.lineage.explanation import SourceRecord

if TYPE_CHECKING:
    import duckdb

#: rows of every source lie in the tables of the templates
RAW = "raw_files"
_LANDING = ("_load_id", "_load_seq", "_file", "_line", "_content_hash", "_is_deleted")


def with_landed_rows(
    connection: "duckdb.DuckDBPyConnection",
    source: str,
    table: str,
    records: list[SourceRecord],
    notes: list[str],
) -> list[SourceRecord]:
    """Add file, line and values to the source records of one table.

    Args:
        connection: The opened database.
        source: Source of the records, for notes.
        table: Table of the records.
        records: The records.
        notes: Takes what was not found.
    """
    schema = RAW
    if "_content_hash" not in columns_of(connection, schema, table):
        notes.append(f"landed rows of {source}.{table} are not in this database; ask the warehouse")
        return records
    landed: dict[tuple[str | None, str | None], list[TextRow]] = {}
    hashes = ", ".join(literal(record.content_hash) for record in records)
    for row in text_rows(
        connection,
        f"select * from {quoted(schema)}.{quoted(table)} where _content_hash in ({hashes}) order by _line",
    ):
        landed.setdefault((row["_load_id"], row["_content_hash"]), []).append(row)
    return [
        _with_row(record, landed.get((record.load_id, record.content_hash), []), notes) for record in records
    ]


def _with_row(record: SourceRecord, rows: list[TextRow], notes: list[str]) -> SourceRecord:
    # The same content may stand under two keys: the record's key decides.
    parts = set(record.record_id.split("|"))
    row = next((row for row in rows if parts <= set(row.values())), rows[0] if rows else None)
    if row is None:
        name = f"{record.source}.{record.source_table} {record.record_id}"
        notes.append(f"the landed row of {name} was not found in load {record.load_id}")
        return record
    return replace(
        record,
        file=row["_file"],
        line=None if row["_line"] is None else int(row["_line"]),
        values={
            column: value
            for column, value in row.items()
            if column not in _LANDING and (column != "_lines" or value is not None)
        },
    )
