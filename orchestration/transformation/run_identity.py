"""What identifies a calculation: the same data, plans and code give the same run_id and the same marts.

Belongs here: the run_id, the as-of time and the time zone, worked out of the warehouse, and dbt's variables.
Does not belong here: starting dbt (``defs.assets.dbt``), when a calculation is due (``defs.schedules``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.common.warehouse import open_warehouse
from orchestration.errors import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NO_DATA = "1970-01-01 00:00:00"
BUSINESS_TIMES = {
    "leads": "created_at",
    "deals": "signed_at",
    "transactions": "occurred_at",
    "activities": "started_at",
    "journey_events": "occurred_at",
}
_COMPLETED = "select load_id from raw_files.loads"
_LATEST = "select max(moment) from ({})".format(
    " union all ".join(
        f"select max({column}) as moment from raw_files.{table} where _load_id in ({_COMPLETED})"
        for table, column in BUSINESS_TIMES.items()
    )
)
_LOADS = "select delivery_hash from raw_files.loads order by load_seq"
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
        as_of: UTC time up to which facts are known, ``YYYY-MM-DD HH:MM:SS``.
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
        latest: The latest business time, UTC, None without facts.
    """

    loads: tuple[str, ...]
    plans: tuple[str, ...]
    timezone: str | None
    latest: datetime | None


def make_run_id(loads: Iterable[str], plans: Iterable[str], code: str, as_of: str, timezone: str) -> str:
    """The first 16 hex digits of a SHA-256 over everything a figure depends on.

    Loads count in their order (a later delivery wins), plans do not.
    """
    parts = {
        "loads": list(loads),
        "plans": sorted(plans),
        "code": code,
        "as_of": as_of,
        "timezone": timezone,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def parse_as_of(text: str, timezone: str) -> str:
    """An as-of time given by hand, as UTC text; without an offset it is in the plans' time zone.

    Raises:
        InputError: It is no ISO 8601 date or time.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"--as-of {text!r} is not a valid ISO 8601 time; write 2026-10-31 or 2026-10-31T23:59:59+08:00"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(timezone))
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def identify(inputs: Inputs, code: str, timezone: str, as_of: str | None = None) -> RunIdentity:
    """The identity of a calculation over some inputs.

    Args:
        inputs: What the warehouse holds.
        code: The code version.
        timezone: Used when there is no plan to say.
        as_of: An as-of time given by hand; otherwise the latest business time of the data.
    """
    zone = inputs.timezone or timezone
    latest = inputs.latest.strftime("%Y-%m-%d %H:%M:%S") if inputs.latest else NO_DATA
    moment = parse_as_of(as_of, zone) if as_of else latest
    run_id = make_run_id(inputs.loads, inputs.plans, code, moment, zone)
    return RunIdentity(run_id=run_id, as_of=moment, timezone=zone, code_version=code)


def read_inputs(warehouse: Path) -> Inputs:
    """Read from the warehouse what decides the figures.

    Args:
        warehouse: The DuckDB file, with the raw layer and the plan tables in it.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        zones = connection.execute("select distinct timezone from raw_plans.plans").fetchall()
        latest = connection.execute(_LATEST).fetchone()
        return Inputs(
            loads=_loads(connection),
            plans=tuple(str(row[0]) for row in connection.execute(_PLANS).fetchall()),
            timezone=zones[0][0] if zones else None,
            latest=latest[0] if latest else None,
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
            row = connection.execute("select run_id from staging.stg_calculation").fetchone()
        except duckdb.Error:
            return None
    return str(row[0]) if row else None
