"""The vocabulary of import contracts: kinds of values, columns, templates, and their exact raw types.

Belongs here: what a template is, and how each kind is stored in the raw layer.
Does not belong here: the templates of one source, parsing of values, or any engine code beyond type names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


class Kind(StrEnum):
    """What a column holds; decides parsing, checks and the stored type."""

    ID = "id"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    MONEY = "money"
    RATE = "rate"
    FX_RATE = "fx rate"
    QUANTITY = "quantity"
    DURATION = "duration"
    SCORE = "score"
    COUNT = "count"
    BOOL = "bool"
    PERIOD = "period"
    MONTH = "month"
    CURRENCY = "currency"


# precision and scale of the kinds that are stored as exact decimals
DECIMALS: dict[Kind, tuple[int, int]] = {
    Kind.MONEY: (18, 2),
    Kind.RATE: (18, 12),
    Kind.FX_RATE: (18, 8),
    Kind.QUANTITY: (18, 6),
    Kind.DURATION: (12, 2),
    Kind.SCORE: (6, 2),
}
_OTHER_SQL_TYPES: dict[Kind, str] = {
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.COUNT: "BIGINT",
    Kind.BOOL: "BOOLEAN",
}


def sql_type(kind: Kind) -> str:
    """The DuckDB type in which values of `kind` are stored (timestamps are naive UTC)."""
    if kind in DECIMALS:
        precision, scale = DECIMALS[kind]
        return f"DECIMAL({precision},{scale})"
    return _OTHER_SQL_TYPES.get(kind, "VARCHAR")


def arrow_type(kind: Kind) -> pa.DataType:
    """The Arrow type that lands as `sql_type(kind)`."""
    import pyarrow as pa

    if kind in DECIMALS:
        return pa.decimal128(*DECIMALS[kind])
    plain = {
        Kind.DATE: pa.date32(),
        Kind.TIMESTAMP: pa.timestamp("us"),
        Kind.COUNT: pa.int64(),
        Kind.BOOL: pa.bool_(),
    }
    return plain.get(kind, pa.string())


@dataclass(frozen=True)
class Column:
    """One column of a template.

    Attributes:
        name: English header and raw column name.
        kind: What it holds.
        zh: Chinese header, unique within its template.
        about: Meaning in a few words.
        required: A row without a value is quarantined; a file without the column is rejected.
        allowed: The allowed values in lower case (any case is read); empty means any.
        low: Smallest allowed number, None for no bound.
        high: Largest allowed number, None for no bound.
        above_zero: The number must be greater than zero.
        default: Text used when the value is missing.
        open_end: The date may be 9999-12-31, meaning "until further notice".
        digits: The text identifies by its digits, such as a phone number; as a rounded number it is lost.
        planned: The time is an intention, such as a promised day; it says nothing about when "now" is.
        identifies: The text is a name by which a person or company is known again.
    """

    name: str
    kind: Kind
    zh: str
    about: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    above_zero: bool = False
    default: str | None = None
    open_end: bool = False
    digits: bool = False
    planned: bool = field(default=False, repr=False)
    identifies: bool = field(default=False, repr=False)


@dataclass(frozen=True)
class Template:
    """One importable entity: its key, its columns and the rules between columns.

    Attributes:
        entity: File stem and raw table name.
        zh: Chinese name.
        about: Grain in one sentence.
        key: Columns that identify a record; a later row with the same key replaces the earlier one.
        columns: All columns in order.
        one_of: Groups of columns of which each row needs at least one.
        ordered: Pairs (from, to) of dates where "to" must not lie before "from".
        different: Pairs of columns that must not name the same person.
        is_setting: Rows say what holds (people, targets, rates), not what happened; their dates may lie ahead.
    """

    entity: str
    zh: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    ordered: tuple[tuple[str, str], ...] = field(default=())
    different: tuple[tuple[str, str], ...] = field(default=())
    is_setting: bool = field(default=False, repr=False)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their English name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def fact_times(self) -> tuple[Column, ...]:
        """The columns that say when something happened: moments, days and periods (reading 55)."""
        times = (Kind.TIMESTAMP, Kind.DATE, Kind.PERIOD, Kind.MONTH)
        found = (column for column in self.columns if column.kind in times and not column.planned)
        return () if self.is_setting else tuple(found)

    @property
    def names(self) -> tuple[str, ...]:
        """The English column names in order."""
        return tuple(column.name for column in self.columns)


# Provenance that every raw row carries, in this order, after the columns of its template.
META: tuple[tuple[str, Kind], ...] = (
    ("extra", Kind.TEXT),
    ("_load_id", Kind.TEXT),
    ("_load_seq", Kind.COUNT),
    ("_file", Kind.TEXT),
    ("_line", Kind.COUNT),
    ("_lines", Kind.TEXT),
    ("_content_hash", Kind.TEXT),
    ("_is_deleted", Kind.BOOL),
)


def raw_columns(template: Template) -> dict[str, Kind]:
    """All columns of the raw table of `template`, provenance included, in table order."""
    own = {column.name: column.kind for column in template.columns}
    return own | dict(META)
