"""The known alerts, in an SQLite file beside the outbox; every change is a transaction on disk."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from serving.alerts.model import FAILED_CHECK, Alert, Changes
from serving.alerts.outbox import SCHEMA, Outbox
from serving.errors import ServingError

_SCHEMA = """
create table if not exists alerts (
    alert_id text primary key, occurrence integer not null, is_open integer not null, kind text not null,
    raised_at text not null, due_at text, closed_at text, detail text not null, customer_key text not null,
    customer_name text not null, deal_id text not null, stage text not null, responsible text not null,
    responsible_name text not null);
"""
_FIELDS = (
    "alert_id, occurrence, is_open, kind, raised_at, due_at, closed_at, detail, customer_key, customer_name, deal_id,"
    " stage, responsible, responsible_name"
)
_UPSERT = f"""
insert into alerts ({_FIELDS}) values (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (alert_id) do update set
    occurrence = occurrence + (excluded.is_open and not is_open), is_open = excluded.is_open, kind = excluded.kind,
    raised_at = case when kind = '{FAILED_CHECK}' and is_open then raised_at else excluded.raised_at end,
    due_at = excluded.due_at, closed_at = excluded.closed_at, detail = excluded.detail,
    customer_key = excluded.customer_key, customer_name = excluded.customer_name, deal_id = excluded.deal_id,
    stage = excluded.stage, responsible = excluded.responsible, responsible_name = excluded.responsible_name
"""


class Store(Outbox):
    """The whole state: alerts and outbox. Only the holder of the sender's lock may write."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, also when the process is killed."""
        self._connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def sync(
        self, alerts: Iterable[Alert], *, marts_known: bool, checks_known: bool, now: datetime
    ) -> Changes:
        """Take in the present alerts; what is gone counts as closed.

        Args:
            alerts: Those of the marts and the failed checks.
            marts_known: False leaves alerts of the marts that are not among them as they are.
            checks_known: The same for failed checks.
            now: Time of closing of what is gone.

        Returns:
            How many were raised, closed and lapsed.
        """
        before = self._open_ids()
        present = list(alerts)
        rows = [_row(alert) for alert in present]
        self._connection.executemany(_UPSERT, rows)
        known = [kind for kind, is_known in (("=", checks_known), ("!=", marts_known)) if is_known]
        self._connection.execute("create temp table if not exists present (alert_id text primary key)")
        self._connection.execute("delete from present")
        self._connection.executemany("insert or ignore into present values (?)", [(row[0],) for row in rows])
        for comparison in known:
            self._connection.execute(
                f"update alerts set is_open = 0, closed_at = ? where is_open and kind {comparison} ? "
                "and alert_id not in (select alert_id from present)",
                [now.isoformat(), FAILED_CHECK],
            )
        after = self._open_ids()
        closed = before - after
        lapsed = {alert.alert_id for alert in present if alert.is_lapsed}
        return Changes(len(after - before), len(closed), sum(one in lapsed for one, _ in closed))

    def _open_ids(self) -> set[tuple[str, int]]:
        return set(self._connection.execute("select alert_id, occurrence from alerts where is_open"))

    def alerts(self, where: str = "is_open", parameters: Sequence[Any] = ()) -> tuple[Alert, ...]:
        """Alerts that meet a condition, oldest first."""
        rows = self._connection.execute(
            f"select {_FIELDS} from alerts where {where} order by coalesce(due_at, raised_at), alert_id",
            parameters,
        )
        return tuple(_alert(row) for row in rows)

    def untold(self, channel: str) -> tuple[Alert, ...]:
        """Open alerts no message of the channel tells of."""
        return self.alerts(
            "is_open and not exists (select 1 from told where channel = ? and told.alert_id = alerts.alert_id "
            "and told.occurrence = alerts.occurrence and event = 'raised')",
            [channel],
        )

    def closed(self, channel: str) -> tuple[Alert, ...]:
        """Closed alerts the channel knows to be open."""
        return self.alerts(
            "not is_open and exists (select 1 from told where channel = ? and told.alert_id = alerts.alert_id "
            "and told.occurrence = alerts.occurrence and event = 'raised') and not exists (select 1 from told "
            "where channel = ? and told.alert_id = alerts.alert_id and told.occurrence = alerts.occurrence "
            "and event = 'closed')",
            [channel, channel],
        )


class DamagedStateError(ServingError):
    """The state of the alerts cannot be read."""

    exit_code = 2

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(
            f"the state of the alerts in {path} is damaged ({error})",
            "Move the file away and run the command again; alerts that are open are then sent once more.",
        )


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open the state, making it when there is none.

    Args:
        path: The SQLite file; its folder is made.

    Raises:
        DamagedStateError: The file is no sound SQLite database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("pragma synchronous = full")
        connection.executescript(_SCHEMA + SCHEMA)
        yield Store(connection)
    except sqlite3.OperationalError:
        raise  # busy, full or read-only: the file itself is sound
    except sqlite3.DatabaseError as error:
        raise DamagedStateError(path, error) from error
    finally:
        connection.close()


def _row(alert: Alert) -> tuple[Any, ...]:
    return (
        alert.alert_id, alert.is_open, alert.kind, _text(alert.raised_at), _text(alert.due_at), _text(alert.closed_at),
        alert.detail, alert.customer_key, alert.customer_name, alert.deal_id, alert.stage, alert.responsible,
        alert.responsible_name,
    )  # fmt: skip


def _alert(row: tuple[Any, ...]) -> Alert:
    alert_id, occurrence, is_open, kind, raised, due, closed, detail, customer, customer_name, deal, stage = (
        row[:12]
    )
    return Alert(
        alert_id=alert_id,
        occurrence=occurrence,
        is_open=bool(is_open),
        kind=kind,
        raised_at=_time(raised) or datetime.fromtimestamp(0, UTC),
        due_at=_time(due),
        closed_at=_time(closed),
        detail=detail,
        customer_key=customer,
        customer_name=customer_name,
        deal_id=deal,
        stage=stage,
        responsible=row[12],
        responsible_name=row[13],
    )


def _text(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
