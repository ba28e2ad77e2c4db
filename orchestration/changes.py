"""What changed since the last calculation, so that the next one computes that alone.

    last completed calculation + raw tables → what to do → schema `changes`: registry, changed rows of each entity

Belongs here: when a calculation may follow changes, the changed rows of the raw tables, the mark of a completed one.
Does not belong here: what a model makes of them (the macros in ``dbt_project/macros/changes``), starting dbt.

The changed rows of an entity are all versions of every record that a new load brought or that came into sight because
the as-of time moved on: wide enough to hold what a model read before and what it reads now.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.contract import Kind, Template
from connectors.files import TEMPLATES
from orchestration.record_views import lay_out_record_views
from orchestration.run_identity import RunIdentity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EVERYTHING = "everything"
CHANGES = "changes"
#: By which dbt is told; not the setting INCENTIVES_COMPUTE, which must not reach trials of other plans.
VARIABLE = "INCENTIVES_DBT_COMPUTE"
#: Who is meant by an employee column of any other entity hangs on these.
PEOPLE = ("employees", "source_users")
#: A deal, its splits and its transactions come into sight together.
OF_A_DEAL = ("deals", "deal_splits", "transactions")
_KEPT = {"last_calculation", "last_loads"}


def prepare(connection: DuckDBPyConnection, identity: RunIdentity, plans: str) -> str:
    """Open a calculation: decide what it computes, and lay out what changed.

    Until `complete` is called the calculation counts as broken off, and the next one computes everything.

    Args:
        connection: The warehouse, writable.
        identity: The calculation to come.
        plans: What names the plans in force.

    Returns:
        ``everything`` or ``changes``, the value of the environment variable `VARIABLE`.
    """
    connection.execute("create schema if not exists changes")
    if not _follows_last(connection, identity, plans):
        forget(connection)
        return EVERYTHING
    _clear(connection, keep=_KEPT)
    connection.execute("create table changes.registry (name varchar)")
    _lay_out(connection, identity)
    lay_out_record_views(connection)
    connection.execute("update changes.last_calculation set is_complete = false")
    return CHANGES


def complete(
    connection: DuckDBPyConnection, identity: RunIdentity, plans: str, computed: str = EVERYTHING
) -> None:
    """Mark a calculation as the one the next may follow; every model is computed and every test passed.

    Args:
        connection: The warehouse, writable.
        identity: The calculation.
        plans: What names the plans in force.
        computed: What `prepare` decided.
    """
    forget(connection)
    connection.execute(
        "create or replace table changes.last_calculation as select ? as code_version, ? as timezone, "
        "? as plans, cast(? as timestamp) as as_of, ? as computed, true as is_complete",
        [identity.code_version, identity.timezone, plans, identity.as_of, computed],
    )
    connection.execute("create or replace table changes.last_loads as select load_id from raw_files.loads")


def last_computed(warehouse: Path) -> str:
    """What the last complete calculation of a warehouse computed; empty when there is none."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        if not _kept_tables(connection) >= _KEPT:
            return ""
        row = connection.execute("select computed from changes.last_calculation where is_complete").fetchone()
    return str(row[0]) if row else ""


def forget(connection: DuckDBPyConnection) -> None:
    """Make the next calculation compute everything: this one leaves the models out of step with each other."""
    connection.execute("create schema if not exists changes")
    _clear(connection, keep=set())


def _follows_last(connection: DuckDBPyConnection, identity: RunIdentity, plans: str) -> bool:
    """Whether the same code under the same plans went through before, up to an earlier or equal time."""
    if not _kept_tables(connection) >= _KEPT:
        return False
    same = connection.execute(
        "select count(*) from changes.last_calculation where is_complete and code_version = ? and timezone = ? "
        "and plans = ? and as_of <= cast(? as timestamp)",
        [identity.code_version, identity.timezone, plans, identity.as_of],
    ).fetchone()
    if not same or not same[0]:
        return False
    gone = "select count(*) from changes.last_loads anti join raw_files.loads using (load_id)"
    new = _is_new(connection)
    people = " union all ".join(f"select count(*) from raw_files.{entity} where {new}" for entity in PEOPLE)
    counts = connection.execute(f"{gone} union all {people}").fetchall()
    return not any(row[0] for row in counts)


def _is_new(connection: DuckDBPyConnection) -> str:
    """Whether a row came with a load since; the number of the first lets DuckDB pass over older blocks."""
    loads = connection.execute(
        "select load_id, load_seq from raw_files.loads anti join changes.last_loads using (load_id) order by load_seq"
    ).fetchall()
    if not loads:
        return "false"
    names = ", ".join(f"'{load_id}'" for load_id, _ in loads)
    return f"(_load_seq >= {loads[0][1]} and _load_id in ({names}))"


def _lay_out(connection: DuckDBPyConnection, identity: RunIdentity) -> None:
    """Fill the registry with what changed before any model, and lay the changed rows beside it."""
    new = _is_new(connection)
    changed = {
        entity: _changed_rows(
            connection, template, f"{new} or {_came_into_sight(connection, template, identity)}"
        )
        for entity, template in TEMPLATES.items()
    }
    of_deals = [entity for entity in OF_A_DEAL if changed[entity]]
    if of_deals:
        connection.execute(
            "create table changes.keys_of_deals as "
            + " union ".join(f"select deal_id from changes.rows_{entity}" for entity in of_deals)
        )
        for entity in OF_A_DEAL:
            connection.execute(
                f"create or replace table changes.rows_{entity} as select * from raw_files.{entity} "
                "where deal_id in (from changes.keys_of_deals)"
            )
    for entity, is_changed in changed.items():
        if is_changed:
            connection.execute(f"insert into changes.registry values ('files.{entity}')")
        connection.execute(f"create view changes.stg_{entity} as from changes.rows_{entity}")
    connection.execute(
        "insert into changes.registry select unnest(['files.loads', 'files.load_files', 'files.quarantine']) "
        "where exists (select 1 from raw_files.loads anti join changes.last_loads using (load_id))"
    )


def _changed_rows(connection: DuckDBPyConnection, template: Template, is_changed: str) -> bool:
    """Lay out all versions of the records of one entity that changed; whether there are any."""
    raw, keys = f"raw_files.{template.entity}", _key(template)
    counted = connection.execute(
        f"create table changes.rows_{template.entity} as select * from {raw} where ({keys}) in "
        f"(select {keys} from {raw} where {is_changed})"
    ).fetchone()
    return bool(counted and counted[0])


def _key(template: Template) -> str:
    """The key as SQL; optional parts of it are compared as texts that are never missing."""
    return ", ".join(
        column if template.by_name[column].required else f"coalesce(cast({column} as varchar), '')"
        for column in template.key
    )


def _came_into_sight(connection: DuckDBPyConnection, template: Template, identity: RunIdentity) -> str:
    """Whether one of a row's moments lies after the last as-of time, up to this one; days a day wider on both ends."""
    row = connection.execute("select as_of from changes.last_calculation").fetchone()
    last, now = f"timestamp '{row[0] if row else identity.as_of}'", f"timestamp '{identity.as_of}'"
    bounds = {
        Kind.TIMESTAMP: (last, now),
        Kind.DATE: (f"cast({last} as date) - 1", f"cast({now} as date) + 1"),
    }
    found = [
        f"({column.name} > {bounds[column.kind][0]} and {column.name} <= {bounds[column.kind][1]})"
        for column in template.columns
        if column.kind in bounds
    ]
    return " or ".join(found) or "false"


def _kept_tables(connection: DuckDBPyConnection) -> set[str]:
    rows = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'changes'"
    ).fetchall()
    return {str(row[0]) for row in rows}


def _clear(connection: DuckDBPyConnection, keep: set[str]) -> None:
    """Drop what an earlier calculation laid out."""
    views = "select view_name from duckdb_views() where schema_name = 'changes'"
    for (view,) in connection.execute(views).fetchall():
        connection.execute(f'drop view changes."{view}"')
    for table in sorted(_kept_tables(connection) - keep):
        connection.execute(f'drop table changes."{table}"')
