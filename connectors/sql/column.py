"""One column of a batch, and what becomes of its values in SQL.

Belongs here: types of columns in JSON, in keys, in cursors and as flags. Does not belong here: fetching (`source`).

Decimals, moments and days are written as text, so that none is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

_PLAIN = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "DOUBLE", "FLOAT")


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        short: Its name in the batch.
        kind: Its type, as DuckDB says it.
    """

    short: str
    kind: str

    @property
    def text(self) -> str:
        """SQL for its value as text."""
        return f"CAST({self.short} AS VARCHAR)"

    @property
    def key(self) -> str:
        """SQL for its value in a key, as the record says it."""
        return f"to_base64({self.short})" if self.kind.startswith("BLOB") else self.text

    @property
    def is_true(self) -> str:
        """SQL: it is set, whether it is a boolean, a number that is not zero, or a word."""
        text = f"trim({self.text})"
        words = f"lower({text}) IN ('true', 't', 'yes', 'y')"
        return f"coalesce(TRY_CAST({text} AS DECIMAL(38, 10)) <> 0, {words}, false)"

    @property
    def json(self) -> str:
        """SQL for its value in JSON; what a double could round is text."""
        if self.kind == "BIGINT":
            large = f"abs({self.short}) > {2**53}"
            return f"CASE WHEN {large} THEN to_json({self.text}) ELSE to_json({self.short}) END"
        return self.short if self.kind in _PLAIN else self.key

    @property
    def json_kind(self) -> str:
        """The kind of its value in JSON; `null` where the database gave no type."""
        if self.kind == '"NULL"':
            return "null"
        if self.kind == "BOOLEAN":
            return "boolean"
        return "number" if self.kind in (*_PLAIN, "BIGINT") else "string"
