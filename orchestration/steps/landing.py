"""What the landing steps do: a delivery or the inbox into the raw layer, the plan files into the plan tables.

Belongs here: which folders are due, and the calls of ``connectors``.
Does not belong here: reading and typing rows (``connectors``), assets (``defs.assets``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.steps.inbox import complete_deliveries, folder_hash

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
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2, default=str)
    settings.reports.mkdir(parents=True, exist_ok=True)
    (settings.reports / f"import-{report.load_id}.json").write_text(text, encoding="utf-8")
    said = f"{report.rows_in:,} rows in, {report.accepted:,} accepted, {report.quarantined:,} quarantined"
    emit("land", "note", f"already imported: {said}" if report.already_imported else said)
    return report


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


def land(settings: Settings, spec: DeliverySpec | None, timezone: str | None = None) -> list[ImportReport]:
    """Land one delivery, or without one every complete folder of the inbox that has not been landed yet.

    Args:
        settings: Names the inbox, the warehouse and where reports go.
        spec: The delivery.
        timezone: Zone of the plans of this run; None: see `reading_zone`.

    Returns:
        One validation report for each folder.
    """
    prepare_raw_layer(settings)
    specs = [spec] if spec else due_deliveries(settings, time.time(), timezone)
    reports = []
    for one in specs:
        # named before landing: what arrives meanwhile has not been landed
        receipt = _receipt(settings, one.folder) if one.folder.parent == settings.inbox else None
        reports.append(land_delivery(settings, one))
        if receipt:
            receipt.parent.mkdir(parents=True, exist_ok=True)
            receipt.write_text(f"{one.folder.name}\n", encoding="utf-8")
    return reports


def due_deliveries(settings: Settings, now: float, timezone: str | None = None) -> list[DeliverySpec]:
    """The complete folders of the inbox whose content has not been landed from it before, by name.

    Args:
        settings: Names the inbox and where receipts lie.
        now: Seconds since the epoch.
        timezone: Zone in which they are read; None: see `reading_zone`.
    """
    from connectors.files import DeliverySpec

    folders = complete_deliveries(settings.inbox, now)
    return [
        DeliverySpec(folder, timezone=timezone or reading_zone(settings))
        for folder in folders
        if not _receipt(settings, folder).exists()
    ]


def _receipt(settings: Settings, folder: Path) -> Path:
    return settings.reports / "inbox" / folder_hash(folder)


def land_plan_files(settings: Settings, folders: Iterable[str]) -> PlanSet:
    """Load and check plan files, then replace the plan tables by them.

    The courses of the plans have to be among those delivered, once any course was.

    Args:
        settings: Names the default folders.
        folders: Files or folders; none: those of the settings.

    Raises:
        compensation.PlanErrors: A plan cannot be taken; carries every error with file, line and key.
    """
    from compensation import land_plans, load_plans
    from connectors.common.warehouse import ensure_warehouse

    chosen = [Path(folder) for folder in folders] or list(settings.plans)
    plan_set = load_plans(chosen)
    if courses := delivered_courses(settings.warehouse):
        plan_set.require_courses(courses)
    ensure_warehouse(settings.warehouse)
    land_plans(plan_set, settings.warehouse)
    for warning in plan_set.warnings:
        emit("plans", "note", f"warning: {warning}", remark=True)
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


def reading_zone(settings: Settings) -> str:
    """The zone a delivery is read in: of the plans in force, the setting before any plan is known (reading 50)."""
    import duckdb

    if not settings.warehouse.exists():
        return settings.timezone
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        try:
            found = connection.execute("select min(timezone) from raw_plans.plans").fetchone()
        except duckdb.CatalogException:
            return settings.timezone
    return str(found[0]) if found and found[0] else settings.timezone


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
