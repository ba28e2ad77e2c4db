"""What "now" is for a calculation without ``--as-of``: the latest business moment of the landed data (readings 42, 55).

Belongs here: the times of all facts, which of them lie in the future, the last moment of a day.
Does not belong here: the identity of a run (``transformation.run_identity``), what a later fact does (dbt cuts it).

Which columns count is said by the import contract (``Template.fact_times``): a new template needs no entry here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.common.contract import Column, Kind, Template

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: a fact may be dated so much later than its landing: clocks differ, and so do zones
TOLERANCE = timedelta(days=1)
_COMPLETED = "select load_id from raw_files.loads"
#: a day counts to its end, in the zone of the calculation
_END_OF_DAY = "timezone('UTC', timezone($zone, cast({day} + 1 as timestamp))) - interval 1 microsecond"
_MONTHS = "case length({0}) when 4 then 12 else case when contains({0}, 'Q') then 3 else 1 end end"
_FIRST_MONTH = (
    "case length({0}) when 4 then 1 else case when contains({0}, 'Q') then 3 * cast(right({0}, 1) as integer) - 2 "
    "else cast(right({0}, 2) as integer) end end"
)


@dataclass(frozen=True)
class Now:
    """What the landed data say about the time.

    Attributes:
        latest: The latest business moment that is not in the future, naive UTC; None without facts.
        landed: When the last delivery was landed, naive UTC; None without deliveries.
        future: Rows by template that lie later than one day after the landing.
    """

    latest: datetime | None = None
    landed: datetime | None = None
    future: dict[str, int] = field(default_factory=dict)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of a business day, naive UTC."""
    last = datetime.combine(day, time.max, ZoneInfo(zone))
    return last.astimezone(UTC).replace(tzinfo=None)


def read_now(connection: DuckDBPyConnection, zone: str) -> Now:
    """Read the times of all facts in force.

    Args:
        connection: A connection to the warehouse.
        zone: The time zone in which business dates are counted.
    """
    from connectors.files.templates import TEMPLATES

    found = connection.execute("select max(landed_at) from raw_files.loads").fetchone()
    landed = found[0] if found else None
    if landed is None:
        return Now()
    latest: list[datetime] = []
    future: dict[str, int] = {}
    for template in TEMPLATES.values():
        if template.fact_times:
            moment, later = _times_of(connection, template, zone, landed)
            latest += [] if moment is None else [moment]
            future |= {template.entity: later} if later else {}
    return Now(max(latest, default=None), landed, future)


def _times_of(
    connection: DuckDBPyConnection, template: Template, zone: str, landed: datetime
) -> tuple[datetime | None, int]:
    """The latest moment of a template that is not in the future, and how many rows are."""
    names = [column.name for column in template.fact_times]
    moments = ", ".join(f"{_moment(column)} as {column.name}" for column in template.fact_times)
    latest = ", ".join(f"max({name}) filter ({name} <= $limit)" for name in names)
    later = " or ".join(f"coalesce({name} > $limit, false)" for name in names)
    query = (
        f"select greatest({latest}, null), count(*) filter ({later}) "
        f"from (select {moments} from ({_in_force(template)}) as facts)"
    )
    given = {"zone": zone, "landed": landed, "limit": landed + TOLERANCE}
    used = {name: value for name, value in given.items() if f"${name}" in query}
    found = connection.execute(query, used).fetchone()
    return (found[0], int(found[1])) if found else (None, 0)


def _moment(column: Column) -> str:
    """SQL for the moment a column speaks of, naive UTC."""
    if column.kind is Kind.TIMESTAMP:
        return column.name
    if column.kind is Kind.DATE:
        return _END_OF_DAY.format(day=column.name)
    year = f"cast(left({column.name}, 4) as integer)"
    start = f"make_date({year}, {_FIRST_MONTH.format(column.name)}, 1)"
    months = _MONTHS.format(column.name)
    end = _END_OF_DAY.format(day=f"cast({start} + to_months({months}) - interval 1 day as date)")
    begin = f"timezone('UTC', timezone($zone, cast({start} as timestamp)))"
    return f"case when {begin} <= $landed and {end} > $landed then $landed else {end} end"


def _in_force(template: Template) -> str:
    """SQL for the latest version of every record; what a later load corrected or deleted says nothing about now."""
    table = f"raw_files.{template.entity}"
    same = " and ".join(f"newer.{key} is not distinct from facts.{key}" for key in template.key)
    newer = (
        f"select 1 from {table} as newer where newer._load_id in ({_COMPLETED}) "
        f"and newer._load_seq > (select min(_load_seq) from {table}) "
        f"and newer._load_seq > facts._load_seq and {same}"
    )
    return (
        f"select facts.* from {table} as facts where facts._load_id in ({_COMPLETED}) "
        f"and not coalesce(facts._is_deleted, false) and not exists ({newer})"
    )
