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
from connectors.files.delivery import DeliveredFile, contract_hash, delivery_hash, list_files
from connectors.files.parts import template_parts
from connectors.files.raw_layer import tables as raw
from connectors.files.raw_layer.known import KnownState, Load
from connectors.files.raw_layer.landing import land_delivery
from connectors.files.raw_layer.stored_report import stored_report
from connectors.files.report import ImportReport
from connectors.files.scratch import Scratch
from connectors.files.spec import DeliverySpec
from connectors.files.validation import gates
from connectors.files.validation.checks import DEFAULT_MAX_AMOUNT, CheckOptions
from connectors.files.validation.validate import Checked, Part, Progress, check_parts, quarantine_groups

if TYPE_CHECKING:
    from connectors.common.yaml_document import YamlDocument
    from connectors.files.mapping import Mapping

# Number of the way files are read. It goes up when the same bytes give other rows than before, so that a
# delivery that was imported by an older version is no repetition.
READING = 3


@dataclass(frozen=True)
class _Delivery:
    files: Sequence[DeliveredFile]
    mapping: tuple[Mapping, YamlDocument] | None
    options: CheckOptions
    hash: str
    encoding: str | None

    @property
    def mapping_name(self) -> str | None:
        return None if self.mapping is None else self.mapping[0].mapping


def import_delivery(
    spec: DeliverySpec,
    warehouse: Path,
    *,
    dlt_dir: Path,
    max_amount: Decimal = DEFAULT_MAX_AMOUNT,
    progress: Progress | None = None,
) -> ImportReport:
    """Check a delivery folder and land it in the warehouse.

    The caller sees to it that nobody else writes the warehouse meanwhile.

    Args:
        spec: The delivery and how it is read.
        warehouse: DuckDB file; made when missing.
        dlt_dir: Folder for dlt's working state.
        max_amount: Largest believable absolute amount of money; above it a row is quarantined.
        progress: Called with (what is being done, steps done, steps in all).

    Returns:
        The validation report.

    Raises:
        DeliveryRejected: A gate refused the whole delivery; nothing was landed.
        ImportProblem: The input or the mapping cannot be understood; nothing was landed.
    """
    report_to = progress or _silent
    delivery = _open(spec, max_amount)
    raw.remove_unfinished(warehouse)
    with Scratch() as scratch:
        with KnownState(scratch.connection, warehouse) as known:
            last = known.last_load()
            if last is not None and last.delivery_hash == delivery.hash and not spec.land_again:
                return stored_report(known, scratch.connection, last)
            checked = _check(scratch, delivery, report_to)
            _gates(checked, known, spec)
        sequence = 1 if last is None else last.load_seq + 1
        load = Load(f"{sequence:06d}-{delivery.hash[:12]}", sequence, delivery.hash)
        report_to("landing", 0, 1)
        hashes = {file.name: file.sha256 for file in delivery.files}
        land_delivery(checked, load, hashes, warehouse, dlt_dir)
        raw.complete_load(warehouse, load, delivery.mapping_name, spec.timezone)
        report_to("landed", 1, 1)
        return _report(checked, load.load_id, snapshot=spec.snapshot)


def validate_delivery(
    spec: DeliverySpec,
    warehouse: Path | None = None,
    *,
    max_amount: Decimal = DEFAULT_MAX_AMOUNT,
    progress: Progress | None = None,
) -> ImportReport:
    """Check a delivery folder without landing it; the same checks, gates and errors as an import.

    Args:
        spec: The delivery and how it is read.
        warehouse: DuckDB file to compare with; without it, or when it does not exist, no gate applies.
        max_amount: See `import_delivery`.
        progress: As there.

    Returns:
        The validation report, with no load id.
    """
    delivery = _open(spec, max_amount)
    with Scratch() as scratch, KnownState(scratch.connection, warehouse) as known:
        checked = _check(scratch, delivery, progress or _silent)
        _gates(checked, known, spec)
        return _report(checked, None, snapshot=spec.snapshot)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Progress nobody asked for."""


def _open(spec: DeliverySpec, max_amount: Decimal) -> _Delivery:
    try:
        zoneinfo.ZoneInfo(spec.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportProblem(
            f"{spec.timezone!r} is not a valid time zone",
            hint="give an IANA name such as Asia/Shanghai or UTC",
        ) from error
    files = list_files(spec.folder)
    loaded = _load(spec.mapping)
    settings = {
        "contract": contract_hash(),
        "mapping": None if loaded is None else loaded[0].model_dump(mode="json"),
        "timezone": spec.timezone,
        "snapshot": spec.snapshot,
        "max_amount": str(max_amount),
        "encoding": spec.encoding,
        "reading": READING,
    }
    fingerprint = delivery_hash(files, settings)
    return _Delivery(files, loaded, CheckOptions(spec.timezone, max_amount), fingerprint, spec.encoding)


def _load(mapping: Path | None) -> tuple[Mapping, YamlDocument] | None:
    if mapping is None:
        return None
    from connectors.files.mapping import load_mapping

    return load_mapping(mapping)


def _check(scratch: Scratch, delivery: _Delivery, progress: Progress) -> Checked:
    parts: list[Part]
    if delivery.mapping is None:
        parts = template_parts(scratch.connection, delivery.files, progress, delivery.encoding)
    else:
        from connectors.files.mapping import mapped_parts

        parts = mapped_parts(
            scratch.connection,
            delivery.files,
            *delivery.mapping,
            progress,
            encoding=delivery.encoding,
            zone=delivery.options.timezone,
        )
    return check_parts(scratch.connection, parts, delivery.options, progress)


def _gates(checked: Checked, known: KnownState, spec: DeliverySpec) -> None:
    if not spec.allow_shrink:
        gates.refuse_truncated(checked, known, snapshot=spec.snapshot)
    if spec.snapshot:
        gates.find_deleted(checked, known)


def _report(checked: Checked, load_id: str | None, *, snapshot: bool) -> ImportReport:
    held_back = sorted(checked.held_back) if snapshot else []
    return ImportReport(
        load_id=load_id,
        files=list(checked.files),
        quarantine=quarantine_groups(checked.connection),
        notes=[
            *checked.notes,
            *(
                f"{entity}: unreadable records hold back all deletions of this snapshot"
                for entity in held_back
            ),
        ],
    )
