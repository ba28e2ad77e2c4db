"""The functions in SQL that stand on Spark in the place of the models in Python.

Belongs here: their names, types and registration in a session. Does not belong here: what they compute
(the modules beside this one, which the Python models on DuckDB call as well).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

_WEIGHTS = (
    "array<struct<model string, period string, customer_type string, channel string, weight decimal(18, 12)>>"
)
_CUSTOMERS = "array<struct<customer_id string, customer_key string>>"


def register_functions(spark: Any) -> None:
    """Make the functions known in a session and their code on its workers.

    Args:
        spark: A ``pyspark.sql.SparkSession``.
    """
    for module in sorted(Path(__file__).parent.glob("*.py")):
        spark.sparkContext.addPyFile(str(module))
    spark.udf.register("normal_form", _normal_form, "string")
    spark.udf.register("fitted_weights", _fitted_weights, _WEIGHTS)
    spark.udf.register("joined_customers", _joined_customers, _CUSTOMERS)


def _normal_form(kind: str, value: str | None) -> str | None:
    from customer_identity import NORMAL_FORMS

    return NORMAL_FORMS[kind](value)


def _fitted_weights(counts: Sequence[Any]) -> list[dict[str, Any]]:
    import pyarrow as pa
    from attribution_fit import fit_weights

    names = ("kind", "period", "customer_type", "from_state", "to_state", "path_count")
    rows = [{name: row[name] for name in names} for row in counts]
    types = [pa.string()] * 5 + [pa.int64()]
    table = pa.Table.from_pylist(rows, pa.schema(list(zip(names, types, strict=True))))
    return fit_weights(table).to_pylist()


def _joined_customers(links: Sequence[Any]) -> list[dict[str, Any]]:
    import pyarrow as pa
    from customer_identity import join_customers

    names = ("own_key", "kind", "value")
    columns = {name: pa.array([link[name] for link in links], pa.string()) for name in names}
    return join_customers(pa.table(columns)).to_pylist()
