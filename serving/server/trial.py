"""Logins to try the roles with, for an embedded server whose policy lists none.

Belongs here: choosing them from the marts. Does not belong here: real logins (``principals`` of the policy).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from serving.access.model import AccessPolicy, Principal, Rows

if TYPE_CHECKING:
    import duckdb

_MOST_REPORTS = """
    select manager_id from marts.dim_employee
    where is_current and manager_id in (select employee_id from marts.dim_employee where is_current)
    group by manager_id order by count(*) desc, manager_id limit 1
"""
_MOST_PAID = """
    select payouts.employee_id from marts.fct_payouts as payouts
    inner join marts.dim_employee as people on payouts.employee_id = people.employee_id and people.is_current
    group by payouts.employee_id order by sum(payouts.payable) desc, payouts.employee_id limit 1
"""


def with_trial_logins(policy: AccessPolicy, marts: duckdb.DuckDBPyConnection) -> AccessPolicy:
    """The policy with a login for each role: the manager of the most people, the employee who is paid most.

    A role for whom there is nobody gets none.
    """
    people = {Rows.TEAM: _MOST_REPORTS, Rows.OWN: _MOST_PAID}
    principals: list[Principal] = []
    for name, role in policy.roles.items():
        employee = None
        if role.rows in people:
            found = marts.execute(people[role.rows]).fetchone()
            if found is None:
                continue
            employee = str(found[0])
        login = f"try_{name}"
        principals.append(
            Principal(login=login, role=name, employee_id=employee, valid_from=date(2000, 1, 1))
        )
    return policy.model_copy(update={"principals": tuple(principals)})
