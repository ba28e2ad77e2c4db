"""Reads the figures of a month; each table is read once, whatever the number of reports.

A mart that is not computed counts as empty; the warehouse and a published snapshot give the same pages.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from serving.database import columns_of, literal, open_readonly, require
from serving.errors import UnknownPeriodError
from serving.reports import queries
from serving.reports.data.books import LedgerEntry, TrueUp
from serving.reports.data.frame import Frame
from serving.reports.data.model import (
    Amount,
    Card,
    Growth,
    Item,
    Kpi,
    Line,
    OpenAlert,
    Payout,
    Person,
    Place,
    ResultSource,
    Signal,
    Suggestion,
    Transfer,
)

if TYPE_CHECKING:
    import duckdb

TREND_MONTHS = 12
Row = tuple[Any, ...]
T = TypeVar("T")
ByEmployee = Mapping[str, list[T]]


@dataclass(frozen=True, slots=True)
class Facts:
    """All rows of a month, grouped by employee where there is one."""

    frame: Frame
    people: Mapping[str, Person]
    cards: ByEmployee[Card]
    payouts: ByEmployee[Payout]
    held: ByEmployee[Amount]
    components: ByEmployee[Amount]
    sources: ByEmployee[Amount]
    months: tuple[str, ...]
    scores: ByEmployee[Row]
    payables: ByEmployee[Row]
    results: ByEmployee[ResultSource]
    lines: ByEmployee[Line]
    suggestions: ByEmployee[Suggestion]
    alerts: ByEmployee[OpenAlert]
    lapsed: Mapping[str, int]
    places: tuple[Place, ...]
    transfers: tuple[Transfer, ...]
    signals: tuple[Signal, ...]
    growth: tuple[Growth, ...]
    true_ups: ByEmployee[TrueUp]


def read_facts(database: Path, period: str | None = None, timezone: str = "Asia/Shanghai") -> Facts:
    """Read everything for the reports of a month.

    Args:
        database: Warehouse or published snapshot; opened read-only.
        period: The month, 2026-10; None for the last one with payouts.
        timezone: In which a month begins at midnight.

    Raises:
        DatabaseMissingError: the file does not exist.
        NotComputedError: it lacks payouts or employees.
        UnknownPeriodError: there is no such month.
    """
    with open_readonly(database) as connection:
        require(connection, database, "dim_employee", "fct_payouts", "fct_payout_lines")
        return _Reader(connection, ZoneInfo(timezone)).read(period)


class _Reader:
    """Reads one database."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", zone: ZoneInfo) -> None:
        self._connection, self._zone = connection, zone

    def read(self, wanted: str | None) -> Facts:
        period = self._period(wanted)
        months = _months_up_to(period)
        items = _grouped(
            (Item(*row) for row in self._rows(queries.ITEMS, period)),
            lambda item: (item.employee_id, item.plan_id, item.component_id),
        )
        cards = (Card(*row) for row in self._rows(queries.CARDS, period))
        filled = (
            replace(card, items=items.get((card.employee_id, card.plan_id, card.component_id), ()))
            for card in cards
        )
        since = months[0]
        return Facts(
            frame=self._frame(period),
            people={row[0]: Person(*row) for row in self._rows(queries.PEOPLE, period)},
            cards=_by_employee(filled),
            payouts=self._of(Payout, queries.PAYOUTS, period),
            held=self._of(Amount, queries.HELD, period),
            components=self._of(Amount, queries.COMPONENTS, period),
            sources=self._of(Amount, queries.SOURCES, period),
            months=months,
            scores=_grouped(self._rows(queries.SCORES, since, period), lambda row: str(row[0])),
            payables=_grouped(self._rows(queries.PAYABLES, since, period), lambda row: str(row[0])),
            results=self._of(ResultSource, queries.RESULTS, period),
            lines=self._of(Line, queries.LINES, period),
            suggestions=self._of(Suggestion, queries.SUGGESTIONS, period),
            alerts=self._of(OpenAlert, queries.ALERTS),
            lapsed=dict(self._rows(queries.LAPSED)),
            places=tuple(Place(*row) for row in self._rows(queries.PLACES, period)),
            transfers=tuple(Transfer(*row) for row in self._rows(queries.TRANSFERS, *self._bounds(period))),
            signals=tuple(Signal(*row) for row in self._rows(queries.SIGNALS, period)),
            growth=tuple(Growth(*row) for row in self._rows(queries.TEAM_GROWTH, period)),
            true_ups=self._of(TrueUp, queries.TRUE_UPS, period),
        )

    def _bounds(self, period: str) -> tuple[datetime, datetime]:
        """When the month begins and ends, naive UTC."""
        first = datetime.fromisoformat(f"{period}-01")
        after = (first + timedelta(days=31)).replace(day=1)
        begin, end = (
            one.replace(tzinfo=self._zone).astimezone(UTC).replace(tzinfo=None) for one in (first, after)
        )
        return begin, end

    def _rows(self, query: queries.Query, *parameters: object) -> list[Row]:
        if not all(columns_of(self._connection, *table.split(".")) for table in query.needs):
            return []
        sql = query.sql
        for number, value in enumerate(parameters):
            sql = sql.replace(f"$p{number}", literal(str(value)))
        return self._connection.execute(sql).fetchall()

    def _of(self, shape: Callable[..., T], query: queries.Query, *parameters: str) -> ByEmployee[T]:
        return _by_employee(shape(*row) for row in self._rows(query, *parameters))

    def _period(self, wanted: str | None) -> str:
        periods = [str(period) for (period,) in self._rows(queries.PERIODS)]
        if not periods or (wanted is not None and wanted not in periods):
            raise UnknownPeriodError(wanted, periods)
        return wanted or periods[-1]

    def _frame(self, period: str) -> Frame:
        calculation = (self._rows(queries.CALCULATION) or [(None, None)])[0]
        catalogue = {row[0]: Kpi(*row) for row in self._rows(queries.CATALOGUE)}
        return Frame(
            period=period,
            entries=tuple(LedgerEntry(*row) for row in self._rows(queries.ENTRIES, period)),
            starts_on=date.fromisoformat(f"{period}-01"),
            run_id=calculation[0],
            as_of=calculation[1],
            kpis=catalogue,
            plans={plan: (zh, en) for plan, zh, en in self._rows(queries.PLANS)},
            courses=dict(self._rows(queries.COURSES)),
        )


def _months_up_to(period: str) -> tuple[str, ...]:
    """The twelve months that end with this one."""
    last = int(period[:4]) * 12 + int(period[5:]) - 1
    numbers = range(last - TREND_MONTHS + 1, last + 1)
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers)


def _by_employee(rows: Iterable[T]) -> ByEmployee[T]:
    return _grouped(rows, lambda row: str(getattr(row, "employee_id")))  # noqa: B009


def _grouped(rows: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    groups: dict[Any, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
