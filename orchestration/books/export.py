"""The hand-over of a locked month to payroll, and its note in the ledger.

Belongs here: which archive, who. Does not belong here: the files (``serving.payroll``).
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger import Draft, Entry, Event
from ledger.entries import life
from orchestration.books.calculation import check_archive
from orchestration.books.home import home_ledger, identified, read_entries
from orchestration.settings import Settings

if TYPE_CHECKING:
    from serving.payroll.handover import Handover


@dataclass(frozen=True)
class Export:
    """An export.

    Args:
        handover: What was written.
        entry: Its entry in the ledger.
    """

    handover: Handover
    entry: Entry | None


def export(settings: Settings, period: str, out: Path, columns: str | None, name: str | None) -> Export:
    """Write the hand-over of a locked month and note it.

    Args:
        settings: Where everything lies.
        period: The month.
        out: Folder.
        columns: Mapping of the payroll columns; None: the generic one.
        name: Who exports; None: the user of this process.

    Raises:
        NotAllowedError: The month is not locked.
        ArchiveError: Its archive is damaged.
        serving.payroll.mapping.MappingError: The mapping cannot be taken.
    """
    from serving.payroll.handover import write_handover
    from serving.payroll.mapping import DEFAULT, read_mapping

    mapping = read_mapping(columns or DEFAULT)
    with home_ledger(settings) as ledger:
        by = identified(ledger, name or (None if ledger.is_server else getpass.getuser()))
        standing = life.require_locked(read_entries(settings), period)
        lock = standing.lock
        assert lock is not None
        files = month_files(settings, lock)
        created = datetime.fromisoformat(lock.at).replace(tzinfo=None, microsecond=0)
        about = _about(lock, standing.approval)
        made = write_handover(files, mapping, out, entry=about, created=created)
        said = lock.calculation | {"details": {"control_totals": made.totals, "files": made.files}}
        draft = Draft(
            **said,
            event=Event.EXPORTED,
            by=by,
            subject=f"manifest {made.manifest_sha256}",
            note=mapping.title,
        )

        def decide(entries: Sequence[Entry]) -> Draft:
            life.require_locked(entries, period)
            return draft

        return Export(made, ledger.append(decide))


def month_files(settings: Settings, lock: Entry) -> Any:
    """The archived files of a locked month that payroll gets, every file of the archive checked."""
    from serving.payroll.rows import MonthFiles

    archive = check_archive(settings, lock)
    return MonthFiles(lock.period, *(archive.file(name) for name in ("payouts", "lines", "employees")))


def _about(lock: Entry, approval: Entry | None) -> dict[str, Any]:
    names = ("sequence", "entry_hash", "at", "by", "lines_hash", "input_hash", "code_version")
    found = {name: getattr(lock, name) for name in names} | {"plan_hashes": dict(lock.plan_hashes)}
    if approval is not None:
        found["approved_by"], found["approved_at"] = approval.by, approval.at
    return found
