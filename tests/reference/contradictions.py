"""Rows that contradict each other once it is known who is who (readings 6, 41, 49; decision 0147).

Belongs here: which accepted rows count as being in quarantine. Does not belong here: what those hold (`quarantine.py`),
and contradictions that an import sees.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from tests.reference.company import Company
from tests.reference.people import UNRESOLVED, People
from tests.reference.templates import Row

#: what is one row per employee and these; one delivery that says it twice contradicts itself
ONE_ROW = {
    "employee_assignments": ("valid_from",),
    "targets": ("kpi_id", "period"),
    "kpi_observations": ("kpi_id", "period"),
    "course_results": ("course_id", "attempt"),
}
#: of a key that may be left out
DEFAULTS = {"attempt": 1}


def without_contradictions(company: Company) -> Company:
    """The company with its contradicting rows in quarantine.

    Two rows of one person under two names, delivered together, are two rows with one key (reading 6); who approves an
    adjustment under another name than that of its author is still its author (reading 49).
    """
    people = People(company)
    rows: dict[str, Any] = {}
    quarantined = dict(company.quarantined)
    for template, columns in ONE_ROW.items():
        groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in company.rows(template):
            person = people.resolve(row["employee_id"])
            name = row["employee_id"] if person == UNRESOLVED else person
            groups[name, *(row.get(column) or DEFAULTS.get(column) for column in columns)].append(row)
        rows[template] = [group[0] for group in groups.values() if len(group) == 1]
        bad = [row for group in groups.values() if len(group) > 1 for row in group]
        quarantined[template] = [*quarantined.get(template, []), *bad]
    own = [row for row in company.adjustments if people.is_one_person(row.get("author"), row.get("approver"))]
    rows["adjustments"] = [row for row in company.adjustments if row not in own]
    quarantined["adjustments"] = [*quarantined.get("adjustments", []), *own]
    return replace(company, quarantined=quarantined, **rows)
