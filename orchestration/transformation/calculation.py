"""One calculation of all models and tests by dbt, and what to say when it fails.

Belongs here: the arguments of dbt, its stream of events, the reading of its results.
Does not belong here: the identity of the run (``transformation.run_identity``), assets (``defs.assets.dbt``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.storage import storage_sentence
from orchestration.errors import GateError
from orchestration.runtime.progress_events import emit, watch_dbt
from orchestration.settings import Settings
from orchestration.transformation.calculation_state import begin_calculation, note_whole
from orchestration.transformation.code_version import code_version
from orchestration.transformation.column_lineage import column_lineage
from orchestration.transformation.last_good_run import (
    GoodRun,
    forget_good_run,
    is_unchanged,
    last_good_run,
    whole_code,
)
from orchestration.transformation.manifest import dbt_variables, timezone_args
from orchestration.transformation.run_identity import (
    RunIdentity,
    computed_run,
    identify,
    read_inputs,
    refuse_other_zones,
)
from orchestration.transformation.table_metadata import with_table_metadata
from serving import current_publication

PARSED = "partial_parse.msgpack"

if TYPE_CHECKING:
    from dagster import AssetExecutionContext, AssetKey, AssetsDefinition
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
        future: Rows by template that lie in the future.
        unchanged_since: The last good run in Dagster's storage, when nothing has changed since.
    """

    identity: RunIdentity
    is_whole: bool
    future: Mapping[str, int]
    unchanged_since: str = ""


def plan_calculation(
    context: AssetExecutionContext, settings: Settings, as_of: str | None, *, of: AssetsDefinition, anew: bool
) -> CalculationPlan:
    """Identify a calculation and decide whether there is anything to compute.

    Args:
        context: Of the dbt step; a selection of a part is always computed.
        settings: Where everything lies.
        as_of: Time up to which facts are known, as given by hand.
        of: All models and all data tests.
        anew: Compute also when nothing has changed.
    """
    inputs = read_inputs(settings.warehouse, settings.timezone)
    refuse_other_zones(inputs)
    identity = identify(inputs, code_version(settings.dbt_project), settings.timezone, as_of)
    is_whole = set(context.selected_asset_keys) == set(of.keys) and set(
        context.selected_asset_check_keys
    ) == set(of.check_keys)
    last = last_good_run(settings)
    if anew or not is_whole or last is None:
        return CalculationPlan(identity, is_whole, inputs.future)
    publication = current_publication(settings.published)
    present = GoodRun(
        identity.run_id,
        inputs.loads,
        whole_code(settings),
        publication.name if publication else "",
        context.run_id,
    )
    same = is_unchanged(last, present, computed=computed_run(settings.warehouse))
    return CalculationPlan(identity, is_whole, inputs.future, last.dagster_run if same else "")


def calculate_with_dbt(
    context: AssetExecutionContext, dbt: DbtCliResource, settings: Settings, plan: CalculationPlan
) -> Iterator[Any]:
    """Run dbt once over the selection and pass its events on.

    Raises:
        GateError: A test of error severity failed, or a model could not be built; says which ones.
        UserError: The storage did not suffice: a full or read-only disk, too little memory.
    """
    from orchestration.books.recalculation import recalculate_under_old_plans

    identity = plan.identity
    emit("dbt", "note", f"run {identity.run_id}, as of {identity.as_of} UTC", remark=True)
    for template, rows in plan.future.items():
        emit("dbt", "note", f"{template}: {rows:,} rows lie in the future and are not computed", remark=True)
    context.log.info(f"memory: at most {settings.memory_limit}, of it for DuckDB {settings.duckdb_memory}")
    forget_good_run(settings)
    begin_calculation(settings)
    recalculate_under_old_plans(settings, identity.as_of)
    target = settings.dbt_target / "build"
    (target / PARSED).unlink(missing_ok=True)  # dagster-dbt puts the one made with the manifest in its place
    with dbt_variables(settings, identity.variables()):
        args = [*build_args(identity), *_intermediates_of_a_part(context)]
        call = dbt.cli(args, context=context, target_path=target, raise_on_error=False)
        events = (event for event in watch_dbt(call.stream()) if _is_asked_for(event, context))
        keys = {name: tuple(key.path) for key, name in _output_names(context)}
        code = f"{identity.code_version} {identity.timezone}"
        lineage = partial(column_lineage, target, code)
        yield from with_table_metadata(events, keys, settings.warehouse, lineage)
    error = call.get_error()
    if error is not None:
        told = failures_text(target) or str(error)
        if found := storage_sentence(told, str(settings.warehouse)):
            raise found
        raise GateError(told)
    if plan.is_whole:
        note_whole(settings)


def _output_names(context: AssetExecutionContext) -> Iterator[tuple[AssetKey, str]]:
    layer = context.job_def.asset_layer
    yield from ((key, layer.get_op_output_name(key)) for key in context.selected_asset_keys)


def _intermediates_of_a_part(context: AssetExecutionContext) -> list[str]:
    """Where only some models are asked for: the intermediate models above them and above their tests as well.

    The last run has left none of them, and no other test may run that reads further ones.
    """
    if not context.is_subset:
        return []
    asked = {key.path[-1] for key in context.selected_asset_keys}
    asked |= {key.name for key in context.selected_asset_check_keys}
    above = " ".join(f"+{name},path:models/intermediate" for name in sorted(asked))
    return ["--indirect-selection", "buildable", "--select", above]


def _is_asked_for(event: Any, context: AssetExecutionContext) -> bool:
    """Not the output of a model that was only built on the way."""
    name = getattr(event, "output_name", None)
    return name is None or name in context.op_execution_context.selected_output_names


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
