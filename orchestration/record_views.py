"""Staging views over some records alone.

    stg_<entity> → stg_files__<entity> → raw_files.<entity>      all records
    the same text → (raw_files.<entity> where …)                 those a condition names

DuckDB applies a condition on a view after it has made all rows of it: the newest version of every record, with the
person it names. Belongs here: the text of the views with the condition on the raw rows. Does not belong here: the
conditions, which say the groups a model needs (``dbt_project/macros/changes/statements.sql``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.files import TEMPLATES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The entities that grow with the business; a row of their views depends on no other record of the entity.
GROWING = ("activities", "customers", "deal_splits", "deals", "journey_events", "leads", "transactions")
#: Stands in the texts for a condition on columns as they are delivered.
CONDITION = "{condition}"


def lay_out_record_views(connection: DuckDBPyConnection) -> None:
    """Fill ``changes.record_views``: by name of a staging view its query over the records that meet a condition."""
    rows = connection.execute("select view_name, sql from duckdb_views() where schema_name = 'staging'")
    definitions = {str(name): _query(str(sql)) for name, sql in rows.fetchall()}
    connection.execute("create table changes.record_views (name varchar, query varchar)")
    for entity in GROWING:
        if f"stg_{entity}" in definitions:
            query = _over_records(entity, definitions)
            connection.execute("insert into changes.record_views values (?, ?)", [f"stg_{entity}", query])


def _query(definition: str) -> str:
    """The query of a view as DuckDB writes it down: CREATE VIEW name AS query;."""
    return definition.split(" AS ", 1)[1].rstrip().removesuffix(";")


def _over_records(entity: str, definitions: dict[str, str]) -> str:
    """The text of an entity's view with its condition.

    All versions of a record are read when one of them meets the condition, for the newest may no longer do so.
    Materialized, all columns of them would be read, three times as slow.
    """
    raw, key = f"raw_files.{entity}", ", ".join(TEMPLATES[entity].key)
    newest = _replaced(definitions[f"stg_files__{entity}"], raw, "records")
    query = _replaced(definitions[f"stg_{entity}"], f"staging.stg_files__{entity}", f"({newest})")
    if entity != "deals" and "staging.stg_deals" in query:
        of_records = f"deal_id in (select deal_id from {raw} where {CONDITION})"
        deals = _over_records("deals", definitions).replace(CONDITION, of_records)
        query = _replaced(query, "staging.stg_deals", deals)
    records = f"select * from {raw} where ({key}) in (select {key} from {raw} where {CONDITION})"
    return f"(with records as not materialized ({records}) select * from ({query}) where {CONDITION})"


def _replaced(query: str, relation: str, other: str) -> str:
    """The query with another relation in the place of one, whatever database stands before its name."""
    return re.sub(rf'(?:\b\w+\.|"[^"]*"\.)?\b{re.escape(relation)}\b', lambda _: other, query)
