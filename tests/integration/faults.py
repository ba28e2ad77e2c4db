"""What a fault is: one thing that is wrong in a built warehouse, and the reconciliation test that must see it.

Belongs here: the shape of a fault. Does not belong here: the faults (``fault_injection``, ``fault_injection_pay``).
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Singular dbt test, the fault in words (the test id), and SQL that changes rows of the demo company."""

    test: str
    what: str
    sql: str


def one_row(table: str, key: str, condition: str = "true") -> str:
    return f"{key} = (select min({key}) from {table} where {condition})"
