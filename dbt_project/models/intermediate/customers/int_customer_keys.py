"""One row per customer id that belongs to another customer, with that customer; any other id is a customer of its own.

A customer is the connected component of ids over equal normalised identifiers: unified social credit code, phone in
E.164, company name (NFKC, case-folded, legal-form words at the end and punctuation removed); a lead that names no
customer takes part as ``lead:ID``. Names of natural persons are no identifier. The customer_key is the smallest
customer id of the component by code point, else the smallest ``lead:ID``: deterministic, independent of row order.
"""


def model(dbt, _session):
    """Join customer ids to customers; see the module docstring. Returns an Arrow table."""
    dbt.config(materialized="table", packages=["numpy", "scipy", "pyarrow"])
    from customer_identity import join_customers

    links = dbt.ref("int_customer_links")
    return join_customers(links.to_arrow_table())
