"""What the landing steps do: a delivery or the inbox into the raw layer, the plan files into the plan tables.

Belongs here: which folders are due, and the calls of ``connectors``.
Does not belong here: reading and typing rows (``connectors``), assets (``defs.assets``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.problems import ImportProblem
from connectors.common.warehouse import open_warehouse
from orchestration.errors import is_transient
from orchestration.plans_in_force import plans_in_force
from orchestration.runtime.json_state import read_state, write_state
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.steps.inbox import (
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
from orchestration.steps.sources import configured_sources, deliver_sources
from orchestration.steps.zones import delivery_timezone
from orchestration.transformation.business_time import read_now

if TYPE_CHECKING:
    from compensation import PlanSet
    from connectors.files import DeliverySpec, ImportReport


def raw_table_names() -> list[str]:
    """Every table of the raw layer: the templates, then the bookkeeping of loads."""
    from connectors.files import raw_tables

    return list(raw_tables())


def plan_table_names() -> list[str]:
    """Every table the plans are loaded into."""
    from compensation.tables.schema import TABLES

    return list(TABLES)


def land_delivery(settings: Settings, spec: DeliverySpec) -> ImportReport:
    """Land one delivery folder and write its validation report to ``HOME/reports``.

    Raises:
        connectors.common.problems.ImportProblem: The delivery or the mapping cannot be taken.
    """
    from connectors.files import import_delivery

    report = import_delivery(
        spec,
        settings.warehouse,
        dlt_dir=settings.dlt,
        progress=lambda what, done, total: emit("land", "note", f"{what} {done}/{total}"),
    )
    write_report(settings, report, spec.timezone)
    said = _counted(report)
    emit("land", "note", f"already imported: {said}" if report.already_imported else said)
    return report


def _counted(*reports: ImportReport) -> str:
    """Rows of deliveries in words."""
    rows_in, accepted, quarantined = (
        sum(getattr(one, name) for one in reports) for name in ("rows_in", "accepted", "quarantined")
    )
    said = f"{rows_in:,} rows in, {accepted:,} accepted, {quarantined:,} quarantined"
    return said if len(reports) == 1 else f"{len(reports)} deliveries: {said}"


def write_report(settings: Settings, report: ImportReport, timezone: str) -> None:
    """Write the validation report of a delivery to ``HOME/reports``, with a note on rows of the future."""
    report.notes += future_notes(settings, timezone)
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2, default=str)
    settings.reports.mkdir(parents=True, exist_ok=True)
    (settings.reports / f"import-{report.load_id}.json").write_text(text, encoding="utf-8")


def future_notes(settings: Settings, timezone: str) -> list[str]:
    """What the report says of rows in force that lie in the future (readings 42, 55)."""
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        future = read_now(connection, timezone).future
    return [
        f"in_the_future: {rows:,} rows of {template} lie more than a day after the landing; they do not move the as-of "
        "time and are computed when it has come (unless they are typed wrongly: correct them then)"
        for template, rows in future.items()
    ]


def check_delivery(settings: Settings, spec: DeliverySpec) -> ImportReport:
    """Check one delivery folder as `land_delivery` would, and land nothing.

    Raises:
        connectors.common.problems.ImportProblem: The delivery or the mapping cannot be taken.
    """
    from connectors.files import validate_delivery

    return validate_delivery(spec, settings.warehouse)


def prepare_raw_layer(settings: Settings) -> None:
    """Make every raw table that is missing, so that a computation over nothing is a computation."""
    from connectors.files import ensure_raw_tables

    settings.home.mkdir(parents=True, exist_ok=True)
    ensure_raw_tables(settings.warehouse, settings.dlt)


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
    from orchestration.books.cases.landing import land_decisions

    prepare_raw_layer(settings)
    decided = land_decisions(settings)
    instances = configured_sources(settings)
    zone = spec.timezone if spec else delivery_timezone(settings) if instances else ""
    before = deliver_sources(settings, instances, zone)
    landed = Landed((land_delivery(settings, spec),)) if spec else land_inbox(settings, time.time())
    if before.reports and landed.reports:
        emit("land", "note", _counted(*before.reports, *landed.reports))
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


def land_plan_files(settings: Settings) -> PlanSet:
    """Load and check the plans in force, then replace the plan tables by them.

    The courses of the plans have to be among those delivered, once any course was.

    Raises:
        compensation.PlanErrors: A plan cannot be taken; carries every error with file, line and key.
    """
    from compensation import land_plans, load_plans
    from connectors.common.warehouse import ensure_warehouse

    plan_set = load_plans(list(plans_in_force(settings)))
    if courses := delivered_courses(settings.warehouse):
        plan_set.require_courses(courses)
    ensure_warehouse(settings.warehouse)
    land_plans(plan_set, settings.warehouse)
    return plan_set


def delivered_courses(warehouse: Path) -> set[str]:
    """Ids of all courses of completed deliveries; none without a warehouse."""
    import duckdb

    if not warehouse.exists():
        return set()
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            rows = connection.execute(
                "select distinct course_id from raw_files.courses"
                " where _load_id in (select load_id from raw_files.loads)"
            ).fetchall()
        except duckdb.CatalogException:
            return set()
    return {str(course_id) for (course_id,) in rows}


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
