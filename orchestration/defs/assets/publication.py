"""What readers get, as assets: the Parquet files by month, the read-only database, the report pages, the alerts.

Belongs here: specs, and that they stand behind every public mart and its gates.
Does not belong here: writing any of it (``serving``).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.defs.outputs import untouched
from orchestration.defs.policies import POOL
from orchestration.defs.resources import HomeResource
from orchestration.steps.alerting import checks_of_run, has_checked_marts, send_alerts
from orchestration.steps.publishing import publish_marts, publish_month
from orchestration.steps.reporting import write_last_month
from orchestration.steps.serving_database import has_serving_database, publish_current
from orchestration.steps.step import attempt, step

GROUP = "publication"
SNAPSHOT = dg.AssetKey(["published", "snapshot"])
PERIODS = dg.AssetKey(["published", "periods"])
REPORTS = dg.AssetKey(["published", "reports"])
ALERTS = dg.AssetKey(["published", "alerts"])
DATABASE = dg.AssetKey(["published", "database"])
#: from the first month a company may deliver to two years ahead
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2010-01", fmt="%Y-%m", end_offset=24)


def build_publication_assets(marts: Sequence[dg.AssetKey], gates: Sequence[str]) -> dg.AssetsDefinition:
    """The asset ``[published, snapshot]``: one publication, Parquet files and database together.

    Args:
        marts: Every public mart; a failing blocking check of one of them stops the publication.
        gates: Gates that the marts have to pass.
    """
    spec = dg.AssetSpec(
        key=SNAPSHOT,
        group_name=GROUP,
        description="All public marts as a DuckDB file (open it read-only) and as Parquet, replaced as a whole.",
        deps=list(marts),
        skippable=True,
    )

    @dg.multi_asset(name="published", specs=[spec], pool=POOL)
    def published(context: dg.AssetExecutionContext, home: HomeResource) -> Iterator[Any]:
        with step("publish"):
            made = publish_marts(home.settings, gates, context.run_id)
        if made is None or not made.is_new:
            yield from untouched(context, [SNAPSHOT])
        else:
            months = [month for month in made.changed if MONTHS.has_partition_key(month)]
            for month in months:
                yield dg.AssetMaterialization(
                    PERIODS, partition=month, metadata={"folder": made.metadata["folder"]}
                )
            yield dg.MaterializeResult(asset_key=SNAPSHOT, metadata=made.metadata)

    return published


def build_month_files(gates: Sequence[str]) -> dg.AssetsDefinition:
    """The asset ``[published, periods]``, a partition for each month.

    The publication writes all months at once and reports each whose files changed. A month materialized by itself
    is published with all others, from the marts as they are.

    Args:
        gates: Gates that the marts have to pass.
    """
    spec = dg.AssetSpec(
        key=PERIODS,
        group_name=GROUP,
        description="Parquet files of a month, one for each public mart with a period; written with the publication.",
        deps=[SNAPSHOT],
        partitions_def=MONTHS,
    )

    @dg.multi_asset(name="periods", specs=[spec], pool=POOL)
    def periods(context: dg.AssetExecutionContext, home: HomeResource) -> dg.MaterializeResult[None]:
        with step("publish", context.partition_key):
            about = publish_month(home.settings, gates, context.run_id, context.partition_key)
        return dg.MaterializeResult(asset_key=PERIODS, metadata=about)

    return periods


def build_report_assets() -> dg.AssetsDefinition:
    """The assets ``[published, database]``, ``reports`` and ``alerts``; trouble there is said and fails no run."""
    specs = [
        dg.AssetSpec(
            key=DATABASE,
            group_name=GROUP,
            deps=[SNAPSHOT],
            description="The publication in PostgreSQL, each login with what its role may see (access.yml).",
            skippable=True,
        ),
        dg.AssetSpec(
            key=REPORTS,
            group_name=GROUP,
            deps=[SNAPSHOT],
            description="Pages of the last month for employees, teams and the company.",
            skippable=True,
        ),
        dg.AssetSpec(
            key=ALERTS,
            group_name=GROUP,
            deps=[SNAPSHOT],
            description="Messages to whoever has to look at something, each once on each channel.",
            skippable=True,
        ),
    ]
    checks = {key: dg.AssetCheckSpec("without_trouble", asset=key) for key in (DATABASE, REPORTS, ALERTS)}

    @dg.multi_asset(name="reports", specs=specs, check_specs=list(checks.values()), can_subset=True)
    def reports(context: dg.AssetExecutionContext, home: HomeResource) -> Iterator[Any]:
        selected = context.selected_asset_keys
        if DATABASE in selected:
            served: tuple[dict[str, Any], list[str]] = ({}, [])
            if has_serving_database(home.settings):
                served = attempt("serve", lambda: _publish_database(home))
            yield from _result(context, DATABASE, served)
        if REPORTS in selected:
            yield from _result(context, REPORTS, attempt("report", lambda: _write_reports(home)))
        if ALERTS in selected:
            yield from _result(context, ALERTS, attempt("alert", lambda: _send_alerts(context, home)))

    return reports


def _publish_database(home: HomeResource) -> tuple[dict[str, Any], list[str]]:
    served = publish_current(home.settings)
    if served is None:
        return {}, []
    if not served.is_new:
        return {}, served.troubles
    rows = sum(served.tables.values())
    return {
        "publication": served.publication_id,
        "dagster/row_count": rows,
        "logins": len(served.principals),
    }, served.troubles


def _write_reports(home: HomeResource) -> tuple[dict[str, Any], list[str]]:
    made = write_last_month(home.settings)
    about = {"period": made.period, "pages": made.pages, "first": str(made.first or "")}
    return about, list(made.troubles)


def _send_alerts(context: dg.AssetExecutionContext, home: HomeResource) -> tuple[dict[str, Any], list[str]]:
    from serving.alerts import Checks

    failed = checks_of_run(context.instance, context.run_id)
    are_all = has_checked_marts(context.instance, context.run_id)
    checks = Checks(failed, are_all=are_all)
    report = send_alerts(home.settings, home.settings.warehouse, checks=checks)
    return {"open": report.open, "sent": report.sent, "waiting": report.waiting}, list(report.errors)


def _result(
    context: dg.AssetExecutionContext, key: dg.AssetKey, done: tuple[dict[str, Any], list[str]]
) -> Iterator[Any]:
    """A materialization of what was made, and a check that warns of what was not."""
    about, troubles = done
    if about:
        yield dg.MaterializeResult(asset_key=key, metadata=about)
    else:
        yield from untouched(context, [key])
    check = dg.AssetCheckKey(key, "without_trouble")
    if check in context.selected_asset_check_keys:
        yield dg.AssetCheckResult(
            asset_key=key,
            check_name=check.name,
            passed=not troubles,
            severity=dg.AssetCheckSeverity.WARN,
            description="\n".join(troubles) or None,
        )
