"""The one assembly of everything Dagster knows: for the code location, for tests and for the command line.

Belongs here: putting the parts together and the policies that hold for all of them.
Does not belong here: the parts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.defs.assets.dbt import build_dbt_assets, public_marts, source_descriptions
from orchestration.defs.assets.files import build_files_assets
from orchestration.defs.assets.ledger import build_ledger_assets
from orchestration.defs.assets.payroll import build_payroll_assets, state_specs
from orchestration.defs.assets.plans import build_plans_assets
from orchestration.defs.assets.publication import (
    build_month_files,
    build_publication_assets,
    build_report_assets,
)
from orchestration.defs.assets.sources import build_report_days, build_source_assets
from orchestration.defs.checks.gates import (
    CHANGES_SPEC,
    CHECKPOINTS,
    asset_of,
    build_changes_check,
    build_gate,
)
from orchestration.defs.jobs import build_jobs
from orchestration.defs.policies import with_policies
from orchestration.defs.resources import build_resources
from orchestration.defs.schedules import build_schedules
from orchestration.defs.sensors import build_sensors
from orchestration.settings import Settings, load_settings
from orchestration.steps.sources import configured_sources
from orchestration.steps.validation import suites_of_records
from orchestration.transformation.manifest import read_manifest

if TYPE_CHECKING:
    from connectors.sources.model import Instance


@dataclass(frozen=True)
class Overrides:
    """What a caller wants different.

    Args:
        settings: Instead of those of the environment.
        assets: Assets definitions to take the place of those of the same name (files, plans, dbt, published).
        resources: Resources to take the place of those of the same name.
    """

    settings: Settings | None = None
    assets: Mapping[str, dg.AssetsDefinition] = field(default_factory=dict)
    resources: Mapping[str, object] = field(default_factory=dict)


def build_definitions(overrides: Overrides | None = None) -> dg.Definitions:
    """Assets, checks, jobs, schedules, sensors and resources of the pipeline.

    Args:
        overrides: What is to be different from the environment's settings and the stock parts.

    Raises:
        InputError: A setting is wrong or dbt cannot parse its project.
    """
    chosen = overrides or Overrides()
    settings = chosen.settings or load_settings()
    manifest = read_manifest(settings)
    instances = configured_sources(settings)
    sources = {f"source_{one.name}": build_source_assets(one) for one in instances}
    days = {name: one for instance in instances for name, one in build_report_days(instance).items()}
    computed = {
        "files": build_files_assets([key for one in sources.values() for key in one.keys]),
        "plans": build_plans_assets(),
        "ledger": build_ledger_assets(),
        "dbt": build_dbt_assets(settings, manifest),
    } | {name: one for name, one in chosen.assets.items() if name in {"files", "plans", "ledger", "dbt"}}
    guarded = {key for definition in [*sources.values(), *computed.values()] for key in definition.keys}
    gates = build_gates(guarded, instances)
    at_marts = [name for name in gates if name != "raw"]
    handed_over = {
        "published": build_publication_assets(public_marts(manifest), at_marts),
        "periods": build_month_files(at_marts),
        "payroll": build_payroll_assets(),
        "reports": build_report_assets(),
    }
    descriptions = source_descriptions(manifest)
    assets = {**sources, **days, **computed, **handed_over, **chosen.assets}
    jobs = build_jobs()
    return dg.Definitions(
        assets=[
            *(one.map_asset_specs(lambda spec: with_policies(spec, descriptions)) for one in assets.values()),
            *(with_policies(spec, descriptions) for spec in state_specs()),
        ],
        asset_checks=list(gates.values()),
        jobs=list(jobs.values()),
        schedules=build_schedules(jobs, settings),
        sensors=build_sensors(jobs, settings),
        resources={**build_resources(settings), **chosen.resources},
        executor=dg.in_process_executor,
    )


def build_gates(
    known: Collection[dg.AssetKey], instances: Sequence[Instance] = ()
) -> dict[str, dg.AssetChecksDefinition]:
    """The gates over the assets there are: ``raw``, ``marts`` and ``changes``.

    Args:
        known: Assets that can be validated.
        instances: Connected systems, whose records are validated with the deliveries.
    """
    from expectations import suites_at

    of_systems = {"raw": suites_of_records(instances)}
    suites = {
        checkpoint: [
            suite
            for suite in (*suites_at(checkpoint), *of_systems.get(checkpoint, ()))
            if asset_of(suite) in known
        ]
        for checkpoint in CHECKPOINTS
    }
    gates = {checkpoint: build_gate(checkpoint, found) for checkpoint, found in suites.items() if found}
    return gates | ({"changes": build_changes_check()} if CHANGES_SPEC.asset_key in known else {})
