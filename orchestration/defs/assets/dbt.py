"""All dbt models as assets, all dbt tests as their checks, in one invocation of ``dbt build``.

Belongs here: how a dbt node becomes an asset (group, owners) and the call of dbt.
Does not belong here: asset keys (dbt's own: ``[schema, model]``, sources ``[source, table]``), SQL.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.defs.outputs import untouched
from orchestration.defs.policies import POOL
from orchestration.defs.resources import HomeResource
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.steps.step import step
from orchestration.transformation.calculation import calculate_with_dbt, plan_calculation
from orchestration.transformation.calculation_state import note_unchanged

UNCHANGED_TAG = "incentives/unchanged_since"
UNCHANGED = "unchanged since run"


class Calculation(dg.Config):
    """What can be asked of a calculation.

    Args:
        as_of: ISO 8601 time up to which facts are known; empty: the latest business time of the data.
        anew: Compute also when nothing has changed since the last good run.
    """

    as_of: str | None = None
    anew: bool = False


#: folders of models whose assets are shown together with those of another folder
DOMAINS = {
    "attribution": "credits",
    "calendar": "people",
    "counterfactuals": "pay",
    "growth": "measures",
    "journey": "leads",
    "kpis": "scorecards",
    "process": "leads",
    "quality": "reports",
    "roi": "reports",
    "tasks": "measures",
    "transfers": "deals",
}


def group_of(node: Mapping[str, Any]) -> str:
    """The group of a dbt node: ``staging``, or the domain of its folder such as ``pay``."""
    folders = [str(part) for part in node.get("fqn", [])[1:-1]]
    if not folders or folders[0] == "staging" or len(folders) == 1:
        return folders[0] if folders else str(node["resource_type"])
    return DOMAINS.get(folders[1], folders[1])


class DomainTranslator(DagsterDbtTranslator):
    """Groups by domain; keys, descriptions, owners and checks are dagster-dbt's own."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """See ``group_of``."""
        return group_of(dbt_resource_props)


def public_marts(manifest: Mapping[str, Any]) -> list[dg.AssetKey]:
    """The asset keys of the public models: what a publication carries."""
    nodes = manifest["nodes"].values()
    public = [node for node in nodes if node["resource_type"] == "model" and node.get("access") == "public"]
    return [dg.AssetKey([node["config"]["schema"], node["name"]]) for node in public]


def source_descriptions(manifest: Mapping[str, Any]) -> dict[dg.AssetKey, str]:
    """What dbt says of each table it reads, by the key of the asset that lands it."""
    sources = manifest["sources"].values()
    return {dg.AssetKey([one["source_name"], one["name"]]): one["description"] for one in sources}


def build_dbt_assets(settings: Settings, manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """The dbt assets of a manifest.

    Args:
        settings: Where the project and its artifacts lie.
        manifest: A manifest that fits the project.
    """
    project = DbtProject(settings.dbt_project, target_path=settings.dbt_target)

    @dbt_assets(
        manifest=manifest,
        project=project,
        name="dbt",
        exclude="resource_type:unit_test",
        dagster_dbt_translator=DomainTranslator(),
        pool=POOL,
    )
    def dbt_models(
        context: dg.AssetExecutionContext, config: Calculation, dbt: DbtCliResource, home: HomeResource
    ) -> Iterator[Any]:
        with step("dbt"):
            plan = plan_calculation(context, home.settings, config.as_of, of=dbt_models, anew=config.anew)
            if plan.unchanged_since:
                yield from unchanged(context, home.settings, plan.unchanged_since)
            else:
                yield from calculate_with_dbt(context, dbt, home.settings, plan)

    return dbt_models


def unchanged(context: dg.AssetExecutionContext, settings: Settings, last: str) -> Iterator[Any]:
    """Say of every selected mart that it is as the last good run left it; nothing is materialized.

    Args:
        context: Of the dbt step.
        settings: Where the notes lie.
        last: The last good run in Dagster's storage.
    """
    emit("dbt", "note", f"nothing has changed since run {last}: nothing is computed", remark=True)
    note_unchanged(settings, context.run_id)
    context.instance.add_run_tags(context.run_id, {UNCHANGED_TAG: last})
    for key in sorted(context.selected_asset_keys):
        if key.path[0] == "marts":
            yield dg.AssetObservation(key, metadata={UNCHANGED: last})
    yield from untouched(context, context.selected_asset_keys)
