"""Whether anything has changed since the last good run; when nothing has, nothing is computed.

A run is good when every model was built, every blocking test and gate passed, and its figures were published. Only
then it is recorded. Any other computation removes the record first, so a subset, a failure or a killed process
leaves none, and the next run computes everything.

Belongs here: the record and the decision. Does not belong here: computing, publishing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.runtime.json_state import read_state, write_state
from orchestration.settings import ROOT, Settings
from orchestration.transformation.code_version import fingerprint

#: everything whose change can change a figure, a check or a publication
_PACKAGES = ("compensation", "connectors", "expectations", "ledger", "orchestration", "serving")


@dataclass(frozen=True)
class GoodRun:
    """What a good run was computed, checked and published from.

    Args:
        run_id: Identity of the calculation: loads, plans, code, as-of time, time zone.
        loads: Delivery hashes of the raw layer, in order.
        code: Fingerprint of all code and of the dbt project.
        publication: Folder name of its publication.
        dagster_run: The run in Dagster's storage.
    """

    run_id: str
    loads: tuple[str, ...]
    code: str
    publication: str
    dagster_run: str


def whole_code(settings: Settings) -> str:
    """Fingerprint of everything that computes, checks and publishes."""
    return fingerprint(*(ROOT / package for package in _PACKAGES), settings.dbt_project)


def record_file(settings: Settings) -> Path:
    """Where the last good run is recorded."""
    return settings.home / "last_good_run.json"


def record_good_run(settings: Settings, run: GoodRun) -> None:
    """Record a run as the last good one."""
    write_state(record_file(settings), asdict(run))


def forget_good_run(settings: Settings) -> None:
    """Remove the record: the marts are about to be written, or nobody knows whether they are whole."""
    record_file(settings).unlink(missing_ok=True)


def last_good_run(settings: Settings) -> GoodRun | None:
    """The last good run; None without a record, or with a damaged one."""
    content = read_state(record_file(settings))
    try:
        return GoodRun(**{**content, "loads": tuple(content["loads"])})
    except (KeyError, TypeError):
        return None


def is_unchanged(last: GoodRun | None, present: GoodRun, *, computed: str | None) -> bool:
    """Whether a run would compute, check and publish what is there already.

    Args:
        last: The last good run.
        present: What this run would be, were it good; its Dagster run does not count.
        computed: Run id in the marts of the warehouse, None when they cannot be read.
    """
    if last is None or computed != last.run_id:
        return False
    return (last.run_id, last.loads, last.code, last.publication) == (
        present.run_id,
        present.loads,
        present.code,
        present.publication,
    )


def raw_is_unchanged(last: GoodRun | None, loads: Iterable[str], code: str) -> bool:
    """Whether the raw layer holds the loads that the last good run validated, with the code of now."""
    return last is not None and (last.loads, last.code) == (tuple(loads), code)
