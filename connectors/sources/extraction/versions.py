"""Which of the records that were read are new versions: compared with the last ones by the hash of their content.

Belongs here: the scratch tables of one resource, what is new, what was deleted, what a cut-off answer looks like.
Does not belong here: fetching, landing (`raw_layer`).
"""

from __future__ import annotations

import datetime as dt

from connectors.common.sql_text import quoted
from connectors.files.scratch import scalar
from connectors.sources.errors import SourceFailed
from connectors.sources.extraction.cursors import is_later
from connectors.sources.extraction.incoming import Incoming
from connectors.sources.extraction.raw_layer import Account, KnownRecords
from connectors.sources.model import Days

#: SQL: of records with the same key only the last that came
_LAST = "QUALIFY row_number() OVER (PARTITION BY record_id ORDER BY position DESC) = 1"


def settle(
    incoming: Incoming,
    known: KnownRecords,
    *,
    is_complete: bool,
    cursor: str | None,
    days: Days | None,
    allow_shrink: bool,
) -> tuple[str, Account]:
    """The new versions of a resource, and the account of its extraction.

    Args:
        incoming: What was read.
        known: The versions there are.
        is_complete: Whether all was read; otherwise nothing is said about deletions.
        cursor: Cursor before this extraction.
        days: Days that were read, of a report of days: what they no longer hold is deleted.
        allow_shrink: Let an answer pass that looks cut off.

    Returns:
        SQL that gives record_id, record, content_hash, is_deleted, cursor_value of each new version.

    Raises:
        SourceFailed: The answer looks cut off.
    """
    resource, connection = incoming.resource, incoming.connection
    new = f"new_{resource.name}"
    latest = _find_new(incoming, known, new)
    listed = {"full": incoming.table}.get(resource.write_mode, incoming.keys if resource.sweep else None)
    if is_complete and (days is not None or listed is not None):
        within = "true" if days is None else _within(days)
        if latest is not None:
            _refuse_cut_off(incoming, latest, listed or incoming.table, within, allow_shrink=allow_shrink)
            _mark_missing(incoming, known, latest, new, listed or incoming.table, within)
    rows = scalar(connection, f"SELECT count(*) FROM {new}")
    deleted = scalar(connection, f"SELECT count(*) FROM {new} WHERE is_deleted")
    later = incoming.cursor if cursor is None or is_later(incoming.cursor, cursor) else cursor
    account = Account(resource.name, is_complete, incoming.rows, rows, deleted, later, incoming.types)
    return f"SELECT * FROM {new}", account


def _within(days: Days) -> str:
    """SQL: a record is of these days; its cursor is its day."""
    return f"substr(cursor_value, 1, 10) BETWEEN '{days.first}' AND '{days.last}'"


def _find_new(incoming: Incoming, known: KnownRecords, new: str) -> str | None:
    """Make `new`: the records that differ from their last versions, which stand in the table that is returned.

    Where nothing is known all are new: they are hashed as they are landed, and lie nowhere before.
    """
    resource, connection = incoming.resource, incoming.connection
    latest, columns = f"latest_{resource.name}", "record_id, content_hash, is_deleted, cursor_value"
    connection.execute(
        f"CREATE OR REPLACE TABLE {latest} AS SELECT {columns} FROM ({known.latest(resource.name)})"
    )
    hashed = (
        "SELECT record_id, record, sha256(record) AS content_hash, is_deleted, cursor_value "
        f"FROM {incoming.table} {'' if _comes_once(incoming) else _LAST}"
    )
    if not scalar(connection, f"SELECT count(*) FROM {latest}"):
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {new} AS {hashed}")
        return None
    connection.execute(
        f"CREATE OR REPLACE TABLE {new} AS SELECT i.* FROM ({hashed}) AS i ANTI JOIN {latest} AS l "
        "ON i.record_id = l.record_id AND i.content_hash = l.content_hash AND i.is_deleted = l.is_deleted"
    )
    return latest


def _comes_once(incoming: Incoming) -> bool:
    """Whether no key comes twice: the system vouches for it, or no two have the same hash.

    A list of texts takes more memory than hashes; two that fall together cost a step, and no record.
    """
    if incoming.keys_are_distinct:
        return True
    twice = f"SELECT count(*) - count(DISTINCT hash(record_id)) FROM {incoming.table}"
    return not scalar(incoming.connection, twice)


def _refuse_cut_off(incoming: Incoming, latest: str, listed: str, within: str, *, allow_shrink: bool) -> None:
    connection = incoming.connection
    live = scalar(connection, f"SELECT count(*) FROM {latest} WHERE NOT is_deleted AND {within}")
    kept = scalar(
        connection,
        f"SELECT count(*) FROM {latest} AS l SEMI JOIN {listed} AS k ON l.record_id = k.record_id "
        f"WHERE NOT l.is_deleted AND {within}",
    )
    if kept * 2 < live and not allow_shrink:
        raise SourceFailed(
            f"the answer looks cut off: it holds {kept} of the {live} records that are known",
            hint="extract again; if so many were deleted there, extract with --allow-shrink",
        )


def _mark_missing(
    incoming: Incoming, known: KnownRecords, latest: str, new: str, listed: str, within: str
) -> None:
    """Add versions of records that are no longer there, and of those that only a list of keys had missed."""
    resource = incoming.resource
    gone = (
        f"SELECT record_id, true AS is_deleted FROM {latest} AS l ANTI JOIN {listed} AS k "
        f"ON l.record_id = k.record_id WHERE NOT l.is_deleted AND {within}"
    )
    back = ""
    if listed == incoming.keys and resource.deleted_flag is None:
        # a list of keys that was not whole made it look deleted
        back = (
            f"UNION ALL SELECT record_id, false AS is_deleted FROM {latest} AS l SEMI JOIN {listed} AS k "
            f"ON l.record_id = k.record_id ANTI JOIN {incoming.table} AS i ON l.record_id = i.record_id "
            f"WHERE l.is_deleted AND {within}"
        )
    turned = f"turned_{resource.name}"
    incoming.connection.execute(f"CREATE OR REPLACE TABLE {turned} AS {gone} {back}")
    if scalar(incoming.connection, f"SELECT count(*) FROM {turned}"):
        incoming.connection.execute(
            f"INSERT INTO {new} BY NAME SELECT record_id, record, content_hash, t.is_deleted, cursor_value "
            f"FROM ({known.latest(resource.name)}) AS l JOIN {turned} AS t USING (record_id)"
        )


def version_query(query: str, instance: str, load_id: str, load_seq: int) -> str:
    """New versions with the columns of the table they are landed in."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None).isoformat(sep=" ")
    return (
        f"SELECT {quoted(instance)} AS instance, record_id, record, content_hash, is_deleted, cursor_value, "
        f"{quoted(load_id)} AS load_id, CAST({load_seq} AS BIGINT) AS load_seq, "
        f"TIMESTAMP {quoted(now)} AS extracted_at "
        f"FROM ({query})"
    )
