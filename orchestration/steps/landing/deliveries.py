"""What the landing step does: decisions, connected systems, then a delivery or the inbox, into the raw layer.

Belongs here: which folders are due, and their receipts.
Does not belong here: landing one of them (``steps.landing.one_delivery``), assets (``defs.assets``).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.problems import ImportProblem
from connectors.common.warehouse import open_warehouse
from orchestration.books.cases.landing import land_decisions
from orchestration.errors import is_transient
from orchestration.runtime.json_state import read_state, write_state
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.steps.landing.inbox import (
    LANDED,
    READY_MARK,
    REJECTED,
    InboxDelivery,
    complete_deliveries,
    content_hash,
    delivery_key,
    set_aside,
    waiting_deliveries,
)
from orchestration.steps.landing.one_delivery import counted, land_delivery, prepare_raw_layer
from orchestration.steps.sources import configured_sources, deliver_sources
from orchestration.steps.zones import delivery_timezone

if TYPE_CHECKING:
    from connectors.files import DeliverySpec, ImportReport


def raw_table_names() -> list[str]:
    """Every table of the raw layer: the templates, then the bookkeeping of loads."""
    from connectors.files import raw_tables

    return list(raw_tables())


@dataclass(frozen=True)
class Landed:
    """What a landing did.

    Args:
        reports: Validation reports of the deliveries that were taken.
        rejected: Deliveries of the inbox that were refused: name and reason.
        skipped: Deliveries of the inbox that were landed before, and folders that are not complete: name and reason.
    """

    reports: tuple[ImportReport, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()

    @property
    def tables(self) -> set[str]:
        """Raw tables that received rows."""
        new = [report for report in self.reports if not report.already_imported]
        names = {file.entity for report in new for file in report.files}
        return names | ({"loads", "load_files", "quarantine"} if new else set())


def land(settings: Settings, spec: DeliverySpec | None) -> Landed:
    """Land what connected systems say newly, then one delivery, or without one what is new in the inbox.

    Raises:
        UserError: The delivery that was asked for cannot be taken. A folder of the inbox is set aside instead.
    """
    prepare_raw_layer(settings)
    decided = land_decisions(settings)
    instances = configured_sources(settings)
    zone = spec.timezone if spec else delivery_timezone(settings) if instances else ""
    before = deliver_sources(settings, instances, zone)
    landed = Landed((land_delivery(settings, spec),)) if spec else land_inbox(settings, time.time())
    if before.reports and landed.reports:
        emit("land", "note", counted(*before.reports, *landed.reports))
    return Landed(
        (*decided, *before.reports, *landed.reports),
        (*before.rejected, *landed.rejected),
        (*before.held, *landed.skipped),
    )


def land_inbox(settings: Settings, now: float) -> Landed:
    """Land every complete delivery of the inbox, by name; set aside what is refused.

    Args:
        settings: Names the inbox, and where receipts lie.
        now: Seconds since the epoch.
    """
    timezone = delivery_timezone(settings)
    reports: list[ImportReport] = []
    rejected: list[tuple[str, str]] = []
    skipped = [
        (name, f"not complete: it holds no {READY_MARK}") for name in waiting_deliveries(settings, now)
    ]
    for delivery in complete_deliveries(settings, now):
        content = content_hash(delivery)  # before landing: what arrives meanwhile has not been landed
        if receipt := _receipt(settings, delivery, content):
            skipped.append(
                (
                    delivery.name,
                    f"landed before, as load {receipt}; give the folder another name to land it again",
                )
            )
            set_aside(settings, delivery, LANDED)
            continue
        try:
            report = land_delivery(settings, _spec_of(settings, delivery, content, timezone))
        except ImportProblem as error:
            if is_transient(error):
                raise
            rejected.append((delivery.name, str(error)))
            _reject(settings, delivery, error)
            continue
        reports.append(report)
        _write_receipt(settings, delivery, content, report)
        if content_hash(delivery) == content:
            set_aside(settings, delivery, LANDED)
    for kind, names in (("rejected", rejected), ("skipped", skipped)):
        for name, why in names:
            emit("land", "note", f"{kind}: {name}: {why.splitlines()[0]}")
    return Landed(tuple(reports), tuple(rejected), tuple(skipped))


def _spec_of(settings: Settings, delivery: InboxDelivery, content: str, timezone: str) -> DeliverySpec:
    from connectors.files import DeliverySpec

    return DeliverySpec(
        delivery.folder,
        delivery.mapping,
        snapshot=delivery.is_snapshot,
        timezone=timezone,
        land_again=any(one.get("content") == content for one in _receipts(settings)),
    )


def _receipt_folder(settings: Settings) -> Path:
    return settings.reports / "inbox"


def _receipts(settings: Settings) -> Iterator[dict[str, Any]]:
    yield from (read_state(path) for path in sorted(_receipt_folder(settings).glob("*.json")))


def _receipt(settings: Settings, delivery: InboxDelivery, content: str) -> str | None:
    """The load of a delivery that was landed from the inbox before, by name and content."""
    path = _receipt_folder(settings) / f"{delivery_key(delivery, content)}.json"
    return str(read_state(path).get("load_id", "unknown")) if path.exists() else None


def _write_receipt(settings: Settings, delivery: InboxDelivery, content: str, report: ImportReport) -> None:
    path = _receipt_folder(settings) / f"{delivery_key(delivery, content)}.json"
    write_state(path, {"name": delivery.name, "content": content, "load_id": report.load_id})


def _reject(settings: Settings, delivery: InboxDelivery, error: ImportProblem) -> None:
    """Move a refused delivery out of the way, with its report beside it."""
    place = set_aside(settings, delivery, REJECTED)
    write_state(place.with_name(f"{place.name}.json"), {"delivery": delivery.name, **error.to_dict()})


def row_counts(warehouse: Path, schema: str, tables: Iterable[str]) -> dict[str, int]:
    """Rows of each table, 0 for a table that is not there."""
    with open_warehouse(warehouse, read_only=True) as connection:
        rows = connection.execute(
            "select table_name from duckdb_tables() where schema_name = ?", [schema]
        ).fetchall()
        present = {str(row[0]) for row in rows}
        return {
            table: connection.table(f"{schema}.{table}").count("*").fetchall()[0][0]
            if table in present
            else 0
            for table in tables
        }
