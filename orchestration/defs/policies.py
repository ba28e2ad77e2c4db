"""What holds for every asset, said once: who owns it, how fresh it has to be, how often a step is tried again.

Belongs here: owners, freshness, retries, the writers' pool and the function that applies them to all specs.
Does not belong here: anything about one asset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import dagster as dg

POOL = "warehouse_writer"
RETRIES = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)
DEFAULT_OWNER = "team:data"
OWNERS = {
    "files": "team:data",
    "plans": "team:compensation",
    "marts": "team:compensation",
    "published": "team:people",
}

_FRESHNESS = {
    "files": dg.FreshnessPolicy.time_window(fail_window=timedelta(days=3), warn_window=timedelta(hours=36)),
    "plans": dg.FreshnessPolicy.time_window(fail_window=timedelta(days=45), warn_window=timedelta(days=33)),
}
_MONTHLY = dg.FreshnessPolicy.time_window(fail_window=timedelta(days=45), warn_window=timedelta(days=33))


@dataclass(frozen=True)
class Writer:
    """What every step that writes the warehouse shares: its place in the pool and its retries."""

    pool: str = POOL
    retry_policy: dg.RetryPolicy = RETRIES


def owners_of(key: dg.AssetKey, present: list[str]) -> list[str]:
    """The owners an asset has already, else those of its source or schema."""
    return present or [OWNERS.get(key.path[0], DEFAULT_OWNER)]


def freshness_of(key: dg.AssetKey) -> dg.FreshnessPolicy:
    """Landed data are refreshed daily; everything computed, monthly."""
    return _FRESHNESS.get(key.path[0], _MONTHLY)


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
    dated: dg.AssetSpec = dg.apply_freshness_policy(
        complete, freshness_of(spec.key), overwrite_existing=False
    )
    return dated
