"""From a checked delivery to rows of the raw layer: accepted rows, tombstones, quarantine, counts.

Belongs here: the shape of landed rows. Does not belong here: tables (`tables`), deciding anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connectors.common.contract import Template
from connectors.common.inserting import insert
from connectors.common.sql_text import name, quoted
from connectors.files.raw_layer import tables as raw
from connectors.files.raw_layer.known import DATASET, Load
from connectors.files.validation.gates import tombstone_table
from connectors.files.validation.validate import Checked, table_of


def land_delivery(
    checked: Checked, load: Load, hashes: Mapping[str, str], warehouse: Path, dlt_dir: Path
) -> None:
    """Append a checked delivery to the raw tables; it counts only once `raw.complete_load` was called.

    Args:
        checked: The delivery.
        load: Id and number of this load.
        hashes: File name to sha256.
        warehouse: DuckDB file.
        dlt_dir: Folder for dlt's working state.
    """
    raw.ensure_raw_tables(warehouse, dlt_dir)
    queries = {
        template.entity: _entity_query(checked, template, load)
        for template in checked.templates
        if _has_rows(checked, template)
    }
    queries["load_files"] = _load_files_query(checked, load, hashes)
    queries["quarantine"] = quarantine_query(load)
    insert(DATASET, queries, checked.connection, warehouse)


def _has_rows(checked: Checked, template: Template) -> bool:
    entity = template.entity
    return any(file.accepted or file.deleted for file in checked.files if file.entity == entity)


def _entity_query(checked: Checked, template: Template, load: Load) -> str:
    """Accepted rows, one of each; then the tombstones, which have no line in the file."""
    columns = ", ".join(name(column) for column in template.names)
    entity = template.entity
    files = ", ".join(f"({number}, {quoted(part.source.file)})" for number, part in enumerate(checked.parts))
    query = (
        f"SELECT {columns}, extra, {_load(load)}, f.file AS _file, _line, _lines, _content_hash, false AS _is_deleted "
        f"FROM {table_of(entity)} AS c JOIN (VALUES {files}) AS f(number, file) ON f.number = c._part "
        "WHERE _reason IS NULL AND NOT _is_repeat"
    )
    if any(file.deleted for file in checked.files if file.entity == entity):
        keys = ", ".join(f"{quoted(column)}, {name(column)}" for column in template.key)
        query += (
            f" UNION ALL SELECT {columns}, NULL, {_load(load)}, {quoted(checked.file_names(entity))}, NULL, NULL, "
            f"sha256(CAST(json_object('deleted', json_object({keys})) AS VARCHAR)), true "
            f"FROM {tombstone_table(entity)}"
        )
    return query


def _load(load: Load) -> str:
    return f"{quoted(load.load_id)} AS _load_id, {load.load_seq} AS _load_seq"


def _load_files_query(checked: Checked, load: Load, hashes: Mapping[str, str]) -> str:
    rows = ", ".join(
        f"({quoted(load.load_id)}, {quoted(file.entity)}, {quoted(file.file)}, {quoted(hashes[file.file])}, "
        f"{file.rows_in}, {file.accepted}, {file.duplicates}, {file.quarantined}, {file.filtered}, "
        f"{file.deleted})"
        for file in checked.files
    )
    columns = ", ".join(raw.raw_tables()["load_files"])
    return f"SELECT * FROM (VALUES {rows}) AS t({columns})"


def quarantine_query(load: Load) -> str:
    """SQL for the rows that a load sets aside; where they lie is a line of a file, or a record of a system."""
    return (
        f"SELECT {quoted(load.source)} AS source, source_table, "
        "file || ':' || coalesce(record_id, CAST(line AS VARCHAR)) AS location, file, line, field, value, "
        f'"row", reason, {quoted(load.load_id)} AS load_id, record FROM quarantine'
    )
