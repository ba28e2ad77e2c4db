"""One delivery into the raw layer: landed or only checked, counted, with its validation report.

Belongs here: the calls of ``connectors`` for one delivery. Does not belong here: which deliveries are due
(``steps.landing``, ``steps.sources``), reading and typing rows (``connectors``).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connectors.common.warehouse import open_warehouse
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.transformation.business_time import read_now

if TYPE_CHECKING:
    from connectors.files import DeliverySpec, ImportReport


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
    said = counted(report)
    emit("land", "note", f"already imported: {said}" if report.already_imported else said)
    return report


def counted(*reports: ImportReport) -> str:
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
