"""Explanation of a payout line as plain data: what it says is enough to compute the amount again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from serving.database import TextRow

#: How every amount is rounded (rulebook 0).
ROUNDING: Mapping[str, Any] = {
    "money_places": 2,
    "ratio_places": 6,
    "score_places": 4,
    "mode": "half away from zero",
    "allocation": "largest remainder in the smallest unit, ties to the smaller employee_id",
}


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source record a line rests on.

    Attributes:
        source: `files`, or the connected system by its name in sources.yml.
        file: The delivered file, or the resource of a connected system; None when the raw rows are not in the database.
        line: Line in that file, 1 being the header.
        values: The row as it was landed; None when it was not found.
        address: Web address of the record in the system it came from; None where it has none.
    """

    source: str
    source_table: str
    record_id: str
    load_id: str
    content_hash: str
    file: str | None = None
    line: int | None = None
    values: TextRow | None = None
    address: str | None = None

    @property
    def key(self) -> str:
        """Table and record, as `Figure.records` names it."""
        return f"{self.source_table} {self.record_id}"

    @property
    def location(self) -> str | None:
        """`file:line`, all lines of a row that a mapping made of several; of a connected system `resource:record`."""
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
class Component:
    """The component of the plan that pays a line.

    Attributes:
        type: Type in the plan model; `adjustment` when no plan pays.
        definition: All its parameters, defaults filled in: rates, tiers, steps, weights, targets, caps.
        plan: Head of the plan: validity, currency, time zone, holds.
        crediting: Rules of credit in force at the signing of the deal; empty for lines without a deal.
    """

    id: str
    type: str
    definition: Mapping[str, Any] = field(default_factory=dict)
    plan: Mapping[str, Any] = field(default_factory=dict)
    crediting: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure a line was computed from, with the rows it counted.

    Attributes:
        kind: measure, kpi, observation, target, course, contacts or violations.
        scope: `employee` or `team`.
        figures: Value, numerator, denominator, where the marts have them.
        records: Keys of the source records it counted.
    """

    kind: str
    scope: str
    subject_id: str
    period: str
    name: str
    figures: TextRow = field(default_factory=dict)
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way from a payout line back to its sources.

    Attributes:
        line: The payout line.
        component: What pays it; None when its plan is not in the database.
        credits: Credits the line is paid for; empty for points, bonuses, adjustments.
        deal: The deal with its classification; None for lines without a deal.
        inputs: Rows of marts the amount is computed from, by name: the whole pool, tier steps, task items, scorecard
            and its items, KPI values, growth, days in role, points.
        lines: Other lines it is computed from: what a cap or a draw limits, the commission that growth is a share of,
            the line that a settlement settles.
        figures: Figures it is computed from, down to the rows they counted.
        sources: Source records, deals first.
        plan: None when the line has no plan or its text is not in the database.
        ledger: Entries of the ledger about the month of the line: calculated, approved, locked, paid, exported.
        causes: Of a true-up: the records that are new, changed or gone, with their values.
        rounding: How amounts are rounded.
        notes: What could not be followed, and why.
    """

    line: TextRow
    component: Component | None = None
    credits: tuple[TextRow, ...] = ()
    deal: TextRow | None = None
    inputs: Mapping[str, tuple[TextRow, ...]] = field(default_factory=dict)
    lines: tuple[TextRow, ...] = ()
    figures: tuple[Figure, ...] = ()
    sources: tuple[SourceRecord, ...] = ()
    plan: PlanText | None = None
    ledger: tuple[TextRow, ...] = ()
    causes: tuple[TextRow, ...] = ()
    rounding: Mapping[str, Any] = field(default_factory=lambda: ROUNDING)
    notes: tuple[str, ...] = ()

    @property
    def line_id(self) -> str:
        """The full id of the line."""
        return self.line["line_id"] or ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ExplainedPayout:
    """A payout and the way of each of its lines back to its sources.

    Attributes:
        payouts: Its figures, a row for each currency.
        lines: Every line of the month, held ones too.
        ledger: Entries of the ledger about the month and what its lines name.
    """

    payouts: tuple[TextRow, ...]
    lines: tuple[Explanation, ...]
    ledger: tuple[TextRow, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output."""
        return asdict(self)
