"""What identifies a calculation: the same data, plans and code give the same run_id and the same marts.

Belongs here: the run_id, the as-of time and the time zone, worked out of the warehouse, and dbt's variables.
Does not belong here: starting dbt (``defs.assets.dbt``), when a calculation is due (``defs.schedules``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.common.warehouse import open_warehouse
from orchestration.errors import InputError
from orchestration.transformation.business_time import end_of_day, read_now

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: the same bounds as for the times of facts (connectors/files/README.md)
_YEARS_BACK, _YEARS_AHEAD = 40, 10
NO_DATA = "1970-01-01 00:00:00"
_LOADS = "select delivery_hash from raw_files.loads order by load_seq"
# deliveries read in another zone, unless the same files were landed again later in the right one
_OTHER_ZONES = """
    select distinct loads.load_id, loads.timezone
    from raw_files.loads as loads
    inner join raw_files.load_files as files on loads.load_id = files.load_id
    where loads.timezone != $zone
        and not exists (
            select 1
            from raw_files.load_files as again
            inner join raw_files.loads as later on again.load_id = later.load_id
            where later.load_seq > loads.load_seq
                and later.timezone = $zone
                and again.entity = files.entity
                and again.file_hash = files.file_hash
        )
    order by loads.load_id
"""
# the KPI catalogue stands beside the plans and has no hash of its own
_PLANS = """
    select plan_hash from raw_plans.plans
    union all
    select md5(string_agg(cast(kpis as varchar), chr(10) order by cast(kpis as varchar)))
    from raw_plans.kpi_catalogue as kpis
    union all
    select md5(string_agg(cast(options as varchar), chr(10) order by cast(options as varchar)))
    from raw_plans.kpi_options as options
"""


@dataclass(frozen=True)
class RunIdentity:
    """One calculation.

    Args:
        run_id: 16 hex digits.
        as_of: UTC time up to which facts are known, ``YYYY-MM-DD HH:MM:SS``, with its fraction of a second if any.
        timezone: IANA name; business dates are counted in it.
        code_version: Release and hash of the computing code.
    """

    run_id: str
    as_of: str
    timezone: str
    code_version: str

    def variables(self) -> dict[str, str]:
        """The environment variables by which dbt is told.

        Not ``--vars``: dbt parses its whole project anew whenever these differ from those of the run before.
        """
        return {
            "INCENTIVES_RUN_ID": self.run_id,
            "INCENTIVES_AS_OF": self.as_of,
            "INCENTIVES_CODE_VERSION": self.code_version,
        }


@dataclass(frozen=True)
class Inputs:
    """What a warehouse holds, as far as it decides the figures.

    Args:
        loads: Delivery hash of each completed load, in order.
        plans: Hash of each loaded plan, and of the KPI catalogue they choose from.
        timezone: The time zone of the plans, None without plans.
        latest: The latest business time that is not in the future, UTC, None without facts.
        future: Rows by template that lie later than one day after the landing.
        other_zones: Deliveries (load id, zone) that were read in another zone than that of the plans.
        ledger: Hash of the last entry of the ledger that is about pay, None before the first.
    """

    loads: tuple[str, ...]
    plans: tuple[str, ...]
    timezone: str | None
    latest: datetime | None
    future: Mapping[str, int] = field(default_factory=dict)
    other_zones: tuple[tuple[str, str], ...] = ()
    ledger: str | None = None


def make_run_id(inputs: Inputs, code: str, as_of: str, timezone: str) -> str:
    """The first 16 hex digits of a SHA-256 over everything a figure depends on.

    Loads count in their order (a later delivery wins), plans do not.
    """
    parts: dict[str, object] = {
        "loads": list(inputs.loads),
        "plans": sorted(inputs.plans),
        "code": code,
        "as_of": as_of,
        "timezone": timezone,
    }
    if inputs.ledger is not None:
        parts["ledger"] = inputs.ledger
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def parse_as_of(text: str, timezone: str) -> str:
    """An as-of time given by hand, as UTC text.

    Without an offset it is in the plans' time zone; a bare date is the end of that business day.

    Raises:
        InputError: It is no ISO 8601 date or time, or none in the life of a company.
    """
    try:
        if len(text) == len("2026-10-31") or (text.isdigit() and len(text) == len("20261031")):
            found = end_of_day(date.fromisoformat(text), timezone)
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=ZoneInfo(timezone))
            found = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise InputError(
            f"--as-of {text!r} is not a valid ISO 8601 time; write 2026-10-31 or 2026-10-31T23:59:59+08:00"
        ) from None
    this_year = datetime.now(UTC).year
    if not this_year - _YEARS_BACK <= found.year <= this_year + _YEARS_AHEAD:
        raise InputError(
            f"--as-of {text!r} is not a time in the life of the company: at most {_YEARS_BACK} years back, "
            f"{_YEARS_AHEAD} ahead"
        )
    return _text(found)


def _text(moment: datetime) -> str:
    """A moment as the models take it, in full precision."""
    return moment.isoformat(sep=" ")


def identify(inputs: Inputs, code: str, timezone: str, as_of: str | None = None) -> RunIdentity:
    """The identity of a calculation over some inputs.

    Args:
        inputs: What the warehouse holds.
        code: The code version.
        timezone: Used when there is no plan to say.
        as_of: An as-of time given by hand; otherwise the latest business time of the data.
    """
    zone = inputs.timezone or timezone
    latest = _text(inputs.latest) if inputs.latest else NO_DATA
    moment = parse_as_of(as_of, zone) if as_of else latest
    run_id = make_run_id(inputs, code, moment, zone)
    return RunIdentity(run_id=run_id, as_of=moment, timezone=zone, code_version=code)


def read_inputs(warehouse: Path, timezone: str = "UTC") -> Inputs:
    """Read from the warehouse what decides the figures.

    Args:
        warehouse: The DuckDB file, with the raw layer and the plan tables in it.
        timezone: The zone in which days end when there is no plan to say.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        zones = connection.execute("select distinct timezone from raw_plans.plans").fetchall()
        zone = str(zones[0][0]) if zones else None
        now = read_now(connection, zone or timezone)
        others = connection.execute(_OTHER_ZONES, {"zone": zone or timezone}).fetchall() if zone else []
        return Inputs(
            loads=_loads(connection),
            plans=tuple(str(row[0]) for row in connection.execute(_PLANS).fetchall()),
            timezone=zone,
            latest=now.latest,
            future=now.future,
            other_zones=tuple((str(load), str(other)) for load, other in others),
            ledger=_ledger(connection),
        )


def _ledger(connection: DuckDBPyConnection) -> str | None:
    """Hash of the last entry of the ledger as it was loaded; None before the first, or where it was never loaded."""
    import duckdb

    try:
        row = connection.execute(
            "select entry_hash from raw_ledger.period_events where event != 'access_changed' order by sequence desc"
        ).fetchone()
    except duckdb.CatalogException:
        return None
    return str(row[0]) if row else None


def refuse_other_zones(inputs: Inputs) -> None:
    """There is one time zone (reading 50): deliveries are read in the zone of the plans that pay them.

    Raises:
        InputError: A delivery was read in another zone; says how to land it again.
    """
    if inputs.other_zones:
        read = ", ".join(f"{load} in {zone}" for load, zone in inputs.other_zones)
        raise InputError(
            f"the plans in force count business days in {inputs.timezone}, but deliveries were read in another time "
            f"zone: {read}. Land the same files again: incentives run --delivery FOLDER (with these plans) reads "
            f"them in {inputs.timezone}, and the rows read before are replaced."
        )


def read_loads(warehouse: Path) -> tuple[str, ...]:
    """The delivery hash of each completed load of the raw layer, in order."""
    with open_warehouse(warehouse, read_only=True) as connection:
        return _loads(connection)


def _loads(connection: DuckDBPyConnection) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in connection.execute(_LOADS).fetchall())


def computed_run(warehouse: Path) -> str | None:
    """The run id that the marts of a warehouse carry; None when there are none."""
    import duckdb

    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            row = connection.execute("select run_id from marts.dim_calculation").fetchone()
        except duckdb.Error:
            return None
    return str(row[0]) if row else None
