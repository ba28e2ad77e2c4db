"""The extracted records: one asset for each resource of each connected system, `[<instance>, <resource>]`.

A report of days has another, `[<instance>, <resource>, days]`, by which days are read again.

Belongs here: specs, and what an extraction tells Dagster. Does not belong here: fetching (``connectors.sources``).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.defs.outputs import untouched
from orchestration.defs.policies import SYSTEMS, pool_of
from orchestration.defs.resources import HomeResource
from orchestration.steps.sources import extract_days, extract_source, source_figures
from orchestration.steps.step import step

if TYPE_CHECKING:
    from connectors.sources.extraction.run import ExtractionReport, ResourceReport
    from connectors.sources.model import Instance, Resource

BACKFILL = "backfill"
EXTRACTED = "extracted"


def build_source_assets(instance: "Instance") -> dg.AssetsDefinition:
    """The assets of one connected system.

    Args:
        instance: As sources.yml describes it.
    """
    specs = [
        dg.AssetSpec(
            key=[instance.name, resource.name],
            group_name=SYSTEMS,
            kinds={instance.type.name, "duckdb"},
            description=f"{resource.about}; every version, in {instance.schema}.{resource.name}.",
            skippable=True,
        )
        for resource in instance.resources
    ]

    @dg.multi_asset(
        name=f"source_{instance.name}",
        specs=specs,
        check_specs=[dg.AssetCheckSpec(EXTRACTED, asset=spec.key, description=_MEANING) for spec in specs],
        can_subset=True,
        pool=pool_of(instance.name),
    )
    def source(context: dg.AssetExecutionContext, home: HomeResource) -> Iterator[Any]:
        wanted = {key.path[-1] for key in context.selected_asset_keys}
        with step("extract", instance.name):
            report = extract_source(home.settings, instance, wanted)
            figures = source_figures(home.settings, instance)
        yield from _told(context, instance, report, figures)

    return source


def build_report_days(instance: "Instance") -> "dict[str, dg.AssetsDefinition]":
    """The assets ``[<instance>, <report>, days]``, a partition for each day, for days that are to be read again.

    A run extracts what is new, with the days before it; what is older is read again by hand, any days in one run.

    Args:
        instance: As sources.yml describes it.
    """
    reports = [resource for resource in instance.resources if resource.daily is not None]
    return {f"days_{instance.name}_{one.name}": _report_days(instance, one) for one in reports}


def _report_days(instance: "Instance", resource: "Resource") -> dg.AssetsDefinition:
    assert resource.daily is not None
    key = dg.AssetKey([instance.name, resource.name, "days"])
    spec = dg.AssetSpec(
        key=key,
        group_name=BACKFILL,
        kinds={instance.type.name, "duckdb"},
        description=f"Days of {instance.name}.{resource.name} read again; the next run takes them on.",
        partitions_def=dg.DailyPartitionsDefinition(
            start_date=max(instance.start_date, resource.daily.earliest).isoformat(),
            timezone=resource.daily.zone,
        ),
    )

    @dg.multi_asset(
        name=f"days_{instance.name}_{resource.name}",
        specs=[spec],
        pool=pool_of(instance.name),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def days(context: dg.AssetExecutionContext, home: HomeResource) -> dg.MaterializeResult[None]:
        chosen = context.partition_key_range
        with step("extract", f"{instance.name} {chosen.start} to {chosen.end}"):
            report = extract_days(home.settings, instance, resource.name, chosen.start, chosen.end)
        (one,) = report.resources
        if one.failure:
            said = f"{instance.name}.{one.resource}: {one.failure}. {one.hint}".strip()
            raise dg.Failure(said, allow_retries=False)
        return dg.MaterializeResult(asset_key=key, metadata=_metadata(one))

    return days


_MEANING = "The system gave all that was asked for."


def _told(
    context: dg.AssetExecutionContext,
    instance: "Instance",
    report: "ExtractionReport",
    figures: dict[str, dict[str, Any]],
) -> Iterator[Any]:
    for one in report.resources:
        key = dg.AssetKey([instance.name, one.resource])
        metadata = {**figures.get(one.resource, {}), **_metadata(one)}
        if one.failure:
            yield from untouched(context, [key])
        else:
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)
        if dg.AssetCheckKey(key, EXTRACTED) in context.selected_asset_check_keys:
            yield dg.AssetCheckResult(
                asset_key=key,
                check_name=EXTRACTED,
                passed=one.failure is None,
                severity=dg.AssetCheckSeverity.ERROR,
                description=one.failure
                and f"{instance.name}.{one.resource}: {one.failure}. {one.hint}".strip(),
                metadata=metadata,
            )


def _metadata(one: "ResourceReport") -> dict[str, Any]:
    return {
        "rows read": one.rows_read,
        "new versions": one.rows_new,
        "deleted": one.rows_deleted,
        "cursor": one.cursor_value or "(none)",
        "new fields": one.new_fields,
    }
