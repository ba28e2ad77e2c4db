"""What the extraction steps do: connected systems into raw_<type>, and their records on to the templates.

Belongs here: which systems there are, what the last extraction of each said, the calls of ``connectors.sources``.
Does not belong here: fetching (``connectors.sources``), assets (``defs.assets``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.problems import ImportProblem
from connectors.common.warehouse import open_warehouse
from orchestration.errors import InputError, is_transient
from orchestration.runtime.json_state import read_state, write_state
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.steps.landing.one_delivery import prepare_raw_layer, write_report

if TYPE_CHECKING:
    from connectors.files import ImportReport
    from connectors.sources.extraction.run import ExtractionReport
    from connectors.sources.model import Finding, Instance


def configured_sources(settings: Settings) -> list[Instance]:
    """The instances of sources.yml; none without the file.

    Raises:
        ImportProblem: The file cannot be used.
    """
    if not settings.sources_file.exists():
        return []
    from connectors.sources.configuration.loading import load_sources

    return load_sources(settings.sources_file, settings.home / "tokens")


def source_named(settings: Settings, name: str) -> Instance:
    """The instance of a name.

    Raises:
        InputError: There is none.
    """
    from connectors.common.errors import closest

    instances = {one.name: one for one in configured_sources(settings)}
    if name not in instances:
        raise InputError(
            f"there is no source {name!r}",
            where=str(settings.sources_file),
            hint=f"{closest(name, instances)}Sources: {', '.join(instances) or '(none)'}",
        )
    return instances[name]


def extract_source(
    settings: Settings, instance: Instance, only: Collection[str] | None = None, *, allow_shrink: bool = False
) -> ExtractionReport:
    """Extract an instance, and remember what became of each resource in ``HOME/reports/sources``.

    A failure is a sentence in the report; the system's earlier records stay as they are.
    """
    from connectors.sources.extraction.run import ExtractionReport, ResourceReport, extract

    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        report = extract(
            instance, settings.warehouse, dlt_dir=settings.dlt, only=only, allow_shrink=allow_shrink
        )
    except ImportProblem as error:
        if is_transient(error):
            raise
        names = [one.name for one in instance.resources if only is None or one.name in only]
        failed = [ResourceReport(name, failure=error.what, hint=error.hint) for name in names]
        report = ExtractionReport(instance.name, instance.type.name, resources=failed)
    told = read_state(_state(settings, instance)).get("failures", {})
    told = {
        name: text for name, text in told.items() if name not in {one.resource for one in report.resources}
    }
    told |= {one.resource: one.failure for one in report.resources if one.failure}
    write_state(_state(settings, instance), {"failures": told, "last": asdict(report)})
    for text in report.failures:
        emit("extract", "note", text.splitlines()[0], remark=True)
    emit(
        "extract", "note", f"{instance.name}: {sum(one.rows_new for one in report.resources):,} new versions"
    )
    return report


def days_of(text: str) -> tuple[str, str]:
    """The first and the last of days written as 2026-03-01..2026-03-31; one day stands alone.

    Raises:
        InputError: They are written otherwise.
    """
    first, _, last = text.partition("..")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        begin, end = date.max, date.min
    if begin > end:
        raise InputError(f"{text!r} are no days", where="--days", hint="write them as 2026-03-01..2026-03-31")
    return begin.isoformat(), end.isoformat()


def extract_days(
    settings: Settings, instance: Instance, resource: str, first: str, last: str
) -> ExtractionReport:
    """Read days of a report again; what the last extraction of everything said stays as it is.

    Args:
        settings: Where everything lies.
        instance: The connected system.
        resource: A report of days.
        first: The first day, such as 2026-03-01.
        last: The last day.

    Raises:
        SourceProblem: Secrets are missing.
    """
    from connectors.sources.extraction.run import extract
    from connectors.sources.model import Days

    days = Days(date.fromisoformat(first), date.fromisoformat(last))
    settings.home.mkdir(parents=True, exist_ok=True)
    report = extract(instance, settings.warehouse, dlt_dir=settings.dlt, only=[resource], days=days)
    for text in report.failures:
        emit("extract", "note", text.splitlines()[0], remark=True)
    return report


def _state(settings: Settings, instance: Instance) -> Path:
    return settings.reports / "sources" / f"{instance.name}.json"


@dataclass(frozen=True)
class Delivered:
    """What became of the records of the connected systems.

    Args:
        reports: Validation reports of what was landed.
        rejected: System and reason of what was refused.
        held: System and reason of what waits for a complete extraction.
    """

    reports: tuple[ImportReport, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    held: tuple[tuple[str, str], ...] = ()


def deliver_sources(
    settings: Settings, instances: Iterable[Instance], timezone: str, *, allow_shrink: bool = False
) -> Delivered:
    """Land what the records of connected systems say newly; one that failed waits until it is whole again.

    Args:
        settings: Where everything lies.
        instances: The systems.
        timezone: Of moments without an offset.
        allow_shrink: Let records pass that look cut off.
    """
    reports: list[ImportReport] = []
    rejected: list[tuple[str, str]] = []
    held: list[tuple[str, str]] = []
    for instance in instances:
        failed = read_state(_state(settings, instance)).get("failures", {})
        if failed:
            why = "; ".join(f"{name}: {text}" for name, text in sorted(failed.items()))
            held.append((instance.name, f"nothing was taken on, for its extraction failed: {why}"))
            continue
        try:
            report = deliver_source(settings, instance, timezone, allow_shrink=allow_shrink)
        except ImportProblem as error:
            if is_transient(error):
                raise
            rejected.append((instance.name, str(error)))
            continue
        if report is None:
            held.append((instance.name, "not every resource that the mapping uses was extracted yet"))
        else:
            reports.append(report)
    return Delivered(tuple(reports), tuple(rejected), tuple(held))


def deliver_source(
    settings: Settings, instance: Instance, timezone: str, *, allow_shrink: bool = False
) -> ImportReport | None:
    """Land what the records of one system say newly, with its validation report in ``HOME/reports``."""
    from connectors.sources.delivery import deliver

    report = deliver(
        instance, settings.warehouse, dlt_dir=settings.dlt, timezone=timezone, allow_shrink=allow_shrink
    )
    if report is not None:
        write_report(settings, report, timezone)
    return report


def source_figures(settings: Settings, instance: Instance) -> dict[str, dict[str, Any]]:
    """Rows and bytes of the records of each resource in the raw layer."""
    if not settings.warehouse.exists():
        return {}
    figures: dict[str, dict[str, Any]] = {}
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        found = connection.execute(
            "select table_name from duckdb_tables() where schema_name = ?", [instance.schema]
        ).fetchall()
        there = {str(row[0]) for row in found}
        for resource in instance.resources:
            if resource.name in there:
                row = connection.execute(
                    f"select count(*), coalesce(sum(strlen(record)), 0) from {instance.schema}.{resource.name} "
                    "where instance = ?",
                    [instance.name],
                ).fetchone()
                assert row is not None
                figures[resource.name] = {"dagster/row_count": int(row[0]), "bytes": int(row[1])}
    return figures


def last_extraction(settings: Settings, instance: Instance) -> dict[str, Any]:
    """What the last extraction said: failures by resource, and its report; empty before the first."""
    return read_state(_state(settings, instance))


def chosen_sources(settings: Settings, name: str | None) -> list[Instance]:
    """The instance of a name, or all of them.

    Raises:
        InputError: There is none.
    """
    if name is not None:
        return [source_named(settings, name)]
    found = configured_sources(settings)
    if not found:
        raise InputError(
            "no system is connected",
            where=str(settings.sources_file),
            hint="describe one in this file (connectors/sources/README.md), or name another file by INCENTIVES_SOURCES",
        )
    return found


def check_source(instance: Instance) -> list[Finding]:
    """Try address, credentials and each permission of an instance.

    Raises:
        SourceProblem: Secrets are missing.
    """
    from connectors.sources.checking import check

    return check(instance)


def extract_and_deliver(
    settings: Settings,
    instances: list[Instance],
    *,
    days: tuple[str, str] | None = None,
    allow_shrink: bool = False,
) -> tuple[list[ExtractionReport], Delivered]:
    """Extract instances, then land what all records say newly: what the command line does without a run.

    Args:
        settings: Where everything lies.
        instances: The systems.
        days: Read the first of these days to the last again, of reports of days, and nothing else.
        allow_shrink: Let records pass that look cut off.

    Raises:
        SourceProblem: Secrets of one of them are missing; nothing is extracted then.
    """
    from connectors.sources.configuration.secret_values import resolve
    from orchestration.steps.zones import reading_zone

    for instance in instances:
        resolve(instance.name, instance.secrets, str(settings.sources_file))
    prepare_raw_layer(settings)
    if days is None:
        extracted = [extract_source(settings, one, allow_shrink=allow_shrink) for one in instances]
    else:
        reports = [(one, report.name) for one in instances for report in one.resources if report.daily]
        extracted = [extract_days(settings, one, report, *days) for one, report in reports]
    delivered = deliver_sources(settings, instances, reading_zone(settings), allow_shrink=allow_shrink)
    return extracted, delivered
