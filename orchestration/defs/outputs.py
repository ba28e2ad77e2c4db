"""Outputs of steps that have written nothing.

Belongs here: how a step lets the steps below it run without claiming a materialization.
Does not belong here: whether there was something to write (``steps``, ``transformation``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import dagster as dg
from dagster._core.events import DagsterEvent
from dagster._core.execution.plan.outputs import StepOutputData, StepOutputHandle


def untouched(context: dg.AssetExecutionContext, keys: Iterable[dg.AssetKey]) -> Iterator[DagsterEvent]:
    """Outputs of assets that are as they were before this run: no materialization is recorded.

    Dagster 1.13 skips every step below an output that was not yielded, and records a materialization for every
    output that is (2026-11). A step may yield the output event itself, which does the one without the other. So
    freshness sees only what really arrived, and the steps below run.

    Args:
        context: Of a step whose outputs are optional.
        keys: Selected assets of the step.
    """
    step = context.op_execution_context.get_step_execution_context()
    for key in keys:
        name = step.job_def.asset_layer.get_op_output_name(key)
        yield DagsterEvent.step_output_event(step, StepOutputData(StepOutputHandle(step.step.key, name)))
