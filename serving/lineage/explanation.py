"""Explanation of a payout line as plain data and as text."""

from dataclasses import asdict, dataclass
from typing import Any

from serving.database import TextRow


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source record a line rests on.

    Attributes:
        file: Name of the delivered file; None when the raw rows are not in the database.
        line: Line in that file, 1 being the header.
        values: The row as it was landed; None when it was not found.
    """

    source: str
    source_table: str
    record_id: str
    load_id: str
    content_hash: str
    file: str | None = None
    line: int | None = None
    values: TextRow | None = None

    @property
    def location(self) -> str | None:
        """`file:line`, as validation reports write it; all lines of a row that a mapping made of several."""
        lines = (self.values or {}).get("_lines") or self.line
        return None if self.file is None else f"{self.file}:{lines}"


@dataclass(frozen=True, slots=True)
class PlanText:
    """The plan a line was computed by, as it was written."""

    plan_id: str
    plan_hash: str
    file: str
    content: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way from a payout line back to its sources.

    Attributes:
        line: The payout line.
        credits: Credits the line is paid for; empty for points, bonuses, adjustments.
        deal: The deal with its classification; None for lines without a deal.
        sources: Source records, deals first.
        plan: None when the line has no plan or its text is not in the database.
        notes: What could not be followed, and why.
    """

    line: TextRow
    credits: tuple[TextRow, ...] = ()
    deal: TextRow | None = None
    sources: tuple[SourceRecord, ...] = ()
    plan: PlanText | None = None
    notes: tuple[str, ...] = ()

    @property
    def line_id(self) -> str:
        """The full id of the line."""
        return self.line["line_id"] or ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output."""
        return asdict(self)

    def __str__(self) -> str:
        """A short text for a terminal, one fact a line."""
        parts = [f"payout line {self.line_id}", *_fields(self.line, skip="line_id")]
        for credit in self.credits:
            parts += ["credit", *_fields(credit)]
        if self.deal is not None:
            parts += ["deal", *_fields(self.deal)]
        for source in self.sources:
            place = source.location or f"load {source.load_id}"
            parts.append(f"source {source.source}.{source.source_table} {source.record_id}: {place}")
            parts.append(f"  content hash: {source.content_hash}")
            parts += _fields(source.values or {})
        if self.plan is not None:
            parts.append(f"plan {self.plan.plan_id} ({self.plan.file}), hash {self.plan.plan_hash}")
        return "\n".join([*parts, *(f"note: {note}" for note in self.notes)])


def _fields(row: TextRow, skip: str = "") -> list[str]:
    return [f"  {name}: {value}" for name, value in row.items() if value not in (None, "") and name != skip]
