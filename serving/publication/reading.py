"""Reads a published mart as a typed pandas DataFrame.

Belongs here: which rows and columns, and their types. Does not belong here: where the home is (`incentives`). Columns
are backed by Arrow: a decimal stays a decimal of its width and its sum is exact, NULL makes no integer a float, a date
is a date.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from serving.database import columns_of, literal, open_readonly, quoted, tables_of
from serving.errors import (
    NothingPublishedError,
    ServingError,
    UnknownColumnError,
    UnknownMartError,
    UnknownPeriodError,
)
from serving.publication.snapshot import SNAPSHOT
from serving.publication.versions import current_publication

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def publication_to_read(published: Path) -> Path:
    """The folder of the current publication; who reads several marts of it resolves it once.

    Raises:
        NothingPublishedError: There is no publication.
    """
    folder = current_publication(published)
    if folder is None:
        raise NothingPublishedError(published)
    return folder


def read_mart(
    publication: Path,
    mart: str,
    period: str | Iterable[str] | None = None,
    columns: Sequence[str] | None = None,
) -> "pd.DataFrame":
    """Rows of a mart of a publication, in its order.

    Args:
        publication: Folder of the publication.
        mart: Name of the mart, such as `fct_payouts`.
        period: A period such as 2026-10, or several; None for all rows.
        columns: Names of columns in the wanted order; None for all.

    Raises:
        UnknownMartError, UnknownColumnError, UnknownPeriodError: The publication has no such thing.
        ServingError: A period is asked of a mart that has none.
    """
    import pandas as pd

    with open_readonly(publication / SNAPSHOT) as connection:
        marts = tables_of(connection, "marts")
        if mart not in marts:
            raise UnknownMartError(mart, marts)
        wanted = ", ".join(map(quoted, _columns(connection, mart, columns)))
        where = "" if period is None else f" where {_periods(connection, mart, period)}"
        table = connection.execute(f"select {wanted} from marts.{quoted(mart)}{where}").to_arrow_table()
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def _columns(
    connection: "duckdb.DuckDBPyConnection", mart: str, columns: Sequence[str] | None
) -> Sequence[str]:
    known = columns_of(connection, "marts", mart)
    wanted = known if columns is None else [columns] if isinstance(columns, str) else list(columns)
    for name in wanted:
        if name not in known:
            raise UnknownColumnError(mart, name, known)
    if not wanted:
        raise ServingError(f"no column of marts.{mart} is asked for", f"There are: {', '.join(known)}.")
    return wanted


def _periods(connection: "duckdb.DuckDBPyConnection", mart: str, period: str | Iterable[str]) -> str:
    """The condition for some periods; a computed month without rows is a period, a mistyped one is not."""
    if "period" not in columns_of(connection, "marts", mart):
        raise ServingError(f"marts.{mart} has no column period", "Read it whole, without a period.")
    tables = {mart, "dim_period"} & set(tables_of(connection, "marts"))
    sources = " union ".join(f"select period from marts.{quoted(table)}" for table in sorted(tables))
    known = sorted(str(row[0]) for row in connection.execute(sources).fetchall() if row[0] is not None)
    wanted = [period] if isinstance(period, str) else list(period)
    for one in wanted:
        if one not in known:
            raise UnknownPeriodError(one, known)
    return f"period in ({', '.join(map(literal, wanted))})" if wanted else "false"
