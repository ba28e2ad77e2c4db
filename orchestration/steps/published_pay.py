"""Pay as it was published and as it is computed now, and the months of which facts arrived in between.

Belongs here: these queries. Does not belong here: what is a change that stops a run (``steps.pay_changes``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from orchestration.errors import GateError, InputError
from orchestration.settings import Settings
from orchestration.steps.pay_changes import Pay, PayChange, pay_changes, refused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from connectors.common.contract import Template

_PLANS = "select distinct plan_id from marts.fct_payout_lines where amount <> 0 and plan_id is not null"
_PAYABLE = "select period, currency, sum(payable) from marts.fct_payouts group by period, currency"
#: of a publication from before there was a column `payable`
_PAYABLE_FROM_NET = """
    select period, currency, sum(case when net > 0 then net else 0 end)
    from marts.fct_payouts
    group by period, currency
"""
_CLOCK = ("date", "timestamp")
_PERIOD = ("period", "month")


def check_changes(settings: Settings, accepts: Sequence[str]) -> tuple[list[PayChange], list[PayChange]]:
    """Compare the marts with the last publication.

    Args:
        settings: Names the warehouse, the publication and the share that may move.
        accepts: Names of changes that are accepted.

    Returns:
        The changes that are refused, and all changes.

    Raises:
        GateError: The last publication cannot be read.
    """
    from serving import current_publication

    folder = current_publication(settings.published)
    if folder is None:
        return refused([], accepts), []
    published, last_load = _published(folder)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        present = pay_of(connection, _as_of(connection))
        facts = months_of_new_facts(connection, last_load)
        facts |= months_of_true_ups(connection)
    changes = pay_changes(published, present, facts, settings.payable_change_share)
    return refused(changes, accepts), changes


def _published(folder: Path) -> tuple[Pay, str | None]:
    """Pay of a publication, and the last load it was computed from, when it says so."""
    import duckdb

    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["publication"]
        with open_warehouse(folder / "incentives.duckdb", read_only=True) as connection:
            return pay_of(connection, str(manifest.get("as_of", ""))), manifest.get("last_load")
    except (OSError, ValueError, KeyError, InputError, duckdb.Error) as error:
        raise GateError(
            f"the last publication cannot be read, so that nothing can be compared with it: {error}",
            where=str(folder),
            hint="restore the folder from a backup, or remove the link `current` beside it to publish anew",
        ) from error


def pay_of(connection: DuckDBPyConnection, as_of: str) -> Pay:
    """The pay of the marts of a warehouse or a publication.

    Args:
        connection: To either.
        as_of: Up to when facts are known to it, ISO 8601.
    """
    from serving.database import columns_of

    plans = frozenset(str(row[0]) for row in connection.execute(_PLANS).fetchall())
    has_payable = "payable" in columns_of(connection, "marts", "fct_payouts")
    rows = connection.execute(_PAYABLE if has_payable else _PAYABLE_FROM_NET).fetchall()
    payable = {(str(period), str(currency)): Decimal(total) for period, currency, total in rows}
    return Pay(plans, payable, as_of[:7])


def _as_of(connection: DuckDBPyConnection) -> str:
    row = connection.execute("select cast(as_of as varchar) from marts.dim_calculation").fetchone()
    return str(row[0]) if row else ""


def months_of_new_facts(connection: DuckDBPyConnection, last_load: str | None) -> set[str]:
    """The months of facts that arrived after a load: of new and changed records, and of those they replace.

    A record without a date counts for the months of its deal. Without the load nothing is known to be new.
    """
    from connectors.files import TEMPLATES

    loads = dict(connection.execute("select load_id, load_seq from raw_files.loads").fetchall())
    if last_load not in loads:
        return set()
    found: set[str] = set()
    for template in TEMPLATES.values():
        for query in _month_queries(template, int(loads[last_load])):
            found |= {str(month) for (month,) in connection.execute(query).fetchall()}
    return found


def months_of_true_ups(connection: DuckDBPyConnection) -> set[str]:
    """The months in which differences from closed months are posted that a changed record explains."""
    from serving.database import columns_of

    if not columns_of(connection, "marts", "fct_true_up_causes"):
        return set()
    query = "select distinct period from marts.fct_true_up_causes where source_table is not null"
    return {str(month) for (month,) in connection.execute(query).fetchall()}


def _month_queries(template: Template, last: int) -> Iterator[str]:
    """For each column that says when: the months of records of which a new version arrived."""
    key = ", ".join(template.key)
    changed = f"""
        select distinct {key} from (
            select {key}, _content_hash from raw_files.{template.entity}
            where _load_seq > {last} and _load_id in (select load_id from raw_files.loads)
            except
            select {key}, _content_hash from raw_files.{template.entity} where _load_seq <= {last}
        ) as versions
    """
    dates = {c.name: c.kind.value for c in template.columns if c.kind.value in {*_CLOCK, *_PERIOD}}
    for name, kind in dates.items():
        yield from (
            f"with changed as ({changed}) {months} where {name} is not null"
            for months in _months(name, kind, f"raw_files.{template.entity} semi join changed using ({key})")
        )
    if not dates and "deal_id" in template.names:
        for entity, name in (("deals", "signed_at"), ("transactions", "occurred_at")):
            source = f"raw_files.{entity} semi join changed using (deal_id)"
            yield from (
                f"with changed as ({changed}) {months} where {name} is not null"
                for months in _months(name, "timestamp", source)
            )


def _months(name: str, kind: str, source: str) -> Iterator[str]:
    """Queries for the months of a column; a moment in UTC counts for each month it may have on a business calendar."""
    if kind == "date":
        yield f"select distinct strftime({name}, '%Y-%m') from {source}"
    elif kind == "timestamp":
        for hours in ("- interval 12 hours", "+ interval 14 hours"):
            yield f"select distinct strftime({name} {hours}, '%Y-%m') from {source}"
    else:
        month = f"""
            select distinct strftime(begins + to_months(cast(step as integer)), '%Y-%m') from (
                select {name}, case
                    when {name} like '%Q%'
                        then make_date(cast({name}[:4] as int), 3 * cast({name}[7:7] as int) - 2, 1)
                    when length({name}) = 4 then make_date(cast({name} as int), 1, 1)
                    else make_date(cast({name}[:4] as int), cast({name}[6:7] as int), 1)
                end as begins,
                case when {name} like '%Q%' then 3 when length({name}) = 4 then 12 else 1 end as months
                from {source}
            ) as periods, unnest(range(months)) as steps(step)
        """
        yield month
