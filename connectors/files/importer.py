"""One import from beginning to end; the order of its steps is what makes it safe.

    folder → files and fingerprint → already imported? → read → check → gates → land → mark as complete

Belongs here: that order. Does not belong here: any of the steps themselves.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from connectors.common.problems import ImportProblem
from connectors.common.sql_text import quoted
from connectors.files.delivery import DeliveredFile, contract_hash, delivery_hash, list_files
from connectors.files.parts import template_parts
from connectors.files.raw_layer import tables as raw
from connectors.files.raw_layer.known import FILES, KnownState, Load
from connectors.files.raw_layer.landing import land_delivery
from connectors.files.raw_layer.stored_report import stored_report
from connectors.files.report import ImportReport
from connectors.files.scratch import Scratch
from connectors.files.spec import DeliverySpec
from connectors.files.validation import changes, gates
from connectors.files.validation.bounds import DEFAULT_MAX_AMOUNT, CheckOptions
from connectors.files.validation.part import Part
from connectors.files.validation.set_aside import quarantine_groups
from connectors.files.validation.validate import Checked, Progress, check_parts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from connectors.common.contract import Template
    from connectors.common.yaml_document import YamlDocument
    from connectors.files.mapping import Mapping as FileMapping

# Number of the way files are read. It goes up when the same bytes give other rows than before, so that a
# delivery that was imported by an older version is no repetition.
READING = 4


@dataclass(frozen=True)
class Delivery:
    """What is to be landed as one load, wherever it comes from.

    Attributes:
        hash: Fingerprint of everything that decides what is written; that of the last load: nothing is done.
        options: How values are read and judged.
        parts: Makes the parts in a scratch database.
        hashes: Name of a file or resource to the fingerprint of its content.
        mapping_name: Name of the mapping, None without one.
        source: `files`, or the name of a connected system.
        snapshot: It holds all records of its entities: known ones that are missing become deleted.
        allow_shrink: Let it pass when it looks truncated.
        land_again: Land it also when its hash is that of the last load.
        changes_only: Rows that say what is known already are left out.
    """

    hash: str
    options: CheckOptions
    parts: Callable[[DuckDBPyConnection, Progress], list[Part]]
    hashes: Mapping[str, str]
    mapping_name: str | None = None
    source: str = FILES
    snapshot: bool = False
    allow_shrink: bool = False
    land_again: bool = False
    changes_only: bool = False


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
    return land(_open(spec, max_amount), warehouse, dlt_dir=dlt_dir, progress=progress)


def land(
    delivery: Delivery, warehouse: Path, *, dlt_dir: Path, progress: Progress | None = None
) -> ImportReport:
    """Check a delivery from anywhere and land it; see `import_delivery`, which does it with a folder."""
    report_to = progress or _silent
    raw.remove_unfinished(warehouse)
    with Scratch() as scratch:
        with KnownState(scratch.connection, warehouse) as known:
            last = known.last_load(delivery.source)
            if last is not None and last.delivery_hash == delivery.hash and not delivery.land_again:
                return stored_report(known, scratch.connection, last)
            checked = _check(scratch, delivery, known, report_to)
            _gates(checked, known, delivery)
            sequence = known.last_sequence() + 1
            load = Load(f"{sequence:06d}-{delivery.hash[:12]}", sequence, delivery.hash, delivery.source)
            if delivery.changes_only and not changes.leave_out_known(checked, known, load, last):
                return _report(checked, None if last is None else last.load_id, delivery, nothing_new=True)
        report_to("landing", 0, 1)
        land_delivery(checked, load, delivery.hashes, warehouse, dlt_dir)
        raw.complete_load(warehouse, load, delivery.mapping_name, delivery.options.timezone)
        report_to("landed", 1, 1)
        return _report(checked, load.load_id, delivery)


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
        checked = _check(scratch, delivery, known, progress or _silent)
        _gates(checked, known, delivery)
        return _report(checked, None, delivery)


def _silent(_what: str, _done: int, _total: int) -> None:
    """Progress nobody asked for."""


def _check_zone(timezone: str) -> None:
    try:
        zoneinfo.ZoneInfo(timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportProblem(
            f"{timezone!r} is not a valid time zone",
            hint="give an IANA name such as Asia/Shanghai or UTC",
        ) from error


def _open(spec: DeliverySpec, max_amount: Decimal) -> Delivery:
    _check_zone(spec.timezone)
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
    return Delivery(
        delivery_hash(files, settings),
        CheckOptions(spec.timezone, max_amount),
        lambda connection, progress: _parts(connection, files, loaded, spec, progress),
        {file.name: file.sha256 for file in files},
        None if loaded is None else loaded[0].mapping,
        snapshot=spec.snapshot,
        allow_shrink=spec.allow_shrink,
        land_again=spec.land_again,
    )


def _load(mapping: Path | None) -> tuple[FileMapping, YamlDocument] | None:
    if mapping is None:
        return None
    from connectors.files.mapping import load_mapping

    return load_mapping(mapping)


def _parts(
    connection: DuckDBPyConnection,
    files: Sequence[DeliveredFile],
    loaded: tuple[FileMapping, YamlDocument] | None,
    spec: DeliverySpec,
    progress: Progress,
) -> list[Part]:
    if loaded is None:
        return template_parts(connection, files, progress, spec.encoding)
    from connectors.files.mapping import mapped_parts

    return mapped_parts(connection, files, *loaded, progress, encoding=spec.encoding, zone=spec.timezone)


def _check(scratch: Scratch, delivery: Delivery, known: KnownState, progress: Progress) -> Checked:
    def foreign(template: Template) -> str:
        return f"SELECT * FROM ({known.latest(template)}) WHERE _source <> {quoted(delivery.source)}"

    parts = delivery.parts(scratch.connection, progress)
    return check_parts(scratch.connection, parts, delivery.options, progress, foreign)


def _gates(checked: Checked, known: KnownState, delivery: Delivery) -> None:
    if not delivery.allow_shrink:
        gates.refuse_truncated(checked, known, snapshot=delivery.snapshot, source=delivery.source)
    if delivery.snapshot:
        gates.find_deleted(checked, known, delivery.source)


def _report(
    checked: Checked, load_id: str | None, delivery: Delivery, *, nothing_new: bool = False
) -> ImportReport:
    held_back = sorted(checked.held_back) if delivery.snapshot else []
    return ImportReport(
        load_id=load_id,
        already_imported=nothing_new,
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
