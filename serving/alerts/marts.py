"""Reads the alerts of the marts and of the failed checks."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from serving.alerts.model import FAILED_CHECK, Alert, FailedCheck
from serving.database import open_readonly, tables_of

_ALERTS = """
with people as (
    select employee_id, arg_max(name, valid_from) as name from marts.dim_employee group by employee_id
)
select
    a.alert_id, a.kind, a.raised_at, coalesce(a.detail, ''), coalesce(a.customer_key, ''), coalesce(c.name, ''),
    coalesce(a.deal_id, ''), coalesce(a.stage, ''), coalesce(a.responsible_employee_id, ''), coalesce(p.name, ''),
    a.due_at, a.state, a.closed_at
from marts.fct_journey_alerts as a
left join people as p on a.responsible_employee_id = p.employee_id
left join marts.dim_customer as c on a.customer_key = c.customer_key
order by coalesce(a.due_at, a.raised_at), a.alert_id
"""


def read_alerts(database: Path) -> tuple[Alert, ...]:
    """The alerts of the marts, oldest first; none when alerts are not computed.

    Raises:
        DatabaseMissingError: the file does not exist.
    """
    with open_readonly(database) as connection:
        if "fct_journey_alerts" not in tables_of(connection, "marts"):
            return ()
        rows = connection.execute(_ALERTS).fetchall()
    return tuple(_alert(row) for row in rows)


def _alert(row: tuple[Any, ...]) -> Alert:
    (
        alert_id,
        kind,
        raised_at,
        detail,
        customer,
        customer_name,
        deal,
        stage,
        employee,
        name,
        due,
        state,
        closed,
    ) = row
    return Alert(
        alert_id=alert_id,
        kind=kind,
        raised_at=_utc(raised_at) or datetime.fromtimestamp(0, UTC),
        detail=detail,
        customer_key=customer,
        customer_name=customer_name,
        deal_id=deal,
        stage=stage,
        responsible=employee,
        responsible_name=name,
        due_at=_utc(due),
        is_open=state == "open",
        closed_at=_utc(closed),
        is_lapsed=state == "lapsed",
    )


def _utc(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None else None


def check_alerts(failed: Iterable[FailedCheck], now: datetime) -> tuple[Alert, ...]:
    """Failed checks as alerts.

    Args:
        failed: What did not pass.
        now: When it was seen.
    """
    found: dict[str, Alert] = {}
    for one in failed:
        key = f"{FAILED_CHECK}|{one.asset}|{one.check}"
        alert_id = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
        detail = f"{one.asset} {one.check}: {one.about}".rstrip(": ")
        found.setdefault(alert_id, Alert(alert_id, FAILED_CHECK, raised_at=now, detail=detail))
    return tuple(found.values())
