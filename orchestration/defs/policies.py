"""What holds for every asset, said once: who owns it, how fresh it has to be, which runs start again.

Belongs here: owners, freshness, the writers' pool and the function that applies them to all specs.
Does not belong here: anything about one asset.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import dagster as dg

#: of every step that writes the warehouse
POOL = "warehouse_writer"
#: group of the records of connected systems
SYSTEMS = "sources"
#: tags of runs that nobody watches: one whose process died is started again from its beginning
STARTED_AGAIN = {"dagster/max_retries": "2", "dagster/retry_strategy": "ALL_STEPS"}
DEFAULT_OWNER = "team:data"
OWNERS = {
    "files": "team:data",
    "plans": "team:compensation",
    "ledger": "team:people",
    "marts": "team:compensation",
    "published": "team:people",
    "books": "team:people",
}

_DAILY = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=3), warn_window=timedelta(hours=36))
_FRESHNESS = {
    "files": _DAILY,
    "plans": dg.FreshnessPolicy.time_window(fail_window=timedelta(days=45), warn_window=timedelta(days=33)),
}
_MONTHLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=45), warn_window=timedelta(days=33))


def owners_of(key: dg.AssetKey, present: list[str]) -> list[str]:
    """The owners an asset has already, else those of its source or schema."""
    return present or [OWNERS.get(key.path[0], DEFAULT_OWNER)]


def pool_of(instance: str) -> str:
    """The pool of a connected system: whoever asks it waits for whoever asks it already, for its limits are shared.

    Args:
        instance: Its name.
    """
    return f"system_{instance}"


def freshness_of(spec: dg.AssetSpec) -> dg.FreshnessPolicy:
    """Landed data and records of connected systems are refreshed daily; everything computed, monthly."""
    return _DAILY if spec.group_name == SYSTEMS else _FRESHNESS.get(spec.key.path[0], _MONTHLY)


def with_policies(spec: dg.AssetSpec, descriptions: Mapping[dg.AssetKey, str]) -> dg.AssetSpec:
    """An asset spec with owners, freshness and a description; used by ``build_definitions`` over all specs.

    Args:
        spec: As its module made it.
        descriptions: What dbt says of its sources, for assets that say nothing themselves.
    """
    complete = spec.replace_attributes(
        owners=owners_of(spec.key, list(spec.owners)),
        description=spec.description or descriptions.get(spec.key),
    )
    dated: dg.AssetSpec = dg.apply_freshness_policy(complete, freshness_of(spec), overwrite_existing=False)
    return dated
