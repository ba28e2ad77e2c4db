"""Closed months whose plans of the lock are not those in force: they are calculated under the plans of their lock.

Belongs here: which months these are, and their lines. Does not belong here: calculating (``simulation.sandbox``), the
differences that follow (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from connectors.common.warehouse import open_warehouse
from ledger import Entry
from ledger.archive.files import Archive, open_archive
from ledger.entries.life import locked_periods
from ledger.tables import LINE, replace_recalculated
from orchestration.books.home import read_entries
from orchestration.books.plans_of_locks import archived_plans, meaning_for
from orchestration.plans_in_force import plans_in_force
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.simulation.sandbox import sandbox_warehouse

if TYPE_CHECKING:
    import pyarrow as pa

    from compensation import PlanSet


def recalculate_under_old_plans(settings: Settings, as_of: str) -> tuple[str, ...]:
    """Fill the tables of lines under other plans than those in force; they are emptied where there are none.

    Args:
        settings: Where everything lies; the books are loaded.
        as_of: UTC time up to which facts are known.

    Returns:
        The closed months it is about.

    Raises:
        GateError: dbt could not calculate under these plans.
    """
    groups = other_plans(settings, read_entries(settings))
    if not groups:
        with open_warehouse(settings.warehouse) as connection:
            replace_recalculated(connection, (), None)
        return ()
    tables = []
    with sandbox_warehouse(settings) as sandbox:
        sandbox.as_of, sandbox.marts = f"{as_of}+00:00", ("fct_payout_lines",)
        for plan_set, periods in groups:
            emit("dbt", "note", f"{', '.join(periods)} under the plans of their lock", remark=True)
            sandbox.compute(plan_set, f"plans of the lock of {periods[-1]}")
            tables.append(_lines(sandbox.warehouse, periods))
    months = tuple(sorted(period for _, periods in groups for period in periods))
    import pyarrow as pa

    with open_warehouse(settings.warehouse) as connection:
        replace_recalculated(connection, months, pa.concat_tables(tables))
    return months


def other_plans(settings: Settings, entries: Sequence[Entry]) -> list[tuple[PlanSet, list[str]]]:
    """Closed months under plans that mean something else for them than those in force, by plans."""
    from compensation import load_plans

    locks = locked_periods(entries)
    if not locks:
        return []
    present = load_plans(list(plans_in_force(settings)))
    loaded: dict[str, PlanSet] = {}
    groups: dict[str, tuple[PlanSet, list[str]]] = {}
    for lock in locks.values():
        archive = open_archive(settings.books, lock.archive, lock)
        key = _key(archive)
        plans = loaded[key] if key in loaded else loaded.setdefault(key, archived_plans(archive))
        for period in archive.periods:
            if meaning_for(plans, period) != meaning_for(present, period):
                groups.setdefault(key, (plans, []))[1].append(period)
    return [(plans, sorted(periods)) for plans, periods in groups.values()]


def _key(archive: Archive) -> str:
    return repr(sorted(archive.content["plans"].items()))


def _lines(warehouse: Any, periods: Sequence[str]) -> pa.Table:
    names = ", ".join(f'"{column}"' for column in LINE)
    wanted = ", ".join(f"'{period}'" for period in periods)
    query = f"select {names} from marts.fct_payout_lines where period in ({wanted}) order by line_id"
    with open_warehouse(warehouse, read_only=True) as connection:
        return connection.execute(query).to_arrow_table()
