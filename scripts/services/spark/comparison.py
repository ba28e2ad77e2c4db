"""Whether two homes have published the same: every mart, its columns and types, every cell.

    python -m scripts.services.spark.comparison HOME OTHER_HOME

Exit status 1 when anything differs.

Belongs here: that comparison. Does not belong here: computing (``incentives run``).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SNAPSHOT = Path("published") / "incentives.duckdb"
_COLUMNS = """
    select table_name, list(column_name || ' ' || data_type order by column_index)
    from duckdb_columns() where database_name = $side and schema_name = 'marts' group by all order by all
"""
_PAID = "select currency, sum(payable) from {}.marts.fct_payouts group by all order by all"


@dataclass(frozen=True)
class Mart:
    """One mart of both sides.

    Args:
        name: Its name.
        rows: Rows of the first side.
        cells: Cells of the first side.
        only_here: Rows that only the first side has.
        only_there: Rows that only the second side has.
        shape: How columns or types differ; empty: they do not.
    """

    name: str
    rows: int
    cells: int
    only_here: int = 0
    only_there: int = 0
    shape: str = ""

    @property
    def is_equal(self) -> bool:
        """Nothing differs."""
        return not (self.only_here or self.only_there or self.shape)


def compare(here: Path, there: Path) -> tuple[list[Mart], tuple[str, str]]:
    """Compare two snapshots, DuckDB files.

    Returns:
        Every mart of either, and what is paid by currency, of both sides as text.
    """
    with duckdb.connect() as connection:
        for side, path in (("here", here), ("there", there)):
            connection.execute(f"attach '{path}' as {side} (read_only)")
        ours, theirs = _shapes(connection, "here"), _shapes(connection, "there")
        marts = [
            _compared(connection, name, ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})
        ]
        return marts, (_paid(connection, "here"), _paid(connection, "there"))


def _paid(connection: DuckDBPyConnection, side: str) -> str:
    rows = connection.execute(_PAID.format(side)).fetchall()
    return ", ".join(f"{currency} {amount:,}" for currency, amount in rows)


def _shapes(connection: DuckDBPyConnection, side: str) -> dict[str, list[str]]:
    return dict(connection.execute(_COLUMNS, {"side": side}).fetchall())


def _compared(
    connection: DuckDBPyConnection, name: str, ours: list[str] | None, theirs: list[str] | None
) -> Mart:
    if ours is None or theirs is None:
        return Mart(name, 0, 0, shape=f"only {'there' if ours is None else 'here'}")
    table = f'marts."{name}"'
    rows = _count(connection, f"here.{table}")
    if ours != theirs:
        told = sorted({*ours} ^ {*theirs}) or ["the order of columns"]
        return Mart(name, rows, rows * len(ours), shape=", ".join(told))
    only = (f"(from {one}.{table} except all from {other}.{table})" for one, other in _BOTH_WAYS)
    return Mart(name, rows, rows * len(ours), *(_count(connection, query) for query in only))


_BOTH_WAYS = (("here", "there"), ("there", "here"))


def _count(connection: DuckDBPyConnection, relation: str) -> int:
    return int(connection.execute(f"select count(*) from {relation}").fetchall()[0][0])


def main(here: Path, there: Path) -> int:
    """Compare two homes and say how it went."""
    marts, paid = compare(here / SNAPSHOT, there / SNAPSHOT)
    say = sys.stdout.write
    for mart in marts:
        if not mart.is_equal:
            told = mart.shape or f"{mart.only_here:,} rows only here, {mart.only_there:,} only there"
            say(f"differs: {mart.name}: {told}\n")
    rows, cells = sum(mart.rows for mart in marts), sum(mart.cells for mart in marts)
    ours, theirs = ((home / "published" / "current").resolve().name for home in (here, there))
    say(f"{len(marts)} marts, {rows:,} rows, {cells:,} cells compared\n")
    say(f"paid: {paid[0]} ({here})\n      {paid[1]} ({there})\n")
    say(f"publications: {ours} and {theirs}\n")
    is_equal = all(mart.is_equal for mart in marts)
    say("Both are equal to the fen.\n" if is_equal else "They differ.\n")
    return 0 if is_equal else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
