"""One row per spelling: the normal form by which records of one customer find each other, NULL when there is none.

A phone number in E.164 (region China by default), a credit code without punctuation, a company name without legal form.
"""


def model(dbt, _session):
    """Normalise every distinct spelling once. Returns an Arrow table."""
    dbt.config(materialized="table", packages=["pyarrow", "phonenumbers"])
    from customer_identity import normalise_spellings

    spellings = dbt.ref("int_spellings")
    return normalise_spellings(spellings.to_arrow_table())
