"""What an import tells its caller: counts per file, quarantined rows by reason, and where to find them.

Belongs here: the report's shape and its plain-data form. Does not belong here: printing, or computing it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

SAMPLES = 5


@dataclass
class FileReport:
    """The count of one file as read for one entity; rows_in = accepted + quarantined, always.

    Attributes:
        entity: The template.
        file: File name inside the delivery.
        rows_read: Records in the file.
        filtered: Records a mapping left out (by its filter, as repetitions under `distinct`, by `same_key`).
        rows_in: Records that count: rows_read - filtered.
        accepted: Good records, exact repetitions included.
        duplicates: Accepted records without a row of their own: exact repetitions, further lines of a group.
        quarantined: Records set aside with a reason.
        deleted: Known records marked as deleted because a snapshot no longer holds them.
    """

    entity: str
    file: str
    rows_read: int = 0
    filtered: int = 0
    rows_in: int = 0
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    deleted: int = 0


@dataclass(frozen=True)
class Sample:
    """One quarantined row: where it is, what was found there, and what is expected."""

    file: str
    line: int
    field: str
    value: str | None
    expected: str = ""


@dataclass(frozen=True)
class QuarantineGroup:
    """The quarantined rows of one entity and reason, with the first few of them and what to do about them."""

    entity: str
    reason: str
    meaning: str
    rows: int
    samples: tuple[Sample, ...]
    advice: str = ""


@dataclass
class ImportReport:
    """The validation report of a delivery.

    Attributes:
        load_id: Id of the load; None when nothing was landed (dry run).
        already_imported: The delivery is identical to the last completed one, so nothing was done.
        files: One count per file and entity.
        quarantine: Quarantined rows by entity and reason.
        notes: Further remarks for the operator.
    """

    load_id: str | None = None
    already_imported: bool = False
    files: list[FileReport] = field(default_factory=list)
    quarantine: list[QuarantineGroup] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def rows_in(self) -> int:
        """Records that count, over all files."""
        return sum(file.rows_in for file in self.files)

    @property
    def accepted(self) -> int:
        """Good records over all files."""
        return sum(file.accepted for file in self.files)

    @property
    def quarantined(self) -> int:
        """Records set aside over all files."""
        return sum(file.quarantined for file in self.files)

    @property
    def lost_files(self) -> list[FileReport]:
        """Files that hold rows, of which not one could be accepted."""
        return [file for file in self.files if file.rows_in and not file.accepted]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data for `--json`."""
        totals = {"rows_in": self.rows_in, "accepted": self.accepted, "quarantined": self.quarantined}
        return asdict(self) | {"totals": totals}
