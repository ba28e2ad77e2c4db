"""The publication step: the marts of one calculation to the folder of readers.

Belongs here: what is recorded with a publication, and the call of ``serving``.
Does not belong here: writing files (``serving``), assets (``assets.publication``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.common.warehouse import open_warehouse
from orchestration.errors import GateError, InputError
from orchestration.runtime.json_state import read_state
from orchestration.runtime.progress_events import emit
from orchestration.settings import Settings
from orchestration.transformation.calculation_state import read_calculation_state
from orchestration.transformation.last_good_run import GoodRun, record_good_run, whole_code
from orchestration.transformation.metadata.mart_documents import mart_documents
from orchestration.transformation.run_identity import read_loads
from orchestration.transformation.spark.folders import forget_unread


@dataclass(frozen=True)
class Published:
    """What the publication step did.

    Args:
        is_new: The figures differ from the last publication.
        periods: Months that the publication holds.
        changed: Of these, the months whose files differ from the last publication.
        metadata: Its id, where it lies, its size.
    """

    is_new: bool
    periods: tuple[str, ...]
    changed: tuple[str, ...]
    metadata: dict[str, Any]


def publish_marts(settings: Settings, gates: Sequence[str], dagster_run: str) -> Published | None:
    """Publish the marts of the warehouse and record the run as the last good one.

    Args:
        settings: Where warehouse and publications lie.
        gates: Gates that the marts have to have passed.
        dagster_run: The run that publishes.

    Returns:
        None when the run found nothing to compute: the publication stands as it is.

    Raises:
        GateError: The marts are not whole, or have not passed every gate since they were computed.
    """
    from serving import current_publication, publish

    state = read_calculation_state(settings)
    if state.unchanged_in == dagster_run:
        emit("publish", "note", "nothing new: the last publication stands")
        return None
    missing = [*([] if state.is_whole else ["the computation of all models and tests"]), *state.lacks(gates)]
    if missing:
        raise GateError(
            f"the marts have not passed: {', '.join(missing)}",
            hint="run the job pay (incentives run), or materialize all marts together with their checks",
        )
    before = _files(current_publication(settings.published))
    calculation = read_calculation(settings.warehouse)
    made = publish(
        settings.warehouse,
        settings.published,
        publication={**calculation, "last_load": _last_load(settings.warehouse)},
        documents=mart_documents(settings),
        explained=settings.explained,
    )
    forget_unread(settings)
    rows = sum(made.marts.values())
    said = f"{len(made.marts)} marts, {rows:,} rows, {len(made.periods)} periods"
    emit("publish", "note", said if made.is_new else f"nothing new: {said}")
    _record(settings, calculation["run_id"], made.folder.name, dagster_run)
    now = _files(made.folder)
    changed = {str(one["period"]) for path, one in now.items() if before.get(path) != one and one["period"]}
    return Published(
        made.is_new,
        made.periods,
        tuple(sorted(changed & set(made.periods))),
        {
            "publication": made.publication_id,
            "folder": str(made.folder),
            "dagster/row_count": rows,
            "files": made.files,
            "bytes": made.bytes,
        },
    )


def _last_load(warehouse: Path) -> str | None:
    with open_warehouse(warehouse, read_only=True) as connection:
        last = connection.execute("select max(load_id) from raw_files.loads").fetchone()
    return last[0] if last else None


def publish_month(settings: Settings, gates: Sequence[str], dagster_run: str, month: str) -> dict[str, Any]:
    """Publish the marts of the warehouse for the sake of one month.

    Returns:
        Where the files of the month lie and how many they are.

    Raises:
        InputError: The marts hold no such month.
        GateError: See `publish_marts`.
    """
    made = publish_marts(settings, gates, dagster_run)
    if made is None or month not in made.periods:
        known = ", ".join(made.periods) if made else ""
        raise InputError(
            f"the marts hold nothing of {month}",
            hint=f"months with files: {known or 'none yet, run the job pay'}",
        )
    folder = Path(made.metadata["folder"])
    count = sum(one["period"] == month for one in _files(folder).values())
    return {
        "publication": made.metadata["publication"],
        "folder": str(folder / "*" / f"period={month}"),
        "files": count,
    }


def _files(folder: Path | None) -> dict[str, dict[str, Any]]:
    """Files of a publication by path, with period and checksum; none of a missing or damaged one."""
    return read_state(folder / "manifest.json").get("files", {}) if folder else {}


def _record(settings: Settings, run_id: str, publication: str, dagster_run: str) -> None:
    """Record the last good run, when the raw layer of these figures passed its gate too."""
    loads, code = read_loads(settings.warehouse), whole_code(settings)
    if read_calculation_state(settings).raw_passed == (*loads, code):
        record_good_run(settings, GoodRun(run_id, loads, code, publication, dagster_run))


def read_calculation(warehouse: Path) -> dict[str, str]:
    """What identifies the calculation the marts are from, as dbt recorded it."""
    columns = ("run_id", "as_of", "timezone", "code_version")
    with open_warehouse(warehouse, read_only=True) as connection:
        row = connection.execute(f"select {', '.join(columns)} from marts.dim_calculation").fetchone()
    return {column: str(value) for column, value in zip(columns, row or (), strict=False)}


def largest_line(database: Path) -> str | None:
    """The id of the largest payout line, as an example to explain; None without lines."""
    query = "select line_id from marts.fct_payout_lines order by abs(amount) desc, line_id limit 1"
    with open_warehouse(database, read_only=True) as connection:
        row = connection.execute(query).fetchone()
    return str(row[0]) if row else None
