"""A large made-up company as Parquet in the import templates.

Belongs here: volumes and shapes (how many deals, how skewed, how many refunds), made by DuckDB from row numbers, so
that the same size always gives the same files. Does not belong here: meaning; the demo company has that.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Size:
    """Rows of the large tables; 24 months from 2025-01."""

    deals: int = 1_000_000
    leads: int = 2_000_000
    activities: int = 10_000_000
    employees: int = 10_000

    @property
    def customers(self) -> int:
        """Customers: a deal in five is a repurchase."""
        return self.deals * 4 // 5

    def scaled(self, share: float) -> Size:
        """The same shape with a share of the rows."""
        return Size(
            *(max(int(n * share), 100) for n in (self.deals, self.leads, self.activities, self.employees))
        )


FIRST_DAY, DAYS = "2025-01-01", 728


def _moment(seed: str) -> str:
    """A deterministic moment within the 24 months, from a row number."""
    return f"timestamp '{FIRST_DAY}' + to_seconds(cast(hash({seed}) % {DAYS * 86400} as bigint))"


def _employee(seed: str, size: Size, department: str) -> str:
    """An employee of a department: numbers 0-2 of 10 are marketing, 3-8 sales, 9 assistants."""
    tens = size.employees // 10
    first, width = {"marketing": (0, 3), "sales": (3, 6), "sales_assistant": (9, 1)}[department]
    number = f"(cast(hash({seed}) % {tens} as bigint) * 10 + {first} + cast(hash({seed} || 'x') % {width} as bigint))"
    return f"'E' || lpad(cast({number} as varchar), 6, '0')"


def _customer_no(deal: str, size: Size) -> str:
    """The number of a deal's customer."""
    return f"cast(hash('deal' || {deal}) % {size.customers} as bigint)"


def _deal_owner(deal: str, size: Size) -> str:
    """Who signs a deal: an assistant in 1 of 10, the customer's owner (before or after a transfer) in 7, else anyone."""
    customer = _customer_no(deal, size)
    return f"""case
        when {deal} % 10 = 0 then {_employee(f"'as' || {deal}", size, "sales_assistant")}
        when {deal} % 10 < 5 then {_employee(f"'own' || {customer}", size, "sales")}
        when {deal} % 10 < 8 then {_employee(f"case when {customer} % 20 = 0 then 'to' else 'own' end || {customer}", size, "sales")}
        else {_employee(f"'sl' || {deal}", size, "sales")} end"""


def queries(size: Size) -> dict[str, str]:
    """One SELECT per template."""
    return _people_queries(size) | _business_queries(size) | _contact_queries(size)


def _people_queries(size: Size) -> dict[str, str]:
    customer = (
        "'C' || lpad(cast(cast(hash({seed}) % " + str(size.customers) + " as bigint) as varchar), 8, '0')"
    )
    lead_customer = customer.format(seed="'lead' || i")
    return {
        "employees": f"""
            select 'E' || lpad(cast(i as varchar), 6, '0') as employee_id, 'Person ' || i as name,
                case when i % 10 < 3 then 'marketing' when i % 10 < 9 then 'sales' else 'sales_assistant' end as department,
                'T' || lpad(cast(i // 20 as varchar), 4, '0') as team_id, date '2020-01-01' as hire_date,
                case when i % 49 = 0 then date '2026-06-30' end as termination_date,
                cast(4000 + i % 3000 as decimal(18, 2)) as bonus_base, 'CNY' as currency
            from range({size.employees}) as r(i)""",
        "customers": f"""
            select 'C' || lpad(cast(i as varchar), 8, '0') as customer_id, 'Company ' || i || ' Ltd' as name,
                case i % 3 when 0 then 'clinic' when 1 then 'salon' else 'hospital' end as customer_type,
                '138' || lpad(cast(i as varchar), 8, '0') as phone, {_employee("'own' || i", size, "sales")} as owner_employee_id,
                case when i % 50 = 0 and i > 0 then 'C' || lpad(cast(i - 1 as varchar), 8, '0') end as referred_by_customer_id,
                timestamp '2024-06-01' as created_at
            from range({size.customers}) as r(i)""",
        "leads": f"""
            select 'L' || lpad(cast(i as varchar), 8, '0') as lead_id, {lead_customer} as customer_id,
                '139' || lpad(cast(i as varchar), 8, '0') as phone, 'form' as lead_type,
                'channel ' || cast(hash('ch' || i) % 8 as varchar) as channel,
                {_employee("'mk' || i", size, "marketing")} as owner_employee_id, {_moment("'l' || i")} as created_at,
                case when i % 20 = 0 then 'rejected' when i % 3 = 0 then 'accepted' end as review_status,
                case when i % 3 = 0 then {_moment("'l' || i")} + interval 1 day end as reviewed_at
            from range({size.leads}) as r(i)""",
    }


def _business_queries(size: Size) -> dict[str, str]:
    customer = (
        "'C' || lpad(cast(cast(hash({seed}) % " + str(size.customers) + " as bigint) as varchar), 8, '0')"
    )
    return {
        "deals": f"""
            select 'D' || lpad(cast(i as varchar), 8, '0') as deal_id, {customer.format(seed="'deal' || i")} as customer_id,
                {_deal_owner("i", size)} as owner_employee_id,
                cast((hash('am' || i) % 5000000 + 10000) / 100 as decimal(18, 2)) as amount, 'CNY' as currency,
                cast(1 + i % 5 as decimal(18, 6)) as units, {_moment("'d' || i")} as signed_at, 'signed' as status,
                case when i % 7 = 0 then 'self_sourced' end as claimed_source
            from range({size.deals}) as r(i)""",
        "deal_splits": f"""
            select 'D' || lpad(cast(i as varchar), 8, '0') as deal_id, 'closing' as pool,
                {_employee("'sp' || i || 'n' || n", size, "sales")} as employee_id,
                cast(case n when 0 then 0.6 else 0.4 end as decimal(18, 12)) as share
            from range(3, {size.deals}, 10) as r(i), range(2) as s(n)""",
        "transactions": f"""
            select 'T' || lpad(cast(i as varchar), 8, '0') as transaction_id,
                'D' || lpad(cast(i as varchar), 8, '0') as deal_id, 'refund' as kind,
                cast((hash('am' || i) % 5000000 + 10000) / 200 as decimal(18, 2)) as amount, 'CNY' as currency,
                {_moment("'d' || i")} + to_days(cast(hash('rf' || i) % 60 as integer)) as occurred_at
            from range(0, {size.deals}, 23) as r(i)""",
    }


def _contact_queries(size: Size) -> dict[str, str]:
    customer = (
        "'C' || lpad(cast(cast(hash({seed}) % " + str(size.customers) + " as bigint) as varchar), 8, '0')"
    )
    return {
        "activities": f"""
            select 'A' || lpad(cast(i as varchar), 9, '0') as activity_id,
                case when i % 5 = 0 then {customer.format(seed="'lead' || i % " + str(size.leads))}
                    else {customer.format(seed="'deal' || i % " + str(size.deals))} end as customer_id,
                case when i % 5 = 0 then {_employee("'mk' || i % " + str(size.leads), size, "marketing")}
                    else {_deal_owner(f"(i % {size.deals})", size)} end as employee_id,
                case i % 4 when 0 then 'call' when 1 then 'visit' when 2 then 'message' else 'meeting' end as kind,
                {_moment("'a' || i")} as started_at, cast(5 + i % 50 as decimal(12, 2)) as minutes
            from range({size.activities}) as r(i)""",
        "journey_events": f"""
            select 'J' || lpad(cast(i as varchar), 8, '0') as event_id, 'L' || lpad(cast(i as varchar), 8, '0') as lead_id,
                'visited' as stage, {_moment("'l' || i")} + to_hours(cast(hash('v' || i) % 200 as integer)) as occurred_at
            from range(0, {size.leads}, 3) as r(i)""",
        "ownership_changes": f"""
            select 'H' || lpad(cast(i as varchar), 8, '0') as change_id, 'C' || lpad(cast(i as varchar), 8, '0') as customer_id,
                {_employee("'own' || i", size, "sales")} as from_employee_id, {_employee("'to' || i", size, "sales")} as to_employee_id,
                {_moment("'h' || i")} as changed_at, case when i % 3 = 0 then null else 'regions redrawn' end as reason
            from range(0, {size.customers}, 20) as r(i)""",
    }


def write_delivery(directory: Path, selected: dict[str, str]) -> None:
    """Write queries as one delivery.

    Args:
        directory: Made when it is not there; files of the same names are replaced.
        selected: A query for each template, of `queries`.
    """
    import duckdb

    directory.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for entity, query in selected.items():
            target = directory / f"{entity}.parquet"
            connection.execute(f"copy ({query}) to '{target}' (format parquet, compression zstd)")
