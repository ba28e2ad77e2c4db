"""dbt on a warehouse of its own, without Dagster: some models and what they are made of, no tests; always on DuckDB.

Belongs here: the command, and what to say when it fails. Does not belong here: the calculation of a run
(``transformation.calculation``).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from orchestration.errors import GateError
from orchestration.settings import Settings
from orchestration.transformation.code_version import fingerprint
from orchestration.transformation.invocation import failures_text
from orchestration.transformation.manifest import dbt_environment, dbt_executable, timezone_args
from orchestration.transformation.run_identity import RunIdentity


def run_models(settings: Settings, identity: RunIdentity, selection: Sequence[str]) -> None:
    """Compute models of a warehouse.

    Args:
        settings: Those of the pipeline with the folder of the warehouse as home.
        identity: The calculation.
        selection: Models as dbt selects them.

    Raises:
        GateError: dbt could not build a model; says which.
    """
    settings = settings.model_copy(update={"engine": "duckdb"})
    _forget_stale_parse(settings)
    command = [
        dbt_executable(),
        "--quiet",
        "--partial-parse",
        "run",
        "--full-refresh",
        "--select",
        *selection,
    ]
    result = subprocess.run(
        [*command, *timezone_args(identity.timezone)],
        cwd=settings.dbt_project,
        env={**os.environ, **dbt_environment(settings), **identity.variables()},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        said = failures_text(settings.dbt_target) or (result.stdout + result.stderr).strip()
        raise GateError(f"dbt cannot compute under these plans:\n{said}")


def _forget_stale_parse(settings: Settings) -> None:
    """Have dbt parse a changed project as a whole: an added KPI changes models whose own file is as before."""
    target = settings.dbt_target
    target.mkdir(parents=True, exist_ok=True)
    mark, wanted = target / "sandbox.fingerprint", fingerprint(settings.dbt_project)
    if not mark.exists() or mark.read_text(encoding="utf-8") != wanted:
        (target / "partial_parse.msgpack").unlink(missing_ok=True)
        mark.write_text(wanted, encoding="utf-8")
