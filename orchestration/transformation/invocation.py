"""One invocation of dbt by a step of Dagster: its events, which models a part of them needs, what to say when it fails.

Belongs here: the stream of events, the reading of results. Does not belong here: what is invoked in which order
(``transformation.calculation``), the program (``transformation.dbt_process``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.common.storage import storage_sentence
from orchestration.errors import GateError
from orchestration.runtime.progress_events import watch_dbt

if TYPE_CHECKING:
    from dagster import AssetExecutionContext
    from dagster_dbt import DbtCliInvocation, DbtCliResource

PARSED, RESULTS = "partial_parse.msgpack", "run_results.json"


@dataclass(frozen=True)
class Invocation:
    """A run of dbt that has been started.

    Args:
        call: The process.
        target: Folder of its artifacts.
        place: Where it writes, for errors of the storage that name no file.
    """

    call: DbtCliInvocation
    target: Path
    place: str

    @classmethod
    def start(
        cls,
        context: AssetExecutionContext,
        dbt: DbtCliResource,
        args: Sequence[str],
        target: Path,
        place: str,
    ) -> Invocation:
        """Start dbt over the selection of a step."""
        for left in (PARSED, RESULTS):  # dagster-dbt puts what was parsed with the manifest in its place
            (target / left).unlink(missing_ok=True)
        return cls(dbt.cli(args, context=context, target_path=target, raise_on_error=False), target, place)

    def events(self) -> Iterator[Any]:
        """Events of all that is built and tested, until dbt has ended."""
        return watch_dbt(self.call.stream())

    def raise_error(self) -> None:
        """Say what failed, once dbt has ended.

        Raises:
            GateError: A test of error severity failed, or a model could not be built; says which ones.
            UserError: The storage did not suffice: a full or read-only disk, too little memory.
        """
        error = self.call.get_error()
        if error is not None:
            told = failures_text(self.target) or str(error)
            raise storage_sentence(told, self.place) or GateError(told)


def intermediates_of_a_part(context: AssetExecutionContext) -> list[str]:
    """Where only some models are asked for: the intermediate models above them and above their tests as well.

    The last run has left none of them, and no other test may run that reads further ones.
    """
    if not context.is_subset:
        return []
    asked = {key.path[-1] for key in context.selected_asset_keys}
    asked |= {key.name for key in context.selected_asset_check_keys}
    above = " ".join(f"+{name},path:models/intermediate" for name in sorted(asked))
    return ["--indirect-selection", "buildable", "--select", above]


def chain_of_a_part(context: AssetExecutionContext) -> list[str]:
    """Where only some models are asked for and nothing is there that they read: everything above them as well."""
    if not context.is_subset:
        return []
    return ["--select", " ".join(sorted(f"+{key.path[-1]}" for key in context.selected_asset_keys))]


def asked_for(events: Iterable[Any], context: AssetExecutionContext) -> Iterator[Any]:
    """Events without the outputs of models that were only built on the way."""
    names = {None, *context.op_execution_context.selected_output_names}
    return (event for event in events if getattr(event, "output_name", None) in names)


def failures_text(target: Path) -> str:
    """One line for each node that failed in dbt's last invocation, and where its log lies; empty without results."""
    results = target / RESULTS
    if not results.exists():
        return ""
    failed = [
        f"{row['unique_id'].split('.')[2]}: {' '.join(str(row['message']).split())}"
        for row in json.loads(results.read_text(encoding="utf-8"))["results"]
        if row["status"] in {"error", "fail", "runtime error"}
    ]
    return "\n".join([*failed, f"The log lies in {target / 'dbt.log'}."]) if failed else ""
