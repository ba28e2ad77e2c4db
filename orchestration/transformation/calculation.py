"""One calculation of all models and tests by dbt, on the engine of the settings.

Belongs here: what is computed, in which order.
Does not belong here: a single invocation (``transformation.invocation``), the identity of the run
(``transformation.run_identity``), assets (``defs.assets.dbt``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.transformation.calculation_state import begin_calculation, note_whole
from orchestration.transformation.code_version import code_version
from orchestration.transformation.invocation import (
    Invocation,
    asked_for,
    chain_of_a_part,
    intermediates_of_a_part,
)
from orchestration.transformation.last_good_run import (
    GoodRun,
    forget_good_run,
    is_unchanged,
    last_good_run,
    whole_code,
)
from orchestration.transformation.manifest import dbt_variables, timezone_args
from orchestration.transformation.metadata.column_lineage import BuildLineage
from orchestration.transformation.metadata.table_metadata import with_table_metadata
from orchestration.transformation.run_identity import (
    RunIdentity,
    computed_run,
    identify,
    read_inputs,
    refuse_other_zones,
)
from serving import current_publication

if TYPE_CHECKING:
    from dagster import AssetExecutionContext, AssetsDefinition
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
    """Have dbt compute and test the selection, and pass its events on.

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
    with dbt_variables(settings, identity.variables()):
        yield from (
            _on_spark(context, dbt, settings, plan)
            if settings.engine == "spark"
            else _on_duckdb(context, dbt, settings, plan)
        )
    if plan.is_whole:
        note_whole(settings)


def _on_duckdb(
    context: AssetExecutionContext, dbt: DbtCliResource, settings: Settings, plan: CalculationPlan
) -> Iterator[Any]:
    """One invocation: every model, and every data test before what lies below it."""
    target = settings.dbt_target / "build"
    args = [*build_args(plan.identity), *intermediates_of_a_part(context)]
    build = Invocation.start(context, dbt, args, target, str(settings.warehouse))
    yield from _with_metadata(context, settings, plan, build.events(), target)
    build.raise_error()


def _on_spark(
    context: AssetExecutionContext, dbt: DbtCliResource, settings: Settings, plan: CalculationPlan
) -> Iterator[Any]:
    """Two invocations: the models on Spark, then the data tests on DuckDB over what it made (decision 0217)."""
    from orchestration.transformation.spark.calculation import make_tables

    emit("dbt", "note", f"on Spark: {settings.spark_thrift or settings.spark_master}", remark=True)
    timezone = timezone_args(plan.identity.timezone)
    if context.selected_asset_keys:
        target = settings.dbt_target / "spark"
        made = make_tables(context, dbt, settings, ["run", *timezone, *chain_of_a_part(context)], target)
        yield from _with_metadata(context, settings, plan, made, target)
    if context.selected_asset_check_keys:
        target = settings.dbt_target / "build"
        # of a part: no test that reads what is not there yet
        part = ["--indirect-selection", "buildable"] if context.is_subset else []
        tests = Invocation.start(context, dbt, ["test", *timezone, *part], target, str(settings.warehouse))
        yield from tests.events()
        tests.raise_error()


def _with_metadata(
    context: AssetExecutionContext,
    settings: Settings,
    plan: CalculationPlan,
    events: Iterable[Any],
    target: Path,
) -> Iterator[Any]:
    layer = context.job_def.asset_layer
    keys = {layer.get_op_output_name(key): tuple(key.path) for key in context.selected_asset_keys}
    code = f"{plan.identity.code_version} {plan.identity.timezone} {settings.engine}"
    made = with_table_metadata(events, keys, settings.warehouse, BuildLineage(target, code))
    return asked_for(made, context)
