"""Queries of a statement: roles, plans, payout lines, payouts, counterfactuals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serving.database import TextRow, tables_of, text_rows

if TYPE_CHECKING:
    import duckdb

Key = tuple[str | None, str, str]
"""Plan id, component id, and the component of the payout lines or the type in the plan."""

_MONTH = (
    "select cast(? || '-01' as date) as starts_on, "
    "cast(cast(? || '-01' as date) + interval 1 month as date) as next_starts_on"
)


@dataclass(frozen=True, slots=True)
class EmployeePeriod:
    """An employee and a month."""

    employee_id: str
    period: str


def employee_rows(connection: "duckdb.DuckDBPyConnection", employee_id: str) -> tuple[TextRow, ...]:
    """Name of an employee, the latest first."""
    query = "select name from marts.dim_employee where employee_id = ? order by valid_from desc"
    return text_rows(connection, query, [employee_id])


def has_lines(connection: "duckdb.DuckDBPyConnection", employee_id: str) -> bool:
    """Whether there is any payout line for an id."""
    query = "select 1 as found from marts.fct_payout_lines where employee_id = ? limit 1"
    return bool(text_rows(connection, query, [employee_id]))


def some_employees(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """A few ids, for a message."""
    query = "select distinct employee_id from marts.dim_employee order by employee_id limit 3"
    return [row["employee_id"] or "" for row in text_rows(connection, query)]


def computed_span(connection: "duckdb.DuckDBPyConnection") -> tuple[str, str]:
    """First and last month with payout lines; empty texts without any."""
    row = text_rows(
        connection, "select min(period) as first, max(period) as last from marts.fct_payout_lines"
    )[0]
    return row["first"] or "", row["last"] or ""


def role_rows(connection: "duckdb.DuckDBPyConnection", subject: EmployeePeriod) -> tuple[TextRow, ...]:
    """Roles of the month, each with its first and last day in it."""
    return text_rows(
        connection,
        f"""
        with months as ({_MONTH})
        select department, position, team_id,
            greatest(valid_from, starts_on) as first_day,
            cast(least(valid_to, next_starts_on) - interval 1 day as date) as last_day,
            least(valid_to, next_starts_on) - greatest(valid_from, starts_on) as days
        from marts.dim_employee, months
        where employee_id = ? and valid_from < next_starts_on and valid_to > starts_on
        order by first_day
        """,
        [subject.period, subject.period, subject.employee_id],
    )


def line_rows(connection: "duckdb.DuckDBPyConnection", subject: EmployeePeriod) -> tuple[TextRow, ...]:
    """Payout lines of the month, deal by deal."""
    query = (
        "select line_id, component, component_id, plan_id, plan_hash, deal_id, nullif(transaction_id, '') as "
        "transaction_id, kpi_id, basis_amount, rate, amount, currency, status, reason, origin_period "
        "from marts.fct_payout_lines where employee_id = ? and period = ? "
        "order by component, component_id, origin_period, deal_id, transaction_id, kpi_id, line_id"
    )
    return text_rows(connection, query, [subject.employee_id, subject.period])


def key_of(line: TextRow) -> Key:
    """The component a line belongs to; all adjustments are one, and so are all true-ups."""
    if line["component"] == "adjustment":
        return None, "adjustment", "adjustment"
    if line["component"] == "true_up":
        return None, "true_up", "true_up"
    return line["plan_id"], line["component_id"] or "no_plan", line["component"] or ""


def plan_rows(
    connection: "duckdb.DuckDBPyConnection", subject: EmployeePeriod, lines: Iterable[TextRow]
) -> tuple[TextRow, ...]:
    """Plans that apply to a role of the month or that lines name, with their hashes."""
    named = {(line["plan_id"] or "", line["plan_hash"] or "") for line in lines if line["plan_id"]}
    if "dim_plan_role" not in tables_of(connection, "marts"):
        return tuple({"plan_id": plan_id, "plan_hash": plan_hash} for plan_id, plan_hash in sorted(named))
    return text_rows(
        connection,
        f"""
        with months as ({_MONTH}), roles as (
            select department, coalesce(position, '') as position, starts_on, next_starts_on
            from marts.dim_employee, months
            where employee_id = ? and valid_from < next_starts_on and valid_to > starts_on
        )
        select distinct plans.plan_id, plans.title_zh, plans.title_en, plans.valid_from, plans.valid_to, plans.currency,
            plans.plan_hash
        from marts.dim_plan as plans
        where plans.plan_hash in (select unnest(?)) or plans.plan_hash in (
            select covered.plan_hash
            from marts.dim_plan_role as covered, roles
            where covered.department = roles.department and covered.position in ('', roles.position)
                and covered.valid_from < roles.next_starts_on and covered.valid_to > roles.starts_on
        )
        order by plans.plan_id
        """,
        [subject.period, subject.period, subject.employee_id, [plan_hash for _, plan_hash in sorted(named)]],
    )


def plan_texts(connection: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    """Canonical text of the loaded plans by hash; empty when the database has none."""
    if "dim_plan_version" not in tables_of(connection, "marts"):
        return {}
    query = (
        "select plan_hash, canonical_json from marts.dim_plan_version "
        "where plan_hash in (select plan_hash from marts.dim_plan) order by plan_id"
    )
    return {row["plan_hash"] or "": row["canonical_json"] or "" for row in text_rows(connection, query)}


def component_keys(connection: "duckdb.DuckDBPyConnection", subject: EmployeePeriod) -> list[Key]:
    """Components that apply to a role of the month, in the order of their plans; `roi` pays nobody."""
    if "dim_plan_component" not in tables_of(connection, "marts"):
        return []
    found = text_rows(
        connection,
        f"""
        with months as ({_MONTH})
        select distinct components.plan_id, components.ordinal, components.component_id, components.component_type
        from marts.dim_plan_component as components
        inner join marts.dim_employee as roles
            on components.department = roles.department
            and components.position in ('', coalesce(roles.position, ''))
        cross join months
        where roles.employee_id = ? and roles.valid_from < next_starts_on and roles.valid_to > starts_on
            and components.valid_from < next_starts_on and components.valid_to > starts_on
            and components.component_type != 'roi'
        order by components.plan_id, components.ordinal
        """,
        [subject.period, subject.period, subject.employee_id],
    )
    return [(row["plan_id"], row["component_id"] or "", row["component_type"] or "") for row in found]


def payout_rows(connection: "duckdb.DuckDBPyConnection", subject: EmployeePeriod) -> tuple[TextRow, ...]:
    """Sums of the month by currency."""
    query = (
        "select currency, gross, held, adjustments, true_ups, carried_in, net, payable, carried_out "
        "from marts.fct_payouts where employee_id = ? and period = ? order by currency"
    )
    return text_rows(connection, query, [subject.employee_id, subject.period])


def counterfactual_rows(
    connection: "duckdb.DuckDBPyConnection", subject: EmployeePeriod
) -> tuple[TextRow, ...]:
    """What was missing for more pay, the most money first."""
    if "fct_counterfactuals" not in tables_of(connection, "marts"):
        return ()
    query = (
        "select kind, component_id, gap, unit, money_gain, currency, detail from marts.fct_counterfactuals "
        "where employee_id = ? and period = ? order by money_gain desc nulls last, kind, component_id"
    )
    return text_rows(connection, query, [subject.employee_id, subject.period])


def transfer_of(connection: "duckdb.DuckDBPyConnection", deal_id: str) -> str:
    """The transfer that holds the lines of a deal."""
    query = (
        "select change_id from marts.fct_transfers where deal_id = ? and (is_abnormal or not has_reason) "
        "order by changed_at desc limit 1"
    )
    found = (
        text_rows(connection, query, [deal_id]) if "fct_transfers" in tables_of(connection, "marts") else ()
    )
    return (found[0]["change_id"] or "") if found else ""


def settled_later(connection: "duckdb.DuckDBPyConnection", line: TextRow) -> str | None:
    """Month and status of the line that later released or forfeited a held one."""
    query = "select period, status from marts.fct_payout_lines where settles_line_id = ?"
    found = text_rows(connection, query, [line["line_id"]])
    return f"{found[0]['period']} {found[0]['status']}" if found else None
