"""Whether the books are whole, and whether a locked month can be calculated again, byte for byte.

Belongs here: the checks and their order. Does not belong here: the chain (``ledger.entries.chain``), comparing lines
(``ledger.archive.differences``).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.common.errors import UserError
from connectors.common.warehouse import in_memory, open_warehouse, remove_warehouse
from ledger import Entry, Event, check_chain
from ledger.archive.differences import Difference, first_difference
from ledger.archive.files import Archive
from ledger.archive.lines import lines_hash, read_file, read_lines
from ledger.archive.restore import restore
from ledger.entries.life import locked_periods, require_locked
from orchestration.books.calculation import check_archive
from orchestration.books.home import has_ledger, home_ledger, missing_ledger, unknown_entry
from orchestration.books.plans_of_locks import write_and_load
from orchestration.runtime.progress_events import emit, stage
from orchestration.runtime.writer_lock import writer_lock
from orchestration.settings import Settings
from orchestration.transformation.code_version import code_version
from orchestration.transformation.model_runs import run_models
from orchestration.transformation.run_identity import RunIdentity
from serving.payroll.checking import handover_faults

_LINES = "marts.fct_payout_lines where not is_locked"


@dataclass(frozen=True)
class Reproduction:
    """A locked month calculated again.

    Args:
        period: The month.
        lines: Payout lines compared.
        difference: The first one; None: the same, byte for byte.
        other_code: The code that locked it, where another one calculates now.
    """

    period: str
    lines: int
    difference: Difference | None
    other_code: str | None = None


@dataclass(frozen=True)
class Verification:
    """What a verification found.

    Args:
        entries: Entries of the ledger.
        faults: What is wrong with the chain or an archive, in sentences.
        archives: Months whose archive was read and checked as a whole.
        reproduced: Months that were calculated again.
    """

    entries: int
    faults: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    reproduced: tuple[Reproduction, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and all(one.difference is None for one in self.reproduced)


def verify(
    settings: Settings, period: str | None, shuffle: int | None = None, handover: Path | None = None
) -> Verification:
    """Check the chain and every archive, and calculate a locked month again from its archive.

    Args:
        settings: Where everything lies.
        period: The month to calculate again; None: none.
        shuffle: Seed of another order of the input rows.
        handover: Folder of a hand-over to payroll that is checked against the ledger; None: none.

    Raises:
        NotAllowedError: The month is not locked.
    """
    entries, faults = _entries_and_faults(settings)
    standing = require_locked(entries, period) if period else None
    checked: dict[str, Archive] = {}
    for month, entry in locked_periods(entries).items():
        try:
            checked[month] = check_archive(settings, entry)
            _check_lines(checked[month])
        except UserError as error:
            faults.append(str(error))
    if handover is not None:
        faults += handover_faults(handover, _manifests(entries))
    again: list[Reproduction] = []
    if period and standing is not None and period in checked:
        again.append(reproduce(settings, checked[period], shuffle))
    return Verification(len(entries), tuple(faults), tuple(checked), tuple(again))


def _entries_and_faults(settings: Settings) -> tuple[Sequence[Entry], list[str]]:
    """Entries of the ledger, and what is wrong with it: gone, its chain broken, another or an older one."""
    if gone := missing_ledger(settings):
        return (), [str(gone)]
    if not has_ledger(settings):
        return (), []
    with home_ledger(settings) as ledger:
        entries, head = ledger.whole()
    faults = [f"ledger: {fault.what}" for fault in check_chain(entries, head)]
    unknown = unknown_entry(settings, entries)
    return entries, [*faults, *([str(unknown)] if unknown else [])]


def _manifests(entries: Sequence[Entry]) -> set[str]:
    """SHA-256 of the manifest of every export."""
    exports = (entry for entry in entries if entry.event is Event.EXPORTED)
    return {(entry.subject or "").removeprefix("manifest ") for entry in exports}


def _check_lines(archive: Archive) -> None:
    """The archived lines give the hash that was approved."""
    with in_memory() as connection:
        for period, wanted in archive.periods.items():
            found = lines_hash(read_file(connection, archive.file("lines"), period))
            if found != wanted:
                raise UserError(
                    f"the archived lines of {period} give the hash {found[:12]}…, not {wanted[:12]}…",
                    exit_code=1,
                )


def reproduce(settings: Settings, archive: Archive, shuffle: int | None = None) -> Reproduction:
    """Calculate a month again from its archive, in a folder of its own, and compare.

    Args:
        settings: Where everything lies.
        archive: Of the month.
        shuffle: Seed of another order of the input rows.
    """
    home = settings.home / "verify"
    own = settings.model_copy(update={"home": home})
    with writer_lock(own.lock_file, "incentives verify", settings.lock_wait_seconds):
        _clear(own)
        try:
            with stage("prepare", f"archive of {archive.period}"):
                bring_back(archive, own, shuffle)
            with stage("Compute", archive.period):
                emit("Compute", "note", f"run {archive.calculation['run_id']} again")
                run_models(own, RunIdentity(**archive.calculation), ["+fct_payout_lines"])
            return _compare(own.warehouse, archive, code_version(settings.dbt_project))
        finally:
            _clear(own)


def bring_back(archive: Archive, own: Settings, shuffle: int | None = None) -> None:
    """Fill an empty home with inputs and plans of an archive; tables and columns that came later are made, empty.

    Args:
        archive: Of a locked month; an older version of this program may have made it.
        own: The home.
        shuffle: Seed of another order of the input rows.
    """
    from compensation import land_plans
    from connectors.files import ensure_raw_tables

    restore(archive, own.warehouse, shuffle)
    ensure_raw_tables(own.warehouse, own.dlt)
    land_plans(write_and_load(archive, own.home / "plans"), own.warehouse)


def _compare(warehouse: Path, archive: Archive, code: str) -> Reproduction:
    with open_warehouse(warehouse, read_only=True) as connection:
        archived = read_file(connection, archive.file("lines"))
        calculated = read_lines(
            connection, f"(select * from {_LINES} and period <= '{archive.period}') as lines"
        )
    locked_by = archive.calculation["code_version"]
    return Reproduction(
        archive.period,
        len(archived),
        first_difference(archived, calculated),
        locked_by if locked_by != code else None,
    )


def _clear(own: Settings) -> None:
    for folder in (own.home / "plans", own.dlt):
        shutil.rmtree(folder, ignore_errors=True)
    remove_warehouse(own.warehouse)
