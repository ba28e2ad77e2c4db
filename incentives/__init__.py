"""Published figures for notebooks and scripts.

    import incentives

    incentives.read("fct_payouts", period="2026-10")

Belongs here: what people import who use the figures. Does not belong here: reading them
(`serving.publication.reading`). Importing it loads neither pandas nor a database driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read"]


def read(
    mart: str,
    period: str | Iterable[str] | None = None,
    columns: Sequence[str] | None = None,
    *,
    home: str | Path | None = None,
) -> pd.DataFrame:
    """Rows of a published mart; `docs/marts.md` lists the marts and their columns.

    Columns have Arrow types (`pandas.ArrowDtype`): amounts are exact decimals, also when they are added up.

    Args:
        mart: Its name, such as `fct_payouts`.
        period: A month such as 2026-10, or several; None for all rows.
        columns: Names of columns in the wanted order; None for all.
        home: Folder that the runs write to; None for the variable `INCENTIVES_HOME`, as the command line does.

    Raises:
        serving.ServingError: There is no publication, mart, column or period of that name; says which there are.
    """
    from orchestration.settings import load_settings
    from serving.publication.reading import publication_to_read, read_mart

    settings = load_settings() if home is None else load_settings(home=Path(home))
    return read_mart(publication_to_read(settings.published), mart, period, columns)
