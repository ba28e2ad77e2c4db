"""One import from beginning to end; the order of its steps is what makes it safe.

    folder → files and fingerprint → already imported? → read → check → gates → land → mark as complete

Belongs here: that order. Does not belong here: any of the steps themselves.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.problems import ImportProblem
from connectors.files import gates, raw
from connectors.files.checks import DEFAULT_MAX_AMOUNT, CheckOptions
from connectors.files.delivery import DeliveredFile, contract_hash, delivery_hash, list_files
from connectors.files.known import KnownState, Load
from connectors.files.landing import land_delivery
from connectors.files.parts import template_parts
from connectors.files.report import ImportReport
from connectors.files.scratch import Scratch
from connectors.files.stored_report import stored_report
from connectors.files.validate import Checked, Part, Progress, check_parts, quarantine_groups

if TYPE_CHECKING:
    from connectors.common.yaml_document import YamlDocument
    from connectors.files.mapping import Mapping


@dataclass(frozen=True)
class _Delivery:
    files: Sequence[DeliveredFile]
    mapping: tuple[Mapping, YamlDocument] | None
    options: CheckOptions
    hash: str

    @property
    def mapping_name(self) -> str | None:
        return None if self.mapping is None else self.mapping[0].mapping


def import_delivery(  # noqa: PLR0913 (settings of one call, all but two by keyword)
    directory: Path,
    warehouse: Path,
    *,
    dlt_dir: Path,
    mapping: Path | None = None,
    timezone: str = "Asia/Shanghai",
    snapshot: bool = False,
    allow_shrink: bool = False,
    max_amount: Decimal = DEFAULT_MAX_AMOUNT,
    progress: Progress | None = None,
) -> ImportReport:
    """Check a delivery folder and land it in the warehouse.

    The caller sees to it that nobody else writes the warehouse meanwhile.

    Args:
        directory: The delivery: files in the templates, or foreign files together with `mapping`.
        warehouse: DuckDB file; made when missing.
        dlt_dir: Folder for dlt's working state.
        mapping: Mapping file for foreign files.
        timezone: IANA zone of timestamps without an offset, and of bare dates.
        snapshot: Each file holds all records of its entity; known ones that are missing become deleted.
        allow_shrink: Let a delivery pass that looks truncated.
        max_amount: Largest believable absolute amount of money; above it a row is quarantined.
        progress: Called with (what is being done, steps done, steps in all).

    Returns:
        The validation report.

    Raises:
        DeliveryRejected: A gate refused the whole delivery; nothing was landed.
        ImportProblem: The input or the mapping cannot be understood; nothing was landed.
    """
    report_to = progress or _silent
    delivery = _open(directory, mapping, timezone, snapshot, max_amount)
    raw.remove_unfinished(warehouse)
    with Scratch() as scratch:
        with KnownState(scratch.con, warehouse) as known:
            last = known.last_load()
            if last is not None and last.delivery_hash == delivery.hash:
                return stored_report(known, scratch.con, last)
            checked = _check(scratch, delivery, report_to)
            _gates(checked, known, snapshot=snapshot, allow_shrink=allow_shrink)
        sequence = 1 if last is None else last.load_seq + 1
        load = Load(f"{sequence:06d}-{delivery.hash[:12]}", sequence, delivery.hash)
        report_to("landing", 0, 1)
        hashes = {file.name: file.sha256 for file in delivery.files}
        land_delivery(checked, load, hashes, warehouse, dlt_dir)
        raw.complete_load(warehouse, load, delivery.mapping_name, timezone)
        report_to("landed", 1, 1)
        return _report(checked, load.load_id, snapshot=snapshot)


def validate_delivery(
    directory: Path,
    warehouse: Path | None = None,
    *,
    mapping: Path | None = None,
    timezone: str = "Asia/Shanghai",
    snapshot: bool = False,
    allow_shrink: bool = False,
    max_amount: Decimal = DEFAULT_MAX_AMOUNT,
    progress: Progress | None = None,
) -> ImportReport:
    """Check a delivery folder without landing it; the same checks, gates and errors as an import.

    Args:
        directory: The delivery.
        warehouse: DuckDB file to compare with; without it, or when it does not exist, no gate applies.
        mapping: See `import_delivery`, also for the other arguments.
        timezone: As there.
        snapshot: As there.
        allow_shrink: As there.
        max_amount: As there.
        progress: As there.

    Returns:
        The validation report, with no load id.
    """
    delivery = _open(directory, mapping, timezone, snapshot, max_amount)
    with Scratch() as scratch, KnownState(scratch.con, warehouse) as known:
        checked = _check(scratch, delivery, progress or _silent)
        _gates(checked, known, snapshot=snapshot, allow_shrink=allow_shrink)
        return _report(checked, None, snapshot=snapshot)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Progress nobody asked for."""


def _open(
    directory: Path, mapping: Path | None, timezone: str, snapshot: bool, max_amount: Decimal
) -> _Delivery:
    try:
        zoneinfo.ZoneInfo(timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportProblem(
            f"there is no time zone {timezone!r}", hint="give an IANA name such as Asia/Shanghai or UTC"
        ) from error
    files = list_files(directory)
    loaded = _load(mapping)
    settings = {
        "contract": contract_hash(),
        "mapping": None if loaded is None else loaded[0].model_dump(mode="json"),
        "timezone": timezone,
        "snapshot": snapshot,
        "max_amount": str(max_amount),
    }
    fingerprint = delivery_hash(files, settings)
    return _Delivery(files, loaded, CheckOptions(timezone, max_amount), fingerprint)


def _load(mapping: Path | None) -> tuple[Mapping, YamlDocument] | None:
    if mapping is None:
        return None
    from connectors.files.mapping import load_mapping

    return load_mapping(mapping)


def _check(scratch: Scratch, delivery: _Delivery, progress: Progress) -> Checked:
    parts: list[Part]
    if delivery.mapping is None:
        parts = template_parts(scratch.con, delivery.files, progress)
    else:
        from connectors.files.mapping import mapped_parts

        parts = mapped_parts(scratch.con, delivery.files, *delivery.mapping, progress)
    return check_parts(scratch.con, parts, delivery.options, progress)


def _gates(checked: Checked, known: KnownState, *, snapshot: bool, allow_shrink: bool) -> None:
    if not allow_shrink:
        gates.refuse_truncated(checked, known, snapshot=snapshot)
    if snapshot:
        gates.find_deleted(checked, known)


def _report(checked: Checked, load_id: str | None, *, snapshot: bool) -> ImportReport:
    held_back = sorted(checked.held_back) if snapshot else []
    return ImportReport(
        load_id=load_id,
        files=list(checked.files),
        quarantine=quarantine_groups(checked.con),
        notes=[
            f"{entity}: unreadable records hold back all deletions of this snapshot" for entity in held_back
        ],
    )
