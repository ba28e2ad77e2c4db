"""One row per data-driven attribution model, fit (month), customer type and channel: the fitted weight.

The exact linear algebra is in ``python/attribution_fit.py``; the counts come from ``int_attribution_counts``.
"""


def model(dbt, _session):
    """Fit markov and shapley on the counted paths. Returns an Arrow table."""
    dbt.config(materialized="table", packages=["pyarrow"])
    from attribution_fit import fit_weights

    counts = dbt.ref("int_attribution_counts")
    return fit_weights(counts.to_arrow_table())
