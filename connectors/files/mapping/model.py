"""The mapping language: what may stand in a mapping file.

Belongs here: the model and rules that need only the file itself. Does not belong here: reading or applying, how
numbers and dates are written (see numbers, dates).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

import duckdb
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from connectors.files.mapping.numbers import NumberStyle
from connectors.files.mapping.strict import Strict, as_list

DateFormats = Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)]
Months = Annotated[dict[str, Annotated[int, Field(ge=1, le=12)]], Field(min_length=1)]


def _one_group(pattern: str) -> str:
    """A regular expression that the engine reads and that has one group."""
    try:
        groups = re.compile(pattern).groups
        with duckdb.connect() as connection:
            connection.execute("select regexp_matches('', ?)", [pattern])
    except (re.error, duckdb.Error) as error:
        raise ValueError(f"is not a regular expression of RE2: {error}") from error
    if groups != 1:
        raise ValueError(f"has {groups} groups in parentheses; give exactly one, what is to be kept")
    return pattern


class SourceFile(Strict):
    """A foreign file.

    Attributes:
        file: Its name in the delivery folder, in any case.
        sheet: Worksheet of a workbook; by default the one named like the file, else the first visible one.
        header_row: Line the header stands on; by default the first row that has all columns used here.
        encoding: Encoding of a text file, such as windows-1252; by default it is found out.
        number: How numbers are written in this file; a column may say otherwise.
        date_format: How dates are written in this file; a column may say otherwise.
        months: Names of months to their numbers, for `date_format`.
    """

    file: str
    sheet: str | None = None
    header_row: Annotated[int, Field(ge=1)] | None = None
    encoding: str | None = None
    number: NumberStyle | None = None
    date_format: DateFormats | None = None
    months: Months | None = None


class Lookup(Strict):
    """A value taken from another file.

    Attributes:
        source: Short name of the other file.
        match: Column of the other file to column of this one; all must be equal.
        take: The column of the other file whose value is wanted.
    """

    source: str
    match: dict[str, str] = Field(min_length=1)
    take: str


class Position(Strict):
    """The number of a row among those that agree in some columns: 1 for the first.

    Attributes:
        within: The columns in which they agree.
        by: The column they are counted along: moments or numbers by their value, anything else as text.
    """

    within: Annotated[list[str], BeforeValidator(as_list), Field(min_length=1)]
    by: str


class ColumnRule(Strict):
    """How one template column is filled: one origin, then the steps in the order of the attributes.

    Attributes:
        column: Origin: a column of the file.
        constant: Origin: the same text for every row.
        join: Origin: several columns, joined by `separator`; empty when one of them is.
        lookup: Origin: a value from another file.
        position: Origin: the number of the row among those of one kind that `where` lets pass, such as the attempts
            of one person at one exam.
        separator: Text between joined columns.
        values: Step: replaces values; those not listed follow `otherwise`.
        otherwise: What happens to values not listed: `keep` them, or make them `empty`.
        extract: Step: keeps what the one group of a regular expression (RE2) finds, such as `<(.+)>`; a value in
            which it finds nothing is not as mapped.
        number: Step: reads a number written otherwise than 1234.56.
        date_format: Step: reads a date written otherwise than ISO 8601: a format such as %m/%d/%Y, the name of
            a number format, or several of them.
        months: Names of months to their numbers, for `date_format`.
        slug: Step: makes a key: lower case, everything but letters and digits becomes one dash.
        prefix: Step: text put in front of a value.
        default: Step: text used when nothing is left.
    """

    column: str | None = None
    constant: str | None = None
    join: list[str] | None = Field(default=None, min_length=1)
    lookup: Lookup | None = None
    position: Position | None = None
    separator: str = "-"
    values: dict[str, str | None] | None = None
    otherwise: Literal["keep", "empty"] = "keep"
    extract: Annotated[str, AfterValidator(_one_group)] | None = None
    number: NumberStyle | None = None
    date_format: DateFormats | None = None
    months: Months | None = None
    slug: bool = False
    prefix: str | None = None
    default: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        origins = [self.column, self.constant, self.join, self.lookup, self.position]
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("give exactly one of column, constant, join, lookup, position")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the row's own file that are used."""
        if self.column is not None:
            return (self.column,)
        if self.lookup is not None:
            return tuple(self.lookup.match.values())
        if self.position is not None:
            return (*self.position.within, self.position.by)
        return tuple(self.join or ())


def _short_form(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


class Condition(Strict):
    """A condition on one column; exactly one comparison. Values are compared as text, blanks trimmed."""

    column: str
    equals: str | None = None
    isin: list[str] | None = Field(default=None, alias="in", min_length=1)
    not_in: list[str] | None = Field(default=None, min_length=1)
    empty: bool | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> Self:
        comparisons = [self.equals, self.isin, self.not_in, self.empty]
        if sum(comparison is not None for comparison in comparisons) != 1:
            raise ValueError("give exactly one of equals, in, not_in, empty")
        return self


class Group(Strict):
    """Rows with the same key become one row; the columns that are not named here must agree.

    Attributes:
        sum: Columns that are added up.
        join: Columns whose different texts are put one after the other.
        first: Columns of which the first row counts.
    """

    sum: list[str] = Field(default_factory=list)
    join: list[str] = Field(default_factory=list)
    first: list[str] = Field(default_factory=list)

    @property
    def named(self) -> tuple[tuple[str, int, str], ...]:
        """(list, position in it, column) of every column that need not agree."""
        lists = (("sum", self.sum), ("join", self.join), ("first", self.first))
        return tuple((key, at, column) for key, columns in lists for at, column in enumerate(columns))


class TemplateRule(Strict):
    """Rows of one file become rows of one template.

    Attributes:
        template: The entity.
        source: Short name of the file.
        where: Conditions that all must hold; other rows are counted as filtered.
        distinct: Rows that come out the same are one; `extra` is then dropped.
        same_key: Which of several rows with one key counts, over all entries of the template in their order:
            none of them (`conflict`), the `first`, or the `last`. The others are counted as filtered.
        group: Rows with one key become one row.
        columns: Template column to the rule that fills it; a plain text is the name of a column.
        extra: Whether unused columns of the file are kept as JSON.
    """

    template: str
    source: str = Field(alias="from")
    where: list[Condition] = Field(default_factory=list)
    distinct: bool = False
    same_key: Literal["conflict", "first", "last"] = "conflict"
    group: Group | None = None
    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_short_form)]] = Field(min_length=1)
    extra: Literal["keep", "drop"] = "keep"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.group is not None and (self.distinct or self.same_key != "conflict"):
            raise ValueError("group stands alone: remove distinct and same_key")
        return self


class Mapping(Strict):
    """A mapping file.

    Attributes:
        mapping: Its name; written into raw_files.loads.
        description: What the export is.
        sources: The foreign files by a short name.
        ignore: Files of the delivery that are not wanted.
        templates: What is made of them; one file may serve several templates and the other way round.
    """

    mapping: str
    description: str = ""
    sources: dict[str, SourceFile] = Field(min_length=1)
    ignore: list[str] = Field(default_factory=list)
    templates: list[TemplateRule] = Field(min_length=1)

    def columns_of(self, source: str) -> set[str]:
        """The columns of a source that anything here uses."""
        used: set[str] = set()
        for rule in self.templates:
            lookups = [column.lookup for column in rule.columns.values() if column.lookup is not None]
            for lookup in lookups:
                if lookup.source == source:
                    used |= {lookup.take, *lookup.match}
            if rule.source == source:
                used |= {condition.column for condition in rule.where}
                used |= {header for column in rule.columns.values() for header in column.columns}
        return used
