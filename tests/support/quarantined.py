"""One row of a made-up company that an import could not take.

Belongs here: which row, and what of it can be read. Does not belong here: what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tests.reference.company import Company
from tests.reference.templates import TEMPLATES
from tests.support.cases import Case
from tests.support.rng import Rng

Row = dict[str, Any]
#: what says which row it is and whom it is about; one of the others cannot be read
NAMES = frozenset(
    [
        *(
            "deal_id",
            "customer_id",
            "lead_id",
            "employee_id",
            "owner_employee_id",
            "to_employee_id",
            "from_employee_id",
        ),
        *(
            "source",
            "source_user_id",
            "currency",
            "date",
            "valid_from",
            "period",
            "kpi_id",
            "course_id",
            "attempt",
        ),
        *(
            "subject",
            "subject_id",
            "pool",
            "change_id",
            "event_id",
            "activity_id",
            "transaction_id",
            "resolution_id",
        ),
        "adjustment_id",
    ]
)
#: where that is not said by the key alone
MORE_NAMES = {"customers": ("name", "phone", "unified_credit_code", "customer_type"), "employees": ("email",)}
MORE_NAMES["leads"] = ("company_name", "phone", "customer_type")


@dataclass(frozen=True)
class Unread:
    """A case without one of its rows, which is in quarantine."""

    case: Case
    template: str
    row: Row
    good: Row

    @property
    def company(self) -> Company:
        """The company as far as it could be read."""
        return self.case.company

    def written(self) -> str:
        """The row, for a failing test."""
        return f"{self.template}: {self.row}\n{self.case.written()}"


def without_a_row(case: Case, rng: Rng, templates: Iterable[str] = TEMPLATES) -> Unread | None:
    """The case with one row in quarantine; None when it has no row of the templates."""
    present = [name for name in templates if case.company.rows(name)]
    if not present:
        return None
    template = rng.of(present)
    rows = case.company.rows(template)
    number = rng.upto(len(rows) - 1)
    named = NAMES.union(MORE_NAMES.get(template, ()))
    broken = [name for name, value in rows[number].items() if value is not None and name not in named]
    bad = rows[number] | ({rng.of(broken): None} if broken else {})
    left = replace(
        case.company,
        quarantined=case.company.quarantined | {template: [*case.company.quarantined.get(template, []), bad]},
        **{template: rows[:number] + rows[number + 1 :]},  # type: ignore[arg-type]
    )
    return Unread(replace(case, company=left), template, bad, rows[number])
