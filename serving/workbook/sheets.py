"""The sheets of the workbook of a month: every column of a mart, with names beside ids, in one language.

Belongs here: what stands in the cells. Does not belong here: the file (`writing.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serving.catalogue import heading, name, texts
from serving.publication.reading import read_mart

if TYPE_CHECKING:
    import pandas as pd

MARTS = {"scorecards": "fct_scorecards", "payouts": "fct_payouts", "lines": "fct_payout_lines"}
#: domain of the catalogue for the values of a column
_DOMAINS = {"component": "component", "status": "status", "department": "department"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        key: Of `MARTS`.
        title: On its tab.
        columns: Names of the columns: of the mart, and of the names beside ids.
        headings: Of the columns, each once.
        rows: Values; None where there is nothing.
    """

    key: str
    title: str
    columns: Sequence[str]
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def read_sheets(publication: Path, period: str, language: str) -> list[Sheet]:
    """The sheets of a month.

    Args:
        publication: Folder of the publication.
        period: The month.
        language: `zh` or `en`.

    Raises:
        UnknownPeriodError: the month is not published.
    """
    frames = {key: read_mart(publication, mart, period) for key, mart in MARTS.items()}
    names = _names(publication, language)
    return [_sheet(key, frame, names, language) for key, frame in frames.items()]


def _names(publication: Path, language: str) -> dict[str, dict[str, Mapping[str, Any]]]:
    """For each column with ids, the columns beside it and their values by id."""
    people = read_mart(publication, "dim_employee", columns=["employee_id", "name"])
    plans = read_mart(publication, "dim_plan", columns=["plan_id", f"title_{language}"])
    kpis = read_mart(publication, "dim_kpi", columns=["kpi_id", f"name_{language}"])
    deals = read_mart(publication, "fct_deal_sources", columns=["deal_id", "customer_key", "signed_date"])
    customers = read_mart(publication, "dim_customer", columns=["customer_key", "name"])
    by_key = _by_id(customers)
    return {
        "employee_id": {"employee_name": _by_id(people)},
        "plan_id": {"plan_title": _by_id(plans)},
        "kpi_id": {"kpi_name": _by_id(kpis)},
        "deal_id": {
            "customer_name": {
                deal: by_key.get(customer) for deal, customer, _ in deals.itertuples(index=False)
            },
            "signed_date": _by_id(deals[["deal_id", "signed_date"]]),
        },
    }


def _by_id(frame: "pd.DataFrame") -> dict[str, Any]:
    return dict(frame.itertuples(index=False, name=None))


def _sheet(
    key: str, frame: "pd.DataFrame", names: Mapping[str, Mapping[str, Mapping[str, Any]]], language: str
) -> Sheet:
    columns = [one for column in frame.columns for one in (column, *names.get(column, ()))]
    rows = [
        [
            cell
            for column, value in zip(frame.columns, row, strict=True)
            for cell in (
                _cell(column, value, language),
                *(_cell("", found.get(value), language) for found in names.get(column, {}).values()),
            )
        ]
        for row in frame.itertuples(index=False, name=None)
    ]
    title = heading(name("sheet", key, language))
    return Sheet(key, title, columns, list(_headings(columns, language)), rows)


def _headings(columns: Sequence[str], language: str) -> Iterator[str]:
    """Headings in words; one that stands there already has the name of its column beside it."""
    seen = set()
    for column in columns:
        words = heading(name("column", column, language))
        yield f"{words} ({column})" if words in seen else words
        seen.add(words)


def _cell(column: str, value: Any, language: str) -> Any:
    """A value as it stands in a cell: codes in words, NULL as None."""
    import pandas as pd

    if pd.isna(value):
        return None
    if isinstance(value, bool):
        return name("flag", str(value).lower(), language)
    if column in _DOMAINS:
        return name(_DOMAINS[column], value, language)
    return _reason(value, language) if column == "reason" else value


def _reason(codes: str, language: str) -> str:
    """Reasons in words where all of them are codes; a text that a person wrote stays as it is."""
    known = texts(language)
    parts = codes.split(";")
    words = [known.get(f"remark.{part}") or known.get(f"reason.{part}") for part in parts]
    return "; ".join(word for word in words if word) if all(words) else codes
