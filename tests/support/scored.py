"""Made-up companies with scorecards: everything pay has, and the facts and plans of rulebook 8, 9, 12, 13 and 14.

Belongs here: `ScoredCase`, which both sides compute in full, and how one is drawn from a seed. Does not
belong here: the rows (``random_facts``) and the plans (``random_scorecards``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from connectors.files.raw_layer.tables import arrow_schema
from tests.reference.calculate import Marts
from tests.reference.company import Company
from tests.reference.kpis_company import calculate_all
from tests.support.cases import Case
from tests.support.differences import SCORED_KEYS
from tests.support.factories import Size, make_case, with_decisions
from tests.support.random_facts import Facts
from tests.support.random_scorecards import with_scorecards
from tests.support.raw_rows import delivered_tables, landed_rows, load_id
from tests.support.rng import Rng

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]

#: what is compared: all of scorecards and reports, and of pay what reads KPIs or is paid for scores
SCORED_MARTS = [
    *("fct_result_sources", "fct_task_results", "fct_growth", "fct_payout_lines", "fct_payouts"),
    *SCORED_KEYS,
]
SMALL = Size(employees=4, customers=6, deals=12)


@dataclass(frozen=True)
class ScoredCase(Case):
    """A company whose KPIs and scorecards are computed as well.

    Attributes:
        earlier_customers: versions of customer records that an earlier delivery held.
    """

    earlier_customers: tuple[Row, ...] = ()

    @cached_property
    def kept_earlier(self) -> list[Row]:
        """Earlier versions of the records there still are."""
        known = {row["customer_id"] for row in self.company.customers}
        return [row for row in self.earlier_customers if row["customer_id"] in known]

    def reference(self) -> Marts:
        """All marts, computed by the reference."""
        return calculate_all(self.reference_company, self._versions())

    def _versions(self) -> list[Row]:
        deliveries = enumerate([self.kept_earlier, self.company.customers], start=1)
        return [
            {"contact_name": None, "preference": None, "email": None, "unified_credit_code": None}
            | row
            | {"load_seq": number, "line": line}
            for number, rows in deliveries
            for line, row in enumerate(rows, start=2)
        ]

    def raw(self) -> Mapping[str, pa.Table]:
        """Tables of ``raw_files`` after two deliveries: earlier customer records, then everything."""
        import pyarrow as pa

        tables = delivered_tables(self.company)
        rows = landed_rows("customers", self.kept_earlier, 1) + landed_rows(
            "customers", self.company.customers, 2
        )
        loads = [
            {
                "load_id": load_id(number),
                "load_seq": number,
                "delivery_hash": "0" * 64,
                "landed_at": self.company.as_of,
            }
            for number in (1, 2)
        ]
        return tables | {
            "raw_files.customers": pa.Table.from_pylist(rows, schema=arrow_schema("customers")),
            "raw_files.loads": pa.Table.from_pylist(loads, schema=arrow_schema("loads")),
        }


def scored_cases(shard: int = 0) -> st.SearchStrategy[ScoredCase]:
    """Companies with scorecards; tests with different shards get different ones."""
    return st.integers(0, 2**32 - 1).map(lambda number: make_scored_case(shard * 2**32 + number))


def make_scored_case(seed: int, size: Size = SMALL) -> ScoredCase:
    """The case of a seed."""
    case = make_case(seed, size)
    rng = Rng(seed + 1)
    year = case.company.as_of.year - (case.company.as_of.month == 2)
    delivered = {
        name: rows for name, rows in vars(case.company).items() if isinstance(rows, list) and name != "plans"
    }
    company: Company = replace(case.company, **Facts(rng, year, delivered, size.facts).made())  # type: ignore[arg-type]
    scored = ScoredCase(company, with_scorecards(rng, case.plans), _earlier(rng, company))
    return with_decisions(scored, rng, most=max(6, size.deals // 6)) if rng.once_in(3) else scored


def _earlier(rng: Rng, company: Company) -> tuple[Row, ...]:
    """What some customer records said before."""
    return tuple(
        row
        | {
            "contact_name": rng.one(None, "Wang"),
            "preference": rng.one(None, "coffee"),
            "updated_at": rng.one(None, row["updated_at"], row["created_at"]),
        }
        for row in company.customers
        if rng.once_in(3)
    )
