"""What a suite, a check and their results are: plain data, without Great Expectations.

Belongs here: the dataclasses and the small constructors the suites are written with. Does not belong here:
how a check is executed (`gx.py`, `engine.py`), which suites there are (`suites/`, `registry.py`).

SQL of a check selects the *unexpected* rows. Two marks are replaced before it runs:
`@rows` the checked table (a subquery, give it an alias), `@as_of` the calculation's as-of timestamp.
No colon may precede a word in it (it would be read as a bind parameter) and braces have to be doubled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "warning"]
Checkpoint = Literal["raw", "marts"]
CheckKind = Literal["columns", "not_null", "unique", "in_set", "rows"]


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation on one table.

    Attributes:
        key: A statement in snake case, unique inside its suite; it is the name of the check everywhere.
        kind: Which Great Expectations expectation carries it out (`rows`: SQL, an UnexpectedRowsExpectation).
        severity: `critical` stops what lies behind the checkpoint, `warning` is shown.
        meaning: One sentence for the reader of a failed check.
        columns: The column(s) it looks at; several for a compound key or a set of columns.
        values: The allowed values of `in_set`.
        sql: For `rows`: a query which selects the unexpected rows.
    """

    key: str
    kind: CheckKind
    severity: Severity
    meaning: str
    columns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    sql: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """All checks of one table.

    Attributes:
        name: Unique name, e.g. `raw_deals`.
        table: `schema.table` in the warehouse.
        checkpoint: `raw` = before the computation, `marts` = before publication.
        checks: In the order they are shown.
        when_empty: Said when the table has no row: why that may be right.
        asset: Path of the asset that it stands on; empty: that of the table.
        may_be_missing: A table that was not made yet is no failure.
    """

    name: str
    table: str
    checkpoint: Checkpoint
    meaning: str
    checks: tuple[Check, ...]
    when_empty: str
    asset: tuple[str, ...] = ()
    may_be_missing: bool = False

    @property
    def schema(self) -> str:
        """Schema of the checked table."""
        return self.table.split(".")[0]

    @property
    def table_name(self) -> str:
        """Name of the checked table without its schema."""
        return self.table.split(".")[1]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Outcome of one check.

    Attributes:
        unexpected_count: Rows that break the check; None when it could not be run (see `error`).
        sample: Up to five of these rows, as text.
        seconds: Time of its own queries; None when it was answered by a query shared with other checks.
        error: Why it could not be run; a check that cannot be run has failed.
    """

    key: str
    severity: Severity
    success: bool
    unexpected_count: int | None
    meaning: str
    columns: tuple[str, ...] = ()
    sample: tuple[Mapping[str, str | None], ...] = ()
    seconds: float | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """Outcome of one suite.

    Attributes:
        row_count: Rows of the table; None when it could not be read.
        note: What the reader should know besides: why the table is empty, or that there is none.
        seconds: Wall-clock time of the whole suite.
        docs_index: `index.html` of the Data Docs site, when one was written.
        meaning: That of the suite.
        asset: That of the suite.
    """

    suite: str
    table: str
    checkpoint: Checkpoint
    row_count: int | None
    results: tuple[CheckResult, ...]
    note: str = ""
    seconds: float = 0.0
    docs_index: str | None = None
    meaning: str = ""
    asset: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[CheckResult, ...]:
        """The checks that failed, critical ones first."""
        failed = [result for result in self.results if not result.success]
        return tuple(sorted(failed, key=lambda result: result.severity != "critical"))

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON output and check metadata."""
        return {
            "suite": self.suite,
            "table": self.table,
            "checkpoint": self.checkpoint,
            "rows": self.row_count,
            "note": self.note,
            "seconds": round(self.seconds, 3),
            "docs_index": self.docs_index,
            "checks": [_check_dict(result) for result in self.results],
        }


@dataclass(frozen=True, slots=True)
class CheckMaker:
    """Makes checks of one severity; used as `critical` and `warning`."""

    severity: Severity

    def rows(self, key: str, meaning: str, sql: str, *columns: str) -> Check:
        """A query that must select no row."""
        return Check(key, "rows", self.severity, meaning, columns, sql=sql)

    def where(self, key: str, meaning: str, condition: str, *columns: str) -> Check:
        """No row of the table may satisfy the condition (alias of the table: `t`)."""
        return self.rows(key, meaning, f"select t.* from @rows as t where {condition}", *columns)

    def not_null(self, column: str) -> Check:
        """The column is filled in every row."""
        return Check(f"{column}_is_filled", "not_null", self.severity, f"{column} is filled.", (column,))

    def unique(self, *columns: str) -> Check:
        """The column, or the combination of the columns, names one row."""
        name = "_and_".join(columns)
        meaning = f"No two rows have the same {' and '.join(columns)}."
        return Check(f"{name}_is_unique", "unique", self.severity, meaning, columns)

    def in_set(self, column: str, *values: str) -> Check:
        """The column, where filled, has one of the values."""
        meaning = f"{column} is one of {', '.join(values)}."
        return Check(f"{column}_is_known", "in_set", self.severity, meaning, (column,), values)

    def has_columns(self, *columns: str) -> Check:
        """The table has at least these columns."""
        meaning = "The table has the columns that are read from it."
        return Check("columns_are_present", "columns", self.severity, meaning, columns)


critical = CheckMaker("critical")
warning = CheckMaker("warning")


def _check_dict(result: CheckResult) -> dict[str, Any]:
    return {
        "check": result.key,
        "severity": result.severity,
        "success": result.success,
        "unexpected_count": result.unexpected_count,
        "meaning": result.meaning,
        "columns": list(result.columns),
        "sample": [dict(row) for row in result.sample],
        "seconds": None if result.seconds is None else round(result.seconds, 3),
        "error": result.error,
    }
