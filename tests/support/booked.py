"""A month locked in the warehouse of the tests: what a lock archives, as tables of ``raw_ledger``.

Belongs here: locking and later deliveries over computed marts. Does not belong here: the ledger and files of archives
(``ledger``), which unit tests cover.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from connectors.files.raw_layer.tables import arrow_schema
from connectors.files.templates import TEMPLATES
from ledger.tables import FROM_ARCHIVES, TABLES
from ledger.tables import arrow_schema as ledger_schema
from tests.reference.company import Company
from tests.support.raw_rows import landed_rows, load_id
from tests.support.warehouse import Warehouse

if TYPE_CHECKING:
    import pyarrow as pa

#: marts that a lock keeps
WANTED = ("fct_payout_lines", "fct_payouts", "fct_provenance", "fct_true_up_causes", "dim_period")
_MARTS = {
    "locked_lines": "fct_payout_lines",
    "locked_provenance": "fct_provenance",
    "locked_causes": "fct_true_up_causes",
}


def locked(warehouse: Warehouse, period: str) -> dict[str, pa.Table]:
    """The tables of the books after a month and those before it are locked as they are computed."""
    import pyarrow as pa

    found = {}
    for table in FROM_ARCHIVES:
        names = ", ".join(f'"{column}"' for column in TABLES[table])
        lines = f"select line_id from marts.fct_payout_lines where period <= '{period}'"
        query = f"select {names} from marts.{_MARTS[table]} where line_id in ({lines})"
        rows = warehouse.connection.execute(query).to_arrow_table()
        found[f"raw_ledger.{table}"] = rows.cast(ledger_schema(table))
    closed = warehouse.query(f"select period from marts.dim_period where period <= '{period}'")
    rows = [{"period": one, "locked_with": period, "lines_hash": "h", "entry_hash": "e"} for (one,) in closed]
    return found | {
        "raw_ledger.closed_periods": pa.Table.from_pylist(rows, schema=ledger_schema("closed_periods"))
    }


def delivered(*companies: Company) -> dict[str, pa.Table]:
    """Tables of ``raw_files`` after one delivery for each company, in their order."""
    import pyarrow as pa

    def table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        return pa.Table.from_pylist(list(rows), schema=arrow_schema(name))

    found = {
        f"raw_files.{entity}": table(
            entity,
            (
                row
                for number, company in enumerate(companies, start=1)
                for row in landed_rows(entity, company.rows(entity), number)
            ),
        )
        for entity in TEMPLATES
    }
    loads = [
        {
            "load_id": load_id(number),
            "load_seq": number,
            "delivery_hash": f"{number}",
            "landed_at": company.as_of,
            "mapping": None,
            "timezone": company.timezone,
        }
        for number, company in enumerate(companies, start=1)
    ]
    return found | {"raw_files.loads": table("loads", loads)}
