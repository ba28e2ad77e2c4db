"""One row per phone number as written: its E.164 form, NULL when it is no valid number (region China by default)."""


def model(dbt, _session):
    """Normalise every distinct phone number once. Returns an Arrow table."""
    dbt.config(materialized="table", packages=["pyarrow", "phonenumbers"])
    from customer_identity import normalise_phones

    phones = dbt.ref("int_phones")
    return normalise_phones(phones.to_arrow_table())
