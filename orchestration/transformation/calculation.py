"""One calculation of all models and tests by dbt, and what to say when it fails.

Belongs here: the arguments of dbt, its stream of events, the reading of its results.
Does not belong here: the identity of the run (``transformation.run_identity``), assets (``defs.assets.dbt``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import GateError
from orchestration.runtime.progress_events import emit, watch_dbt
from orchestration.settings import Settings
from orchestration.transformation.calculation_state import begin_calculation, note_whole
from orchestration.transformation.code_version import code_version
from orchestration.transformation.last_good_run import (
    GoodRun,
    forget_good_run,
    is_unchanged,
    last_good_run,
    whole_code,
)
from orchestration.transformation.manifest import REUSE_PARSED, dbt_variables, timezone_args
from orchestration.transformation.run_identity import RunIdentity, computed_run, identify, read_inputs
from serving import current_publication

PARSED = "partial_parse.msgpack"

if TYPE_CHECKING:
    from dagster import AssetExecutionContext
    from dagster_dbt import DbtCliResource


def build_args(identity: RunIdentity) -> list[str]:
    """The dbt command of a calculation: every model, and every data test before what lies below it."""
    return ["build", *timezone_args(identity.timezone)]


@dataclass(frozen=True)
class CalculationPlan:
    """What a calculation is going to do.

    Args:
        identity: The calculation.
        is_whole: All models and all data tests are selected.
        unchanged_since: The last good run in Dagster's storage, when nothing has changed since.
    """

    identity: RunIdentity
    is_whole: bool
    unchanged_since: str = ""


def plan_calculation(
    context: AssetExecutionContext, settings: Settings, as_of: str | None, *, anew: bool
) -> CalculationPlan:
    """Identify a calculation and decide whether there is anything to compute.

    Args:
        context: Of the dbt step; a selection of a part is always computed.
        settings: Where everything lies.
        as_of: Time up to which facts are known, as given by hand.
        anew: Compute also when nothing has changed.
    """
    inputs = read_inputs(settings.warehouse)
    identity = identify(inputs, code_version(settings.dbt_project), settings.timezone, as_of)
    definition = context.assets_def
    is_whole = set(context.selected_asset_keys) == set(definition.keys) and set(
        context.selected_asset_check_keys
    ) == set(definition.check_keys)
    last = last_good_run(settings)
    if anew or not is_whole or last is None:
        return CalculationPlan(identity, is_whole)
    publication = current_publication(settings.published)
    present = GoodRun(
        identity.run_id,
        inputs.loads,
        whole_code(settings),
        publication.name if publication else "",
        context.run_id,
    )
    same = is_unchanged(last, present, computed=computed_run(settings.warehouse))
    return CalculationPlan(identity, is_whole, last.dagster_run if same else "")


def calculate_with_dbt(
    context: AssetExecutionContext, dbt: DbtCliResource, settings: Settings, plan: CalculationPlan
) -> Iterator[Any]:
    """Run dbt once over the selection and pass its events on.

    Raises:
        GateError: A test of error severity failed, or a model could not be built; says which ones.
    """
    identity = plan.identity
    emit("dbt", "note", f"run {identity.run_id}, as of {identity.as_of} UTC", remark=True)
    forget_good_run(settings)
    begin_calculation(settings)
    target = settings.dbt_target / "build"
    (target / PARSED).unlink(missing_ok=True)  # dagster-dbt puts the one made with the manifest in its place
    with dbt_variables(settings, {**identity.variables(), **REUSE_PARSED}):
        call = dbt.cli(build_args(identity), context=context, target_path=target, raise_on_error=False)
        yield from watch_dbt(call.stream())
    error = call.get_error()
    if error is not None:
        raise GateError(failures_text(target) or str(error))
    if plan.is_whole:
        note_whole(settings)


def failures_text(target: Path) -> str:
    """One line for each node that failed in dbt's last invocation, and where its log lies; empty without results."""
    results = target / "run_results.json"
    if not results.exists():
        return ""
    failed = [
        f"{row['unique_id'].split('.')[2]}: {' '.join(str(row['message']).split())}"
        for row in json.loads(results.read_text(encoding="utf-8"))["results"]
        if row["status"] in {"error", "fail", "runtime error"}
    ]
    return "\n".join([*failed, f"The log lies in {target / 'dbt.log'}."]) if failed else ""
