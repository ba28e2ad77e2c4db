"""Translation of checks into Great Expectations and of its results back.

Belongs here: the only code that uses the product's API, except the engine. Importing this module loads Great
Expectations (seconds): import it inside functions.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.data_context.data_context.abstract_data_context import AbstractDataContext
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.expectations.expectation import Expectation

from expectations.engine import CountedUnexpectedRows, DuckDBDatasource, connection_kwargs, connection_string
from expectations.model import Check, Suite


def open_context() -> EphemeralDataContext:
    """A context that lives in memory, sends nothing and writes nothing."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context: EphemeralDataContext = gx.get_context(mode="ephemeral", project_config=config)
    return context


def open_datasource(context: AbstractDataContext, warehouse: Path) -> DuckDBDatasource:
    """The warehouse as a datasource of the context, read-only."""
    factory: Any = context.data_sources  # `add_duckdb` is made from the class when its module is loaded
    added = factory.add_duckdb(
        "warehouse", connection_string=connection_string(warehouse), kwargs=connection_kwargs()
    )
    assert isinstance(added, DuckDBDatasource)
    return added


def batch_of(datasource: DuckDBDatasource, suite: Suite) -> BatchDefinition[Any]:
    """The whole table of the suite as one batch."""
    asset = datasource.add_table_asset(suite.name, table_name=suite.table_name, schema_name=suite.schema)
    return asset.add_batch_definition_whole_table("all")


def expectation_for(check: Check, as_of: str) -> Expectation:
    """The expectation that carries out a check."""
    kind, arguments = _form(check, as_of)
    made: Expectation = kind(
        severity=check.severity,
        description=f"[{check.severity}] {check.key}: {check.meaning}",
        meta={"key": check.key},
        **arguments,
    )
    return made


def _form(check: Check, as_of: str) -> tuple[Any, dict[str, Any]]:
    kinds: Any = gx.expectations
    match check.kind:
        case "columns":
            return kinds.ExpectTableColumnsToMatchSet, {
                "column_set": list(check.columns),
                "exact_match": False,
            }
        case "not_null":
            return kinds.ExpectColumnValuesToNotBeNull, {"column": check.columns[0]}
        case "unique" if len(check.columns) == 1:
            return kinds.ExpectColumnValuesToBeUnique, {"column": check.columns[0]}
        case "unique":
            return kinds.ExpectCompoundColumnsToBeUnique, {"column_list": list(check.columns)}
        case "in_set":
            return kinds.ExpectColumnValuesToBeInSet, {
                "column": check.columns[0],
                "value_set": list(check.values),
            }
        case "rows":
            query = rows_query(check.sql, "(select * from {batch})", as_of)
            return CountedUnexpectedRows, {"unexpected_rows_query": query}


def rows_query(sql: str, rows: str, as_of: str) -> str:
    """The query of a check with its marks replaced."""
    return sql.replace("@rows", rows).replace("@as_of", as_of)


def expectation_suite(suite: Suite, as_of: str) -> gx.ExpectationSuite:
    """The suite in the product's form."""
    return gx.ExpectationSuite(
        name=suite.name,
        expectations=[expectation_for(check, as_of) for check in suite.checks],
        notes=f"{suite.table}: {suite.meaning}",
    )


def results_by_key(result: ExpectationSuiteValidationResult) -> Mapping[str, ExpectationValidationResult]:
    """Results by the key of their check; the product returns them in its own order."""
    found: dict[str, ExpectationValidationResult] = {}
    for item in result.results:
        config = item.expectation_config
        if config is not None and config.meta:
            found[str(config.meta["key"])] = item
    return found


def error_of(item: ExpectationValidationResult) -> str | None:
    """Why an expectation could not be evaluated, in one line; None when it could."""
    info = item.exception_info or {}
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("raised_exception"):
            lines = str(entry.get("exception_message") or "unknown error").strip().splitlines()
            return " ".join(line.strip() for line in lines[:3])[:300]
    return None


def unexpected_count_of(item: ExpectationValidationResult, check: Check) -> int:
    """How many rows (for `columns`: how many missing columns) break the check."""
    result: Mapping[str, Any] = item.result or {}
    if check.kind == "rows":
        return int(result.get("observed_value") or 0)
    if check.kind == "columns":
        return len(set(check.columns) - set(result.get("observed_value") or ()))
    return int(result.get("unexpected_count") or 0)
