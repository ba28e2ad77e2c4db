"""All dbt models as assets, all dbt tests as their checks, in one invocation of ``dbt build``.

Belongs here: how a dbt node becomes an asset (group, owners) and the call of dbt.
Does not belong here: asset keys (dbt's own: ``[schema, model]``, sources ``[source, table]``), SQL.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.defs.policies import Writer
from orchestration.defs.resources import Home
from orchestration.settings import Settings
from orchestration.steps.step import step
from orchestration.transformation.calculation import calculate_with_dbt


class Calculation(dg.Config):
    """What can be asked of a calculation.

    Args:
        as_of: ISO 8601 time up to which facts are known; empty: the latest business time of the data.
    """

    as_of: str | None = None


def group_of(node: Mapping[str, Any]) -> str:
    """The group of a dbt node: its layer and the folder below it, such as ``marts_pay``."""
    folders = [str(part) for part in node.get("fqn", [])[1:-1]]
    return "_".join(folders[:2]) or str(node["resource_type"])


class ByFolder(DagsterDbtTranslator):
    """Groups from folders; keys, descriptions, owners and checks are dagster-dbt's own."""

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


def build_dbt_assets(settings: Settings, manifest: Mapping[str, Any], writer: Writer) -> dg.AssetsDefinition:
    """The dbt assets of a manifest.

    Args:
        settings: Where the project and its artifacts lie.
        manifest: A manifest that fits the project.
        writer: Pool and retries of writing steps.
    """
    project = DbtProject(settings.dbt_project, target_path=settings.dbt_target)

    @dbt_assets(
        manifest=manifest,
        project=project,
        name="dbt",
        exclude="resource_type:unit_test",
        dagster_dbt_translator=ByFolder(),
        pool=writer.pool,
        retry_policy=writer.retry_policy,
    )
    def dbt_models(
        context: dg.AssetExecutionContext, config: Calculation, dbt: DbtCliResource, home: Home
    ) -> Iterator[Any]:
        with step("dbt"):
            yield from calculate_with_dbt(context, dbt, home.settings, config.as_of)

    return dbt_models
