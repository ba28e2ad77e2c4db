"""One row per customer record (customers and leads of every source): the customer it belongs to.

A customer is the connected component of records over equal normalised keys: unified social credit code, phone in
E.164, company name (NFKC, case-folded, legal-form words at the end and punctuation removed), and a lead's link to a
customer. Names of natural persons are no key. The customer_key is the smallest customer_id of the component by code
point, else ``lead:`` and the smallest lead_id: deterministic, independent of row order.
"""


def model(dbt, _session):
    """Resolve records to customers; see the module docstring. Returns an Arrow table."""
    dbt.config(materialized="table", packages=["numpy", "scipy", "pyarrow"])
    from customer_identity import resolve_customers

    identifiers = dbt.ref("int_customer_identifiers")
    return resolve_customers(identifiers.to_arrow_table())
