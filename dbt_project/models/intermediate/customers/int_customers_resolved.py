"""One row per customer record (customers and leads of every source): the customer it belongs to.

A customer is the connected component of records over equal normalised keys: unified social credit code, phone in
E.164, company name (NFKC, case-folded, legal-form words at the end and punctuation removed), and a lead's link to a
customer. Names of natural persons are no key. The customer_key is the smallest customer_id of the component by code
point, else ``lead:`` and the smallest lead_id: deterministic, independent of row order.

Where only changes count, the components that a changed record was in, or now shares a key with, are found anew.
"""


def model(dbt, _session):
    """Resolve records to customers; see the module docstring. Returns an Arrow table."""
    dbt.config(
        materialized="table",
        packages=["numpy", "scipy", "pyarrow"],
        meta={
            "recompute": {
                "by": ["source", "record_id"],
                "inputs": {
                    "int_customer_identifiers": {
                        "groups": """
                            with own_ids as (
                                select
                                    *,
                                    case when source = 'customers' then record_id else linked_customer_id end as own_id
                                from {int_customer_identifiers}
                            ),

                            touched as (
                                select
                                    *,
                                    case when source = 'customers' then record_id else linked_customer_id end as own_id
                                from {changes}
                            ),

                            near as (
                                select source, record_id from touched
                                union
                                select source, record_id
                                from own_ids
                                where own_id in (select own_id from touched)
                                    or credit_code in (select credit_code from touched)
                                    or phone in (select phone from touched)
                                    or company_name in (select company_name from touched)
                            )

                            select source, record_id from near
                            union
                            select source, record_id
                            from {this}
                            where customer_key in (
                                select customer_key from {this} where (source, record_id) in (from near)
                            )
                        """,
                        "where": "(source, record_id) in (from {scope})",
                    }
                },
            }
        },
    )
    from customer_identity import resolve_customers

    identifiers = dbt.ref("int_customer_identifiers")
    return resolve_customers(identifiers.to_arrow_table())
